import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { parseDuration } from './core/duration.ts'
import type { BasicDeps, Deps, LookDeps } from './deps.ts'
import { exitStatus, usageError } from './errors.ts'

declare const __VERSION__: string

type Status = number

/** What the grammar needs; each kind of deps is made only when an action asks for it. */
export type ProgramOptions = {
  readonly basics: () => Promise<BasicDeps>
  /** What is enough to look at sessions. */
  readonly look: () => Promise<LookDeps>
  readonly world: () => Promise<Deps>
  /** Help and version. */
  readonly print: (text: string) => void
}

/** The whole grammar. Every action imports its command, and the real world, only when it is called. */
export const createProgram = ({ basics, look, world, print }: ProgramOptions) => {
  let status: Status = exitStatus.done
  let behind = 0
  const actWith =
    <Needs>(needs: () => Promise<Needs>) =>
    <Args extends readonly unknown[]>(action: (deps: Needs, ...args: Args) => Promise<Status>) =>
    async (...args: Args): Promise<void> => {
      status = await action(await needs(), ...args)
    }
  const act = actWith(world)
  const program = new Command('channels')
    .description('Keeps Claude Code channel sessions reachable, and tells the truth about them.')
    .version(__VERSION__)
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: () => undefined })
    .enablePositionalOptions()
    .showHelpAfterError(false)

  /** Each command adds itself: of a command line only the one that is called is built, which takes 3 ms less. */
  const grammar: Readonly<Record<string, Adder>> = {
    setup: () =>
      program
        .command('setup')
        .argument(
          '[channel]',
          'telegram (also when left out), discord, imessage, fakechat, plugin:<name>@<marketplace> or server:<name>',
        )
        .argument('[arguments...]', 'handed to the client as they are, behind --')
        .description('set a bot up, from nothing to an answer; asks for what flags do not say')
        .option('--session <name>', 'name of the session')
        .option('--cwd <folder>', 'folder Claude works in; without it the present one')
        .option('--token-file <file>', 'file that holds the bot token')
        .option('--token-stdin', 'read the bot token from stdin')
        .option('--allow <id>', 'user id that may write to the bot; may be repeated', collect)
        .option('--notify', 'the bot tells the one who is let in of trouble')
        .option('--no-notify', 'it tells nobody, and nobody is asked about it')
        .option('--trust', 'you trust what is in the folder: the client does not ask at every start')
        .addOption(
          new Option('--exclusive', 'no other session loads the plugin (default)').conflicts('shared'),
        )
        .option('--shared', 'leave the plugin and its state folder as its README has them')
        .option('--state-dir <folder>', "the bot's state folder, where it is to be another than usual")
        .option('--port <port>', 'of fakechat: where its page is (default: a free one)')
        .addOption(
          new Option(
            '--development <answer>',
            'of a channel that is not approved: how the client’s warning at every start is answered',
          ).choices(['ask', 'accept']),
        )
        .addOption(
          new Option(
            '--multiplexer <kind>',
            'what keeps its terminal (default: as last time, else tmux)',
          ).choices(['tmux', 'screen']),
        )
        .option('--permission-mode <mode>', "the client's permission mode (default: it asks)")
        .option(
          '--dangerously-skip-permissions',
          'whoever may write to the bot runs ANYTHING on this machine, unasked',
        )
        .option('--remove-webhook', 'remove a webhook that is set on the bot')
        .option('--move', "make the plugin's own state folder, where it holds this bot, the session's")
        .option(
          '--take-over',
          'end whoever else uses the bot on this machine, and go on with its conversation',
        )
        .option('--no-start', 'do not start it')
        .option('--no-pair', 'let nobody in yet')
        .option('--yes', 'ask nothing: take the defaults, and do what the summary says')
        .option('--check', 'for a session that is there: watch a message arrive and its answer go out')
        .addOption(duration('--timeout <time>', 'how long --check waits', '5m'))
        .action(
          act(
            async (deps, channel: string | undefined, clientArguments: readonly string[], options: Flags) => {
              checkPositional(clientArguments, behind)
              const { setup } = await import('./commands/setup.ts')
              return setup(
                channel ?? null,
                {
                  session: options.session ?? null,
                  cwd: options.cwd ?? null,
                  tokenFile: options.tokenFile ?? null,
                  tokenStdin: options.tokenStdin ?? false,
                  trust: options.trust ?? false,
                  exclusive: options.shared ? false : (options.exclusive ?? null),
                  stateDir: options.stateDir ?? null,
                  port: options.port ?? null,
                  development: options.development ?? null,
                  multiplexer: options.multiplexer ?? null,
                  allow: options.allow ?? [],
                  notify: options.notify ?? null,
                  permissionMode: options.permissionMode ?? null,
                  dangerouslySkipPermissions: options.dangerouslySkipPermissions ?? false,
                  removeWebhook: options.removeWebhook ?? false,
                  move: options.move ?? false,
                  takeOver: options.takeOver ?? false,
                  start: options.start,
                  pair: options.pair,
                  yes: options.yes ?? false,
                  check: options.check ?? false,
                  timeoutMs: options.timeout,
                  clientArguments,
                },
                deps,
              )
            },
          ),
        ),

    up: () =>
      program
        .command('up')
        .argument('[session...]')
        .description('wanted from now on: start, wait until live, say what is missing otherwise')
        .option('--no-wait', 'do not wait until it is live')
        .addOption(duration('--timeout <time>', 'how long to wait', '60s'))
        .option('--attach', 'take the terminal afterwards')
        .option(
          '--no-listen',
          'do not listen for another program that has the bot (4 s, after a minute of rest)',
        )
        .action(
          act(async (deps, names: readonly string[], { timeout, attach, ...options }: UpFlags) =>
            (await import('./commands/up.ts')).up(
              names,
              { ...options, timeoutMs: timeout, attach: attach ?? false },
              deps,
            ),
          ),
        ),

    down: () =>
      program
        .command('down')
        .argument('[session...]')
        .description('not wanted: stop politely, then firmly; leave no client and no plugin behind')
        .action(
          act(async (deps, names: readonly string[]) =>
            (await import('./commands/down.ts')).down(names, deps),
          ),
        ),

    restart: () =>
      program
        .command('restart')
        .argument('[session...]')
        .description('a new client in the same conversation')
        .option('--fresh', 'in a new conversation')
        .option('--conversation <id>', 'in an old one')
        .addOption(duration('--timeout <time>', 'how long to wait until it is live', '60s'))
        .action(
          act(
            async (
              deps,
              names: readonly string[],
              options: { fresh?: boolean; conversation?: string; timeout: number },
            ) =>
              (await import('./commands/restart.ts')).restart(
                names,
                {
                  fresh: options.fresh ?? false,
                  conversation: options.conversation ?? null,
                  timeoutMs: options.timeout,
                },
                deps,
              ),
          ),
        ),

    status: () =>
      program
        .command('status')
        .argument('[session...]')
        .description('the truth about every session; 0 when all that are wanted are live')
        .option('--json', 'one JSON document; with --watch one a line, at each change')
        .option('--watch', 'look every second, mark what changed; q or Ctrl-C leaves, with 0')
        .addOption(
          new Option('--plain', 'a sentence a session, nothing drawn (as ACCESSIBLE=1)').conflicts('json'),
        )
        .addOption(new Option('--quiet', 'only the exit status').conflicts(['watch', 'plain']))
        .addOption(
          new Option(
            '--probe <kind>',
            'one line, for a container: live fails only when the keeper is lost, ready when not live',
          )
            .choices(['live', 'ready'])
            .conflicts(['json', 'watch', 'plain', 'quiet']),
        )
        .action((names: readonly string[], { json, watch, plain, quiet, probe }: StatusFlags) =>
          probe !== undefined
            ? actWith(look)(async (deps) => {
                const { probeLive, probeReady } = await import('./commands/status-probe.ts')
                return probe === 'live' ? probeLive(names, deps) : probeReady(names, deps)
              })()
            : watch
              ? act(async (deps) => {
                  const { watchStatus } = await import('./commands/watch-status.ts')
                  return watchStatus(names, json ? 'json' : plain ? 'lines' : 'picture', deps)
                })()
              : actWith(look)(async (deps) => {
                  const { status } = await import('./commands/status.ts')
                  return status(names, json ? 'json' : plain ? 'plain' : quiet ? 'nothing' : 'table', deps)
                })(),
        ),

    logs: () =>
      program
        .command('logs')
        .argument('[session]')
        .description('what happened, and why; of all sessions where none is named')
        .option('-f, --follow', 'go on as it happens')
        .addOption(
          new Option('-n, --lines <count>', 'at most so many lines')
            .argParser(count)
            .default(null, '100; with --since, all'),
        )
        .addOption(duration('--since <time>', 'not older than: 10m, 2h, 1d'))
        .addOption(
          new Option('--source <list>', 'keeper,channel,terminal')
            .argParser(sources)
            .default(['keeper', 'channel'], 'keeper,channel'),
        )
        .option('--json', 'one JSON document a line')
        .action(
          act(async (deps, name: string | undefined, options: LogFlags) =>
            (await import('./commands/logs.ts')).logs(
              name,
              {
                follow: options.follow ?? false,
                last: options.lines,
                since: options.since === undefined ? null : deps.clock.now() - options.since,
                sources: options.source,
                json: options.json ?? false,
              },
              deps,
            ),
          ),
        ),

    attach: () =>
      program
        .command('attach')
        .argument('[session]')
        .description('take the terminal; says how to leave it')
        .action(
          act(async (deps, name: string | undefined) =>
            (await import('./commands/attach.ts')).attach(name, deps),
          ),
        ),

    send: () =>
      program
        .command('send')
        .argument('<session>')
        .argument('<text>', 'one line; `-` reads it from stdin')
        .description('type a line into the session, as if at its terminal')
        .option('--force', 'also while Claude is busy, or somebody is attached')
        .addOption(duration('--timeout <time>', 'how long to wait until the client has taken it', '10s'))
        .action(
          act(async (deps, name: string, text: string, options: { force?: boolean; timeout: number }) =>
            (await import('./commands/send.ts')).send(
              name,
              text,
              { force: options.force ?? false, timeoutMs: options.timeout },
              deps,
            ),
          ),
        ),

    doctor: () =>
      program
        .command('doctor')
        .argument('[session]')
        .description('everything that must be true, checked, each with its remedy')
        .option('--fix', 'first do what is safe to do, and say so')
        .option('--json', 'one JSON document')
        .addOption(
          new Option('--report', 'for an issue: no names, ids, paths, tokens or screen text').conflicts(
            'json',
          ),
        )
        .action(
          act(
            async (
              deps,
              name: string | undefined,
              { fix = false, json = false, report = false }: DoctorFlags,
            ) => (await import('./commands/doctor.ts')).doctor(name, { fix, json, report }, deps),
          ),
        ),

    list: () =>
      program
        .command('list')
        .description('the sessions that are set up')
        .option('--names', 'names only, one a line')
        .option('--json', 'one JSON document')
        .action(
          actWith(basics)(async (deps, { names, json }: { names?: boolean; json?: boolean }) =>
            (await import('./commands/list.ts')).list({ names: names ?? false, json: json ?? false }, deps),
          ),
        ),

    pair: () =>
      program
        .command('pair')
        .argument('[session]', 'may be left out where there is one')
        .argument('[code]', 'what the bot answered; without it you are asked')
        .description('let the person in who got this code')
        .option('--channel <kind>', whichChannel)
        .action(
          act(
            async (
              deps,
              session: string | undefined,
              code: string | undefined,
              { channel }: { channel?: string },
            ) => (await import('./commands/pair.ts')).pair(session, code, channel ?? null, deps),
          ),
        ),

    access: () =>
      program
        .command('access')
        .argument('<session>')
        .argument('[action]', 'list, allow <id>, remove <id>, deny <code or id>, policy <policy>', 'list')
        .argument('[value]')
        .description('who may write to the bot: list | allow | remove | deny | policy')
        .option('--channel <kind>', whichChannel)
        .option('--json', 'list as one JSON document')
        .action(
          act(
            async (
              deps,
              name: string,
              action: string,
              value: string | undefined,
              { channel, json }: { channel?: string; json?: boolean },
            ) =>
              (await import('./commands/access.ts')).access(
                name,
                { action, value: value ?? null, channel: channel ?? null, json: json ?? false },
                deps,
              ),
          ),
        ),

    set: () =>
      program
        .command('set')
        .argument('<session>')
        .argument('[key=value...]')
        .description('change what setup asked for; without a value show it')
        .option('--trust', 'you trust what is in the new folder')
        .action(
          act(async (deps, name: string, pairs: readonly string[], { trust }: { trust?: boolean }) =>
            (await import('./commands/set.ts')).set(name, pairs, { trust: trust ?? false }, deps),
          ),
        ),

    token: () =>
      program
        .command('token')
        .argument('<session>')
        .description('a new bot token, checked and swapped in; the conversation goes on')
        .option('--token-file <file>', 'file that holds the bot token')
        .option('--token-stdin', 'read the bot token from stdin')
        .option('--channel <kind>', whichChannel)
        .addOption(duration('--timeout <time>', 'how long to wait until Claude is idle', '10m'))
        .option('--yes', "also when it is another bot's")
        .action(
          act(async (deps, name: string, options: TokenFlags) =>
            (await import('./commands/token.ts')).token(
              name,
              {
                channel: options.channel ?? null,
                tokenFile: options.tokenFile ?? null,
                tokenStdin: options.tokenStdin ?? false,
                yes: options.yes ?? false,
                timeoutMs: options.timeout,
              },
              deps,
            ),
          ),
        ),

    remove: () =>
      program
        .command('remove')
        .argument('<session>')
        .description('forget a session, put back what setup changed')
        .option('--channel <kind>', 'only this one of its channels')
        .option('--purge', "also remove the bot's token, access list and inbox")
        .option('--yes', 'do it')
        .action(
          act(async (deps, name: string, { channel, yes = false, purge = false }: RemoveFlags) =>
            channel === undefined
              ? (await import('./commands/remove.ts')).remove(name, { yes, purge }, deps)
              : (await import('./commands/remove-channel.ts')).removeChannel(
                  name,
                  { channel, yes, purge },
                  deps,
                ),
          ),
        ),

    service: () => {
      const service = program
        .command('service')
        .description(
          'have systemd or launchd start the keeper, at boot or login: install | uninstall | status',
        )
        .argument('[order]', 'install, uninstall or status')
        .action(async (order: string | undefined) => {
          throw usageError(
            order === undefined ? '`service` has to be told what to do.' : `\`service\` knows no ${order}.`,
            '`channels service install`, `channels service uninstall` or `channels service status`.',
          )
        })
      const order = act(async (deps, asked: ServiceOrder) =>
        (await import('./commands/service.ts')).service(asked, deps),
      )
      service
        .command('install')
        .description('show what is written and run, ask, and do it; again after an upgrade')
        .option('--no-boot', 'leave lingering as it is: it starts when you log in')
        .option('--yes', 'do it')
        .action(({ yes = false, boot }: { yes?: boolean; boot: boolean }) =>
          order({ do: 'install', yes, boot }),
        )
      service
        .command('uninstall')
        .description('take it back; sessions that are up stay up')
        .option('--yes', 'do it')
        .action(({ yes = false }: { yes?: boolean }) => order({ do: 'uninstall', yes }))
      service
        .command('status')
        .description('whether the keeper starts by itself; 0 as it should be, 1 not, 3 nothing installed')
        .option('--json', 'one JSON document')
        .action(({ json = false }: { json?: boolean }) => order({ do: 'status', json }))
      return service
    },

    run: () =>
      program
        .command('run')
        .description('the keeper in the foreground: what a unit or a container runs')
        .option('--own', 'for a container: told to leave, it takes all sessions down; they stay wanted')
        .addOption(
          new Option(
            '--stop',
            'for a unit: take all sessions down and have the keeper leave; they stay wanted',
          ).conflicts(['own', 'inTerminal', 'every']),
        )
        .addOption(
          new Option('--in-terminal', 'started by `up` in a terminal of its own').conflicts('own').hideHelp(),
        )
        .addOption(
          new Option('--every <ms>', 'time between two looks, for measuring').argParser(count).hideHelp(),
        )
        .action(
          act(async (deps, { own, stop, inTerminal, every }: RunFlags) =>
            stop
              ? (await import('./commands/stop.ts')).stop(deps)
              : (await import('./commands/run.ts')).run(
                  {
                    where: inTerminal ? 'terminal' : 'foreground',
                    own: own ?? false,
                    everyMs: every ?? null,
                  },
                  deps,
                ),
          ),
        ),

    completion: () =>
      program
        .command('completion')
        .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
        .description('print what makes a shell complete commands, options, sessions and folders')
        .action(
          actWith(basics)(async (deps, shell: 'bash' | 'zsh' | 'fish') =>
            (await import('./commands/completion.ts')).completion(shell, deps),
          ),
        ),

    launch: () =>
      program
        .command('launch', { hidden: true })
        .argument('<session>')
        .description('for the loop: 0 = launch.sh is written, 11 = wait, 10 = end')
        .addOption(
          new Option('--loop <pid>', 'process id of the loop').argParser(count).makeOptionMandatory(),
        )
        .addOption(new Option('--protocol <number>', 'version of the loop').argParser(count).default(1))
        .option('--interrupted', 'a person pressed Ctrl-C at the waiting line')
        .action(
          act(
            async (deps, name: string, options: { loop: number; protocol: number; interrupted?: boolean }) =>
              (await import('./commands/launch.ts')).launch(
                name,
                { ...options, interrupted: options.interrupted ?? false },
                deps,
              ),
          ),
        ),
  }

  const define = (called: string | undefined): Command => {
    for (const add of addersFor(grammar, called)) add().copyInheritedSettings(program)
    return program
  }
  /** Who asks for no help does without its texts. */
  const explain = async (): Promise<void> => {
    const { tellStory } = await import('./help/story.ts')
    const { helpAfter } = await import('./help/after.ts')
    for (const [name, command] of named(program)) command.addHelpText('after', helpAfter(name))
    program.configureHelp({ formatHelp: () => tellStory(program.description()) })
  }
  const parse = async (argv: readonly string[]): Promise<void> => {
    const [called] = argv
    define(called)
    if (argv.length === 0 || argv.some((word) => ['-h', '--help'].includes(word))) await explain()
    if (argv.length === 0) program.help()
    if (called !== undefined && !called.startsWith('-') && !Object.hasOwn(grammar, called)) {
      const { unknownCommand } = await import('./help/unknown-command.ts')
      const visible = program.createHelp().visibleCommands(program)
      throw unknownCommand(
        called,
        visible.map((command) => command.name()),
      )
    }
    behind = argv.includes('--') ? argv.length - argv.indexOf('--') - 1 : 0
    await program.parseAsync(argv, { from: 'user' })
  }

  return {
    /** The program with every command, for who walks the grammar. */
    whole: () => define(undefined),
    /** Runs one command line. Throws an ExpectedError (2) for wrong usage, and what the command throws. */
    run: async (argv: readonly string[]): Promise<Status> => {
      const line = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv
      try {
        await parse(line)
        return status
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error
        if (error.exitCode === 0 || error.code === 'commander.help') return exitStatus.done
        const { wrongUsage } = await import('./help/wrong-usage.ts')
        const [called] = line
        throw wrongUsage(
          error.message,
          called !== undefined && Object.hasOwn(grammar, called) ? called : null,
        )
      }
    },
  }
}

