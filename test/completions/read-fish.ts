import { claim, optionClaims } from './claims.ts'

/** What completions/channels.fish offers. */
export const readFish = (text: string): readonly string[] => {
  const settings = /case '\*'\n +printf '%s\\t%s\\n' \\\n([\s\S]*?)\n {4}end/.exec(text)?.[1] ?? ''
  const sources = /for source in (.*)/.exec(text)?.[1]?.split(' ') ?? []
  return [
    ...[...settings.matchAll(/^ +([\w.-]+)=? '/gm)].map(([, key = '']) => claim.setting(key)),
    ...text.split('\n').flatMap((line) => claimsIn(line, sources)),
  ]
}

/** The options whose value it takes for no argument. */
export const readValued = (text: string): readonly string[] =>
  /set -l valued ((?:.*\\\n)*.*)/.exec(text)?.[1]?.split(/[\s\\]+/) ?? []

const claimsIn = (line: string, sources: readonly string[]): readonly string[] => {
  const [, condition, rest = ''] = /^complete -c channels -n ('[^']*'|\w+) (.*)$/.exec(line) ?? []
  if (condition === undefined) return []
  const words = condition.replaceAll("'", '').split(';')[0]?.split(' ') ?? []
  const [test = '', ...of] = words
  const added = (/-a ('[^']*'|\S+)/.exec(rest)?.[1] ?? '').replaceAll("'", '')
  const offered = added.startsWith('(') ? [] : added.split(' ').filter((word) => word !== '')
  if (test === '__channels_start') return offered.map(claim.command)
  const command = (test === '__channels_argument' ? of.slice(1) : of).join(' ')
  const flags = [...rest.matchAll(/(?:^| )-(s|l) (\S+)/g)].map(
    ([, kind, name]) => `-${kind === 'l' ? '-' : ''}${name}`,
  )
  if (flags.length > 0) {
    const choices = added === '(__channels_sources)' ? sources : offered
    const takes = / -[xr]( |$)/.test(rest)
    return optionClaims(command, flags, !takes ? 'none' : choices.length === 0 ? 'any' : choices)
  }
  if (added === '(__channels_sessions)') return [claim.sessions(command)]
  if (command === 'service') return offered.map((name) => claim.command(`service ${name}`))
  if (command === 'help') return offered.map(claim.behindHelp)
  if (command === 'help service') return offered.map((name) => claim.behindHelp(`service ${name}`))
  return test === '__channels_argument' && of[0] === '2'
    ? []
    : offered.map((word) => claim.argument(word, command))
}
