import { expect, test, vi } from 'vitest'
import { no } from '../../src/core/answer.ts'
import { type Change, changesBetween } from '../../src/core/changes.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import { report } from '../../src/core/report.ts'
import type { DayLook } from '../../src/ui/day.ts'
import { timeOfDay } from '../../src/ui/plain-status.ts'
import { createTheme } from '../../src/ui/theme.ts'
import { freshMs, openWatched, type Watched, watchedLines } from '../../src/ui/watched.ts'
import { dayOf, reportOf } from '../core/day-builder.ts'
import { client, evidence, noon, seconds, session, withChannel } from '../core/evidence-builder.ts'
import { emulatedScreen } from './emulated-screen.ts'
import { ctrlC, fakeTerminal } from './fake-terminal.ts'

const other = (seen: Evidence): Evidence => ({ ...seen, session: { ...session, name: 'other' } })
const dead = (at: number): Evidence =>
  withChannel({ poller: no('the process in bot.pid (4720) is gone') }, { at })
const before = report([evidence(), other(evidence())], null, noon)
const after = report([evidence({ at: noon + seconds }), other(dead(noon + seconds))], null, noon + seconds)
const changes = changesBetween(before, after)

const shown = async (watched: Partial<Watched>, colour = false, look: Partial<DayLook> = {}) => {
  const whole = { report: after, problems: [], changes: [], ...watched }
  const lines = watchedLines(whole, colour ? 'inverse' : 'star', await createTheme(colour), {
    ...{ columns: 80, unicode: true },
    ...look,
  })
  return lines.map(([line]) => line)
}

test('what has just changed stands out, without colour by a star', async () => {
  const lines = await shown({ changes })
  expect(lines[0]).toMatch(/^ {2}SESSION +STATE/)
  expect(lines[1]).toMatch(/^ {2}work +live/)
  expect(lines[2]).toMatch(/^\* other +recovering/)
  const columns = lines.slice(0, 3).map((line) => line.search(/STATE|live|recovering/))
  expect(new Set(columns).size).toBe(1)
  const coloured = await shown({ changes }, true)
  expect(coloured[1]).toContain('\x1b[32mlive\x1b[39m')
  expect(coloured[2]).toContain('other    \x1b[7m\x1b[33mrecovering\x1b[39m\x1b[27m')
})

test('ten seconds later it does not any more, and is still listed', async () => {
  const later = noon + seconds + freshMs
  const late = report([evidence({ at: later }), other(dead(later))], null, later)
  const lines = await shown({ report: late, changes })
  expect(lines.filter((line) => line.startsWith('*'))).toEqual([])
  expect(lines.slice(-3)).toEqual([
    '',
    'Changes',
    `${timeOfDay(noon + seconds)} other live -> recovering [plugin-exited]`,
  ])
})

test('the last five changes are listed, the newest at the end', async () => {
  const [change] = changes
  const many = Array.from(
    { length: 7 },
    (_, i): Change => ({ ...(change as Change), at: noon + i * seconds }),
  )
  const lines = await shown({ changes: many })
  const listed = lines.slice(lines.indexOf('Changes') + 1)
  expect(listed.map((line) => line.slice(0, 8))).toEqual(
    [2, 3, 4, 5, 6].map((i) => timeOfDay(noon + i * seconds)),
  )
})

test('what could not be looked at is said above; without a session there is no table', async () => {
  const problems = [{ message: 'No session is set up.', hint: '`channels setup telegram` makes one.' }]
  expect((await shown({ problems })).slice(0, 4)).toEqual([
    'No session is set up.',
    '  `channels setup telegram` makes one.',
    '',
    expect.stringMatching(/^ {2}SESSION/),
  ])
  expect(await shown({ problems, report: { ...after, sessions: [] } })).toHaveLength(2)
})

