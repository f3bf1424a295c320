import type { Argument, Command, Option } from 'commander'
import { settable } from '../../src/commands/set.ts'
import { kinds } from '../../src/core/kinds.ts'
import { createProgram } from '../../src/program.ts'

// What can be offered, one sentence each: of the grammar here, of the files by their readers. Compared as they are.

export const claim = {
  command: (name: string) => `the command ${name}`,
  behindHelp: (name: string) => `${name} behind help`,
  option: (flag: string, command: string) => `${flag} of ${command}`,
  takesValue: (flag: string, command: string) => `that ${flag} of ${command} takes a value`,
  choice: (value: string, flag: string, command: string) => `${value} for ${flag} of ${command}`,
  argument: (word: string, command: string) => `${word} as what ${command} is about`,
  sessions: (command: string) => `the sessions for ${command}`,
  setting: (key: string) => `${key} of set`,
} as const

/** Of an option that takes a value, and one of these. */
export const optionClaims = (
  command: string,
  flags: readonly string[],
  value: 'none' | 'any' | readonly string[],
): readonly string[] =>
  flags.flatMap((flag) => [
    claim.option(flag, command),
    ...(value === 'none' ? [] : [claim.takesValue(flag, command)]),
    ...(typeof value === 'string' ? [] : value.map((each) => claim.choice(each, flag, command))),
  ])

const refuse = () => Promise.reject(new Error('no command is run here'))

/** Of all that a person may type; nothing hidden. */
export const grammarClaims = (): readonly string[] => {
  const program = createProgram({
    basics: refuse,
    look: refuse,
    world: refuse,
    print: () => undefined,
  }).whole()
  return [...visible(program).flatMap((each) => commandClaims(each)), claim.command('help')]
}

/** Whose choices the grammar has. */
export const withChoices = (claims: readonly string[]): ReadonlySet<string> =>
  new Set(claims.flatMap((text) => / for (--.*)$/.exec(text)?.[1] ?? []))

const visible = (command: Command): readonly Command[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .filter((each) => each.name() !== 'help')

const commandClaims = (command: Command, before = ''): readonly string[] => {
  const name = `${before}${command.name()}`
  const options = command.createHelp().visibleOptions(command)
  return [
    claim.command(name),
    claim.behindHelp(name),
    ...options.filter(({ long }) => long !== '--help').flatMap((each) => claimsOfOption(name, each)),
    ...command.registeredArguments.flatMap((argument) =>
      argument.name() === 'session'
        ? [claim.sessions(name)]
        : (argument.argChoices ?? named[`${name} ${argument.name()}`] ?? listed(argument)).map((word) =>
            claim.argument(word, name),
          ),
    ),
    ...(name === 'set' ? settable.map((key) => claim.setting(key.replace(/=.*|<.*/, ''))) : []),
    ...visible(command).flatMap((each) => commandClaims(each, `${name} `)),
  ]
}

const claimsOfOption = (
  command: string,
  { short, long, required, optional, argChoices, description }: Option,
) =>
  optionClaims(
    command,
    [short, long].filter((flag) => flag !== undefined),
    argChoices ?? (long === '--source' ? description.split(',') : required || optional ? 'any' : 'none'),
  )

/** What the grammar leaves to its words. */
const named: Readonly<Record<string, readonly string[]>> = {
  'setup channel': [...Object.keys(kinds).filter((kind) => kind !== 'custom'), 'plugin:', 'server:'],
}

const listed = (argument: Argument): readonly string[] =>
  argument.name() === 'action'
    ? argument.description.split(', ').flatMap((each) => each.split(' ')[0] ?? [])
    : []