type Adder = () => Command

const addersFor = (
  grammar: Readonly<Record<string, Adder>>,
  called: string | undefined,
): readonly Adder[] => {
  if (called === '--version' || called === '-V') return []
  const own = called !== undefined && Object.hasOwn(grammar, called) ? grammar[called] : undefined
  return own === undefined ? Object.values(grammar) : [own]
}

/** Each command below, by the words that call it. */
const named = (command: Command, before = ''): readonly (readonly [string, Command])[] =>
  command.commands.flatMap((each) => {
    const name = `${before}${each.name()}`
    return [[name, each] as const, ...named(each, `${name} `)]
  })

const whichChannel = 'which of its channels, where it has several: telegram, discord'

type Flags = {
  session?: string
  cwd?: string
  tokenFile?: string
  tokenStdin?: boolean
  allow?: readonly string[]
  notify?: boolean
  trust?: boolean
  exclusive?: boolean
  shared?: boolean
  stateDir?: string
  port?: string
  development?: 'ask' | 'accept'
  multiplexer?: 'tmux' | 'screen'
  permissionMode?: string
  dangerouslySkipPermissions?: boolean
  removeWebhook?: boolean
  move?: boolean
  takeOver?: boolean
  start: boolean
  pair: boolean
  yes?: boolean
  check?: boolean
  timeout: number
}

