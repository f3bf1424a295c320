import { channelKind, shortName } from '../core/channel.ts'
import { checks } from '../core/doctor/checks.ts'
import type { CheckResult } from '../core/doctor/result.ts'
import { createTheme, type Theme } from './theme.ts'

/** As it is printed: prose may be broken into lines. */
type Line = readonly [text: string, as?: 'prose']

/** The checks as lines for people: one each, and below one that is not well what was looked at and what helps. */
export const showDoctor = async (
  results: readonly CheckResult[],
  colour: boolean,
): Promise<readonly Line[]> => {
  const theme = await createTheme(colour)
  const groups = [...new Set(results.map(({ session }) => session))]
  const width = Math.max(...results.map((result) => titleOf(result, results).length))
  return [
    ...groups.flatMap((session) => [
      [theme.strong(session ?? 'This machine')] as const,
      ...results
        .filter((result) => result.session === session)
        .flatMap((result) => linesOf(result, titleOf(result, results).padEnd(width), theme)),
      [''] as const,
    ]),
    [summary(results), 'prose'],
  ]
}

const words = {
  ok: 'ok',
  warning: 'warning',
  failed: 'FAILED',
  'not-checked': '-',
  skipped: '-',
} as const satisfies Readonly<Record<CheckResult['is'], string>>

const linesOf = (result: CheckResult, title: string, theme: Theme): readonly Line[] => {
  const { is, found, reason, remedy, check } = result
  const state = paint(is, words[is].padEnd(8), theme)
  const tag = reason === null ? '' : ` [${reason}]`
  const head = `  ${state} ${title}  ${is === 'ok' || is === 'warning' || is === 'failed' ? found : theme.faint(found)}${tag}`
  if (is !== 'warning' && is !== 'failed') return [[head]]
  return [
    [head, 'prose'],
    ...(is === 'failed' ? [[`           Looked at: ${checks[check].looksAt}.`, 'prose'] as const] : []),
    ...(remedy === null ? [] : [[`           ${remedy}`, 'prose'] as const]),
  ]
}

const paint = (is: CheckResult['is'], word: string, theme: Theme): string => {
  if (is === 'failed') return theme.state('blocked', word)
  if (is === 'warning') return theme.poor(word)
  return is === 'ok' ? theme.good(word) : theme.faint(word)
}

/** Of several channels of a session it is said which one is meant. */
const titleOf = ({ check, channel, session }: CheckResult, all: readonly CheckResult[]): string => {
  const others = new Set(
    all.flatMap((each) => (each.session === session && each.channel !== null ? [each.channel] : [])),
  )
  if (channel === null || others.size < 2) return checks[check].title
  return `${shortName({ id: channel, kind: channelKind(channel) })}: ${checks[check].title}`
}

const summary = (results: readonly CheckResult[]): string => {
  const count = (state: CheckResult['is']): number => results.filter(({ is }) => is === state).length
  const [failed, warnings, unchecked] = [count('failed'), count('warning'), count('not-checked')]
  const fixable = results.some(({ fixes }) => fixes.length > 0)
  const parts = [
    failed === 0 ? 'Nothing failed' : failed === 1 ? '1 check failed' : `${failed} checks failed`,
    ...(warnings === 0 ? [] : [warnings === 1 ? '1 warning' : `${warnings} warnings`]),
    ...(unchecked === 0 ? [] : [`${unchecked} not checked`]),
  ]
  return `${parts.join(', ')}.${fixable ? ' `channels doctor --fix` mends what is safe to mend.' : ''}`
}
