import type { BasicDeps, Deps, LookDeps } from './deps.ts'
import { exitStatus } from './errors.ts'
import { changeCommands } from './program/change.ts'
import type { Act, Commands } from './program/grammar.ts'
import { lifeCommands } from './program/life.ts'
import { machineCommands } from './program/machine.ts'
import { setupCommands } from './program/setup.ts'
import { statusCommands } from './program/status.ts'
import { type Command, createCommand, endOf } from './program/words.ts'

declare const __VERSION__: string

/** What the grammar needs; each kind of deps is made only when an action asks for it. */
export type ProgramOptions = {
  readonly basics: () => Promise<BasicDeps>
  /** What is enough to look at sessions. */
  readonly look: () => Promise<LookDeps>
  readonly world: () => Promise<Deps>
  /** Help and version. */
  readonly print: (text: string) => void
}

/**
 * The whole grammar; what each command takes stands in program/, by groups. Every action imports its command, and the real
 * world, only when it is called.
 */
export const createProgram = ({ basics, look, world, print }: ProgramOptions) => {
  let status: number = exitStatus.done
  let behind = 0
  const actWith =
    <Needs>(needs: () => Promise<Needs>): Act<Needs> =>
    (action) =>
    async (...args) => {
      status = await action(await needs(), ...args)
    }
  const program = createCommand('channels')
    .description('Keeps Claude Code channel sessions reachable, and tells the truth about them.')
    .version(__VERSION__)
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: () => undefined })
    .enablePositionalOptions()
    .showHelpAfterError(false)

  const words = {
    ...{ program, act: actWith(world), looking: actWith(look), basic: actWith(basics) },
    behind: () => behind,
  }
  const grammar: Commands = {
    ...setupCommands(words),
    ...lifeCommands(words),
    ...statusCommands(words),
    ...changeCommands(words),
    ...machineCommands(words),
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
    run: async (argv: readonly string[]): Promise<number> => {
      const line = argv[0] === 'help' ? askedHelp(argv.slice(1)) : argv
      try {
        await parse(line)
        return status
      } catch (error) {
        const end = endOf(error)
        if (end === null) throw error
        if (end.exitCode === 0 || end.code === 'commander.help') return exitStatus.done
        const { wrongUsage } = await import('./help/wrong-usage.ts')
        const [called] = line
        throw wrongUsage(end.message, called !== undefined && Object.hasOwn(grammar, called) ? called : null)
      }
    },
  }
}

/** `help help` asks for no more than `help`. */
const askedHelp = (about: readonly string[]): readonly string[] => [
  ...(about[0] === 'help' ? [] : about),
  '--help',
]

const addersFor = (grammar: Commands, called: string | undefined): readonly (() => Command)[] => {
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
