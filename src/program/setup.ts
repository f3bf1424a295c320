import { usageError } from '../errors.ts'
import type { Commands, Grammar } from './grammar.ts'
import { collect, duration, option } from './words.ts'

/** How a bot is set up. */
export const setupCommands = ({ program, act, behind }: Grammar) =>
  ({
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
        .addOption(option('--exclusive', 'no other session loads the plugin (default)').conflicts('shared'))
        .option('--shared', 'leave the plugin and its state folder as its README has them')
        .option('--state-dir <folder>', "the bot's state folder, where it is to be another than usual")
        .option('--port <port>', 'of fakechat: where its page is (default: a free one)')
        .addOption(
          option(
            '--development <answer>',
            'of a channel that is not approved: how the client’s warning at every start is answered',
          ).choices(['ask', 'accept']),
        )
        .addOption(
          option(
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
            async (
              deps,
              channel: string | undefined,
              clientArguments: readonly string[],
              options: SetupFlags,
            ) => {
              checkPositional(clientArguments, behind())
              const { setup } = await import('../commands/setup.ts')
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
  }) satisfies Commands

type SetupFlags = {
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
