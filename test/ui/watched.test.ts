import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { no } from '../../src/core/answer.ts'
import { type Change, changesBetween } from '../../src/core/changes.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import { report } from '../../src/core/report.ts'
import { breakLines } from '../../src/ui/picture.ts'
import type { Line } from '../../src/ui/status.ts'
import { createTheme } from '../../src/ui/theme.ts'
import { timeOfDay } from '../../src/ui/time-of-day.ts'
import { openWatched } from '../../src/ui/watched.ts'
import { freshMs, type Watched, watchedLines } from '../../src/ui/watched-lines.ts'
import { dayOf, reportOf } from '../core/day-builder.ts'
import {
  client,
  evidence,
  noon,
  seconds,
  session,
  sessionFile,
  wanted,
  withChannel,
} from '../core/evidence-builder.ts'
import { emulatedScreen } from './emulated-screen.ts'
import { ctrlC, fakeTerminal } from './fake-terminal.ts'

const other = (seen: Evidence): Evidence => ({ ...seen, session: { ...session, name: 'other' } })
const dead = (at: number): Evidence =>
  withChannel({ poller: no('the process in bot.pid (4720) is gone') }, { at })
const before = report([evidence(), other(evidence())], null, noon)
const after = report([evidence({ at: noon + seconds }), other(dead(noon + seconds))], null, noon + seconds)
const changes = changesBetween(before, after)

const shown = async (watched: Partial<Watched>, colour = false, rows = 200) => {
  const whole = { report: after, problems: [], changes: [], ...watched }
  const look = { mark: colour ? 'inverse' : 'star', theme: await createTheme(colour) } as const
  const columns = 80
  const room = { columns, rows, heightOf: (lines: readonly Line[]) => breakLines(lines, columns).length }
  const lines = watchedLines(whole, { ...look, day: { columns, unicode: true } }, room)
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

const stopped: Partial<Evidence> = { wanted: wanted({ want: false }), client: null }
/** Sessions site1, site2 and so on, with a day to draw; those at `ill` are blocked. */
const many = (count: number, ill: readonly number[], well = stopped) => {
  const seen = Array.from({ length: count }, (_, i): Evidence => {
    const day = dayOf([[6, 'live']], { name: `site${i + 1}` })
    const asks = client({ file: sessionFile({ activity: 'waiting', waitingFor: 'permission prompt' }) })
    return { ...day, ...(ill.includes(i) ? { client: asks } : well) }
  })
  return reportOf(...seen)
}

test('of more sessions than rows what is unwell stands first, with why, what changed and how to leave', async () => {
  const { terminal, output, writes } = fakeTerminal({ columns: 80 })
  output.rows = 24
  const seen = many(30, [28])
  const watched = await openWatched(terminal, () => undefined)
  const change = { at: noon, session: 'site29', from: null, to: seen.sessions[28] ?? null }
  watched.show({ report: seen, problems: [], changes: [change] })
  const screen = emulatedScreen({ columns: 80, rows: 24 })
  for (const text of writes) screen.write(text)
  const lines = screen.text()
  expect(lines).toHaveLength(24)
  expect(lines[1]).toMatch(/^\* site29 +blocked/)
  expect(lines[2]).toMatch(/^ {2}site1 +stopped/)
  expect(lines).toContainEqual(expect.stringMatching(/^… \d+ more sessions: \d+ stopped$/))
  expect(lines).toContainEqual(expect.stringMatching(/^site29: .*\[permission-prompt\]$/))
  expect(lines.at(-3)).toMatch(/ site29 new -> blocked \[permission-prompt\]$/)
  expect(lines.at(-1)).toMatch(/q or Ctrl-C leaves$/)
  // Twelve rows hold no changes; the ill one, its note and the way out they do.
  output.rows = 12
  const drawn = writes.length
  output.emit('resize')
  const small = emulatedScreen({ columns: 80, rows: 12 })
  for (const text of writes.slice(drawn)) small.write(text)
  expect(small.text()[1]).toMatch(/^\* site29 +blocked/)
  expect(small.text().join('\n')).toMatch(/\[permission-prompt\][\s\S]*q or Ctrl-C leaves$/)
  watched.close()
})

test('three rows hold a session and how to leave', async () => {
  const { terminal, output, writes } = fakeTerminal({ columns: 80 })
  output.rows = 3
  const watched = await openWatched(terminal, () => undefined)
  watched.show({ report: many(4, [2]), problems: [], changes: [] })
  const screen = emulatedScreen({ columns: 80, rows: 3 })
  for (const text of writes) screen.write(text)
  expect(screen.text()).toEqual([
    expect.stringMatching(/^ {2}SESSION/),
    '… 4 more sessions: 1 blocked, 3 stopped',
    expect.stringMatching(/q or Ctrl-C leaves$/),
  ])
  watched.show({ report: many(1, [0]), problems: [], changes: [] })
  for (const text of writes) screen.write(text)
  expect(screen.text()[1]).toMatch(/^ {2}site1 +blocked/)
  watched.close()
})

test('a last day below the table goes before a session does', async () => {
  const report = many(4, [1], {})
  const all = await shown({ report }, false, 40)
  expect(all.join('\n')).toContain('24h ago')
  const fewer = await shown({ report }, false, all.length - 1)
  expect(fewer).toEqual(all.slice(0, fewer.length))
  expect(fewer.join('\n')).not.toContain('24h ago')
  expect(fewer.filter((line) => /^ {2}site/.test(line))).toHaveLength(4)
})

test('where not even what is unwell has room, it is counted', async () => {
  const lines = await shown(
    {
      report: many(
        30,
        Array.from({ length: 29 }, (_, i) => i),
      ),
    },
    false,
    20,
  )
  expect(lines.join('\n')).toMatch(
    /\n… \d+ more sessions: \d+ blocked, 1 stopped\n\nsite1: [\s\S]*\n… \d+ more lines$/,
  )
  expect(lines.length).toBeLessThanOrEqual(20)
})

test('a remark about one that is well is seen before the others that are', async () => {
  const seen = many(30, [3], {}).sessions
  const remarked = seen.map((each, i) => (i === 20 ? { ...each, remarks: ['unpaired' as const] } : each))
  const lines = await shown({ report: { ...many(30, [3], {}), sessions: remarked } }, false, 20)
  expect(lines.slice(1, 4).map((line) => line.slice(2, 9).trim())).toEqual(['site4', 'site21', 'site1'])
  expect(lines).toContainEqual(expect.stringMatching(/^site21: nobody may write/))
})

test('whatever is watched fits, and hides nobody who is unwell behind one who is not', async () => {
  const theme = await createTheme(true)
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(39), { maxLength: 40 }),
      fc.integer({ min: 12, max: 60 }),
      fc.constantFrom(60, 80, 160),
      (ill, rows, columns) => {
        const room = {
          columns,
          rows,
          heightOf: (lines: readonly Line[]) => breakLines(lines, columns).length,
        }
        const look = { mark: 'star', theme, day: { columns, unicode: true } } as const
        const lines = watchedLines({ report: many(40, ill), problems: [], changes: [] }, look, room)
        expect(room.heightOf(lines)).toBeLessThanOrEqual(rows)
        const shown = lines
          .map(([line]) => stripVTControlCharacters(line))
          .filter((line) => /^ {2}site/.test(line))
        if (shown.length === 40) return
        const unwell = shown.filter((line) => line.includes('blocked'))
        expect(shown.slice(0, unwell.length)).toEqual(unwell)
        expect(unwell.length === ill.length || shown.length === unwell.length).toBe(true)
      },
    ),
    { numRuns: 60 },
  )
})
