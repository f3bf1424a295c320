import { claim, optionClaims } from './claims.ts'

/** What completions/_channels offers. */
export const readZsh = (text: string): readonly string[] => {
  const body = (name: string) =>
    new RegExp(`^${name}\\(\\) \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(text)?.[1] ?? ''
  const array = (name: string, of: string) =>
    new RegExp(`${name}=\\(\\n?([\\s\\S]*?)\\n? *\\)\\n`).exec(body(of))?.[1] ?? ''
  const described = (list: string) => [...list.matchAll(/^ +'([\w.-]+):/gm)].map(([, name = '']) => name)
  const commands = described(array('commands', '_channels_commands'))
  const orders = described(array('orders', '_channels_orders'))
  const kinds = ['kinds', 'starts'].flatMap((name) => array(name, '_channels_kinds').split(' '))
  const settings = described(array('settings', '_channels_settings'))
  return [
    ...commands.flatMap((name) => [claim.command(name), claim.behindHelp(name)]),
    ...orders.flatMap((name) => [claim.command(`service ${name}`), claim.behindHelp(`service ${name}`)]),
    ...(body('_channels_commands').includes("commands+=('help:") ? [claim.command('help')] : []),
    ...[...settings, ...(body('_channels_settings').includes("compadd -S '' env.\n") ? ['env.'] : [])].map(
      claim.setting,
    ),
    ...[...body('_channels').matchAll(/^ {4}'?([a-z ]+)'?\)\n([\s\S]*?)^ {6};;/gm)].flatMap(
      ([, command = '', specs = '']) => [
        ...specs.split('\n').flatMap((line) => optionIn(line, command)),
        ...specs.split('\n').flatMap((line) => argumentIn(line, command, kinds)),
      ],
    ),
  ]
}

/** `'(excluded)*--flag[what it does]:message:action' \` or `'(excluded)'{-f,--flag}'[what it does]' \` */
const optionIn = (line: string, command: string): readonly string[] => {
  const [, both, one, value] =
    /^ {8}'(?:\([^)]*\))?\*?(?:'\{([^}]*)\}'|(--?[\w-]+))\[[^\]]+\](?::[^:]+:(.*))?'(?: \\)?$/.exec(line) ??
    []
  const flags = both?.split(',') ?? (one === undefined ? [] : [one])
  const choices = value === undefined ? [] : wordsOf(value)
  return optionClaims(command, flags, value === undefined ? 'none' : choices.length === 0 ? 'any' : choices)
}

/** `'1:message:action' \` */
const argumentIn = (line: string, command: string, kinds: readonly string[]): readonly string[] => {
  const [, action] = /^ {8}'[*\d]:[^:]+:(.*)'(?: \\)?$/.exec(line) ?? []
  if (action === undefined) return []
  if (action === '_channels_sessions') return [claim.sessions(command)]
  return (action === '_channels_kinds' ? kinds : wordsOf(action)).map((word) => claim.argument(word, command))
}

const wordsOf = (action: string): readonly string[] =>
  (/^\((.*)\)$|^_sequence compadd - (.*)$/.exec(action) ?? [])
    .slice(1)
    .flatMap((found) => (found === undefined ? [] : found.split(' ')))