test('nothing that others wrote reaches the terminal as a command', async () => {
  const { terminal, written } = fakeTerminal({ colour: true })
  const bad = '\x1b]0;owned\x07\x1b[2J\x9b31m'
  const dialog = { name: 'unknown-dialog', text: `Pick one:\n ❯ 1.${bad}\tYes\n` } as const
  const seen = evidence({ client: client({ file: null, dialog }) })
  const problems = [{ message: `a\x1b[7mb\nc`, hint: bad }]
  const watched = await openWatched(terminal, () => undefined)
  watched.show({ report: report([seen], null, noon), problems, changes: [] })
  watched.close()
  for (const sequence of ['\x1b]', '\x07', '\x1b[2J', '\x9b', '\x1b[7m', '\t'])
    expect(written()).not.toContain(sequence)
  expect(written()).toContain('  | Pick one:')
  expect(written()).toContain('  |  ❯ 1.')
})

test('is drawn in place until it is left, and stays as it was', async () => {
  const { terminal, type, writes, leftovers } = fakeTerminal({ columns: 80 })
  const leave = vi.fn()
  const screen = emulatedScreen({ columns: 80, rows: 24 })
  const watched = await openWatched(terminal, leave)
  expect(writes).toEqual([])
  watched.show({ report: before, problems: [], changes: [] })
  watched.show({ report: after, problems: [], changes })
  await type('x', ctrlC)
  expect(leave).toHaveBeenCalledOnce()
  for (const text of writes) screen.write(text)
  expect(screen.text()[1]).toMatch(/^ {2}work +live/)
  expect(screen.text().at(-1)).toBe(`${timeOfDay(noon + seconds)}  q or Ctrl-C leaves`)
  expect(screen.isCursorShown()).toBe(false)
  const drawn = writes.length
  watched.close()
  for (const text of writes.slice(drawn)) screen.write(text)
  screen.write('$ ')
  expect(screen.text().slice(-3)).toEqual(['', `As it was at ${timeOfDay(noon + seconds)}.`, '$'])
  expect(screen.text().filter((line) => line.includes('SESSION'))).toHaveLength(1)
  expect(screen.isCursorShown()).toBe(true)
  expect(leftovers()).toEqual([])
})

test('nothing is written when it ends before the first look', async () => {
  const { terminal, written, raw } = fakeTerminal()
  const watched = await openWatched(terminal, () => undefined)
  watched.close()
  expect(written()).toBe('')
  expect(raw).toEqual([])
})

test('the last day is drawn beside the table or below it, as wide as the terminal is by now', async () => {
  const { terminal, output, writes, leftovers } = fakeTerminal({ columns: 140 })
  const day = reportOf(dayOf([[6, 'live']], { messages: 43 }))
  const watched = await openWatched(terminal, () => undefined)
  const screenAfter = (columns: number) => {
    const drawn = writes.length
    output.columns = columns
    watched.show({ report: day, problems: [], changes: [] })
    const screen = emulatedScreen({ columns, rows: 24 })
    for (const text of writes.slice(drawn)) screen.write(text)
    return screen.text()
  }
  expect(screenAfter(140)[1]).toMatch(/^ {2}work +live .*█ {2}100 % of 6h {2}43$/)
  const below = screenAfter(60)
  expect(below[1]).toMatch(/^ {2}work +live[^█]*$/)
  expect(below[4]).toMatch(/^work +█+ {2}100 % of 6h {2}43$/)
  expect(screenAfter(30).join()).not.toContain('█')
  watched.close()
  expect(leftovers()).toEqual([])
})

test('in blocks only where each of them takes one column', async () => {
  const day = reportOf(dayOf([[6, 'live']]))
  for (const narrowBlocks of [true, false]) {
    const { terminal, written } = fakeTerminal({ columns: 140, narrowBlocks })
    const watched = await openWatched(terminal, () => undefined)
    watched.show({ report: day, problems: [], changes: [] })
    watched.close()
    expect(written().includes('█')).toBe(narrowBlocks)
    expect(written().includes('====')).toBe(!narrowBlocks)
  }
})

test('what is wrong stands above how the day went, and that above what changed', async () => {
  const seen = report([{ ...dead(noon), health: dayOf([[6, 'live']]).health }], evidence().keeper, noon)
  const lines = await shown({ report: seen, changes })
  const places = ['[plugin-exited]', '24h ago', 'Changes'].map((what) =>
    lines.findIndex((line) => line.includes(what)),
  )
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  expect(places[0]).toBeGreaterThan(0)
})
