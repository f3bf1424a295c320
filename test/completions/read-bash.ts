import { claim, optionClaims } from './claims.ts'

/** What completions/channels.bash offers. */
export const readBash = (text: string): readonly string[] => {
  const list = (name: string) => words(new RegExp(`^${name}='([^']*)'`, 'm').exec(text)?.[1])
  const table = (name: string) =>
    new RegExp(`^${name}\\(\\) \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(text)?.[1] ?? ''
  const commands = list('_channels_commands')
  const orders = list('_channels_orders')
  const values = casesIn(table('_channels_table_of_values'))
  const valuesOf = (command: string, flag: string) =>
    values.filter(({ pattern }) => pattern === `${command} ${flag}`).flatMap(({ does }) => offered(does))
  return [
    ...commands.flatMap((name) => [claim.command(name), claim.behindHelp(name)]),
    ...orders.flatMap((name) => [claim.command(`service ${name}`), claim.behindHelp(`service ${name}`)]),
    ...(/_channels_offer "\$_channels_commands help"/.test(text) ? [claim.command('help')] : []),
    ...casesIn(table('_channels_table_of_options')).flatMap(({ pattern, does }) =>
      words(/options='([^']*)'/.exec(does)?.[1]).flatMap((option) => {
        const flag = option.replace('=', '')
        const choices = valuesOf(pattern, flag)
        const value = !option.endsWith('=') ? 'none' : choices.length === 0 ? 'any' : choices
        return optionClaims(pattern, [flag], value)
      }),
    ),
    ...casesIn(table('_channels_table_of_arguments')).flatMap(({ pattern, does }) => {
      const [command = ''] = pattern.split(' ')
      if (['service', 'help'].includes(command) || pattern === 'access 2') return []
      if (does.includes('_channels_sessions')) return [claim.sessions(command)]
      return offered(does).map((word) => claim.argument(word, command))
    }),
    ...casesIn(table('_channels_setting'))
      .filter(({ pattern }) => pattern === '')
      .flatMap(({ does }) => offered(does).map((key) => claim.setting(key.replace(/=.*/, '')))),
  ]
}

/** `'one' | 'two'*) what it does ;;` */
const casesIn = (table: string): readonly { readonly pattern: string; readonly does: string }[] =>
  [...table.matchAll(/^ {4}((?:'[^']*'\*?|[a-z]+|\*)(?: \| (?:'[^']*'\*?))*)\)([\s\S]*?);;/gm)].flatMap(
    ([, patterns = '', does = '']) =>
      patterns
        .split(' | ')
        .filter((pattern) => pattern !== '*')
        .map((pattern) => ({ pattern: pattern.replace(/\*$/, '').replace(/^'(.*)'$/, '$1'), does })),
  )

const offered = (does: string): readonly string[] =>
  words(/_channels_offer(?:_list)? '([^']*)'/.exec(does)?.[1])

const words = (text = ''): readonly string[] => text.split(/\s+/).filter((word) => word !== '')