/** Commander does not tell what stood behind `--`: a word before it is a mistake, say a folder without its `--cwd`. */
const checkPositional = (words: readonly string[], behind: number): void => {
  const [stray] = words.slice(0, Math.max(0, words.length - behind))
  if (stray !== undefined)
    throw usageError(
      `\`setup\` can't tell what ${JSON.stringify(stray)} is to be.`,
      'A folder is named with `--cwd`; what the client is to get stands behind ` -- `.',
    )
}

type DoctorFlags = { fix?: boolean; json?: boolean; report?: boolean }
type RunFlags = { own?: boolean; stop?: boolean; inTerminal?: boolean; every?: number }
type StatusFlags = {
  json?: boolean
  watch?: boolean
  plain?: boolean
  quiet?: boolean
  probe?: 'live' | 'ready'
}
type ServiceOrder =
  | { do: 'install'; yes: boolean; boot: boolean }
  | { do: 'uninstall'; yes: boolean }
  | { do: 'status'; json: boolean }
type RemoveFlags = { channel?: string; yes?: boolean; purge?: boolean }
type TokenFlags = {
  channel?: string
  tokenFile?: string
  tokenStdin?: boolean
  yes?: boolean
  timeout: number
}

type Source = 'keeper' | 'channel' | 'terminal'
type UpFlags = {
  readonly wait: boolean
  readonly listen: boolean
  readonly timeout: number
  readonly attach?: boolean
}

type LogFlags = {
  follow?: boolean
  lines: number | null
  since?: number
  source: readonly Source[]
  json?: boolean
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

const count = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It takes a whole number.')
  return Number(text)
}

const duration = (flags: string, description: string, standard?: string): Option => {
  const option = new Option(flags, description).argParser((text: string) => {
    const ms = parseDuration(text)
    if (ms === null) throw new InvalidArgumentError('It takes a time: 90s, 10m, 2h, 1d.')
    return ms
  })
  return standard === undefined ? option : option.default(parseDuration(standard), standard)
}

const isSource = (text: string): text is Source => ['keeper', 'channel', 'terminal'].includes(text)

const sources = (text: string): readonly Source[] => {
  const list = text.split(',')
  if (!list.every(isSource))
    throw new InvalidArgumentError('It takes keeper, channel and terminal, with commas between.')
  return list
}
