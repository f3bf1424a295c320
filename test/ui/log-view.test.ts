import { afterEach, expect, test, vi } from 'vitest'
import type { LogLine } from '../../src/core/log-line.ts'
import { printable } from '../../src/system/printable.ts'
import { createLogView } from '../../src/ui/log-view.ts'
import { timeOfDay } from '../../src/ui/time-of-day.ts'
import { minutes, noon } from '../core/evidence-builder.ts'

const line = (given: Partial<LogLine>): LogLine => ({
  ...{ at: noon, session: 'work', source: 'keeper', text: 'hello', severity: 'plain' },
  entry: { session: 'work', type: 'x' },
  ...given,
})
const show = async (
  given: Partial<LogLine>,
  { colour = false, columns = 80, names = [] as string[], lastAt = noon, times = 1 } = {},
) => {
  const view = await createLogView({ colour, columns: () => columns, names, now: noon, printable })
  return view({ is: 'first', of: { line: line(given), times, lastAt } })
}
const time = timeOfDay(noon)

test('colours say who and how bad it is', async () => {
  const faint = `\x1b[2m${time}\x1b[22m`
  expect(await show({}, { colour: true })).toEqual([`${faint} \x1b[36mkeeper \x1b[39m hello`])
  expect(await show({ source: 'channel', severity: 'bad' }, { colour: true })).toEqual([
    `${faint} \x1b[35mchannel\x1b[39m \x1b[31mhello\x1b[39m`,
  ])
  expect(await show({ severity: 'poor' })).toEqual([`${time} keeper  hello`])
})

test('each line of a long text is coloured by itself, and stands in its column', async () => {
  const text = 'one two three four five six seven eight nine ten'
  const lines = await show({ text, severity: 'poor' }, { colour: true, columns: 50 })
  expect(lines).toHaveLength(2)
  for (const each of lines) expect(each.endsWith('\x1b[39m') && each.includes('\x1b[33m')).toBe(true)
  expect(lines[1]?.startsWith(`${' '.repeat(17)}\x1b[33m`)).toBe(true)
  expect(await show({ text }, { columns: 30 })).toEqual([`${time} keeper  ${text}`])
})

test('several sessions have a column, also for what is about none of them', async () => {
  const names = ['work', 'elsewhere']
  expect(await show({}, { names })).toEqual([`${time} keeper  work       hello`])
  expect(await show({ session: null }, { names })).toEqual([`${time} keeper  -          hello`])
  expect(await show({ source: 'terminal' }, { names })).toEqual(['work      | hello'])
  expect(await show({ source: 'terminal' })).toEqual(['hello'])
})

test('repeats that last into another day say which', async () => {
  const lastAt = noon + 24 * 60 * minutes
  expect(await show({}, { times: 2, lastAt })).toEqual([
    `${time} keeper  hello (x 2, last ${new Date(lastAt).toDateString()} ${time})`,
  ])
})

afterEach(() => vi.unstubAllEnvs())

test('the hour that comes twice is told apart: a heading where the clock goes back', async () => {
  vi.stubEnv('TZ', 'Europe/Berlin')
  const half = 30 * minutes
  const before = Date.parse('2026-10-25T00:30:00.000Z')
  const now = before + 24 * 60 * minutes
  const view = await createLogView({ colour: false, columns: () => 80, names: [], now, printable })
  const lines = [0, half, 2 * half].flatMap((ms) =>
    view({ is: 'first', of: { line: line({ at: before + ms }), times: 1, lastAt: before + ms } }),
  )
  expect(lines).toEqual([
    '-- Sun Oct 25 2026, UTC+02:00 --',
    '02:30:00 keeper  hello',
    '-- Sun Oct 25 2026, UTC+01:00 --',
    '02:00:00 keeper  hello',
    '02:30:00 keeper  hello',
  ])
  const both = { line: line({ at: before }), times: 2, lastAt: before + 2 * half }
  expect(view({ is: 'first', of: both }).at(-1)).toBe('02:30:00 keeper  hello (x 2, last 02:30:00 UTC+01:00)')
})

test('no colour of a plugin runs on', async () => {
  const text = 'Server stderr: \x1b[31mred\twithout end\x1b[2m'
  expect(await show({ text })).toEqual([`${time} keeper  Server stderr: red    without end`])
  expect(await show({ text }, { colour: true })).toEqual([
    `\x1b[2m${time}\x1b[22m \x1b[36mkeeper \x1b[39m Server stderr: red    without end`,
  ])
  expect(await show({ text, source: 'terminal' })).toEqual(['Server stderr: red    without end'])
})
