import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type LogsOptions, logs } from '../../src/commands/logs.ts'
import { type Answer, no, unknown, yes } from '../../src/core/answer.ts'
import type { Session } from '../../src/core/session.ts'
import { emptySettings } from '../../src/core/settings.ts'
import { ExpectedError } from '../../src/errors.ts'
import { files } from '../../src/system/files.ts'
import { createJournal } from '../../src/system/journal.ts'
import { printable } from '../../src/system/printable.ts'
import { createTail } from '../../src/system/tail.ts'
import { timeOfDay } from '../../src/ui/time-of-day.ts'
import { minutes, noon, seconds, session } from '../core/evidence-builder.ts'
import { ownFolder } from '../system/own.ts'

const plain: LogsOptions = { follow: false, last: 100, since: null, sources: ['keeper'], json: false }

type Given = {
  readonly name?: string
  /** Of the terminal that stdout is. */
  readonly columns?: number
  /** What happens between two looks of somebody who follows, and leaves after the last. */
  readonly happens?: readonly (() => void)[]
  /** What stands in a terminal. */
  readonly screen?: (of: Session) => Answer<string>
  /** The sessions whose records can't be read. */
  readonly broken?: readonly string[]
}

const reader = (names: readonly string[] = ['work']) => {
  let at = noon
  const journal = createJournal(join(ownFolder(), 'journal.jsonl'), { now: () => at++ })
  const sessions = Object.fromEntries(names.map((name) => [name, { ...session, name }]))
  const settings = { ...emptySettings, sessions }
  const run = async (options: Partial<LogsOptions>, given: Given = {}) => {
    const { name, columns, happens = [], broken = [] } = given
    const [lines, said]: [string[], string[]] = [[], []]
    const left = new AbortController()
    const coming = [...happens]
    const sleep = async () => {
      const next = coming.shift()
      if (next === undefined) left.abort()
      else next()
    }
    const status = await logs(
      name,
      { ...plain, ...options },
      {
        settings: { read: () => settings, update: async () => settings },
        output: {
          print: (line) => void lines.push(line),
          printAll: () => undefined,
          say: (line) => void said.push(line),
          colour: () => false,
          terminal: () => false,
          interactive: () => false,
        },
        cancelled: left.signal,
        clock: { now: () => noon + 10 * seconds, elapsed: () => 0, sleep },
        journal,
        createTail,
        files,
        columns: () => columns ?? null,
        printable,
        channelLog: (of) => async () => {
          if (broken.includes(of.name))
            throw new ExpectedError(77, `Can't read ${of.name}/run.json.`, 'A hint.')
          return [{ at: noon + 1, channel: 'server:x', text: `hello of ${of.name}`, explained: null }]
        },
        screen: async (of) => given.screen?.(of) ?? yes(`terminal of ${of.name}`),
        keepCode: () => undefined,
      },
    )
    return { lines, said, status }
  }
  const show = async (options: Partial<LogsOptions>, given: Given = {}) => (await run(options, given)).lines
  const write = (what: string, name: string | null = 'work', time: number | null = null) => {
    at = time ?? at
    journal.append(name, { type: 'fault', what, detail: 'x' })
  }
  return { journal, run, show, write }
}
const said = (what: string) => `channels itself had trouble with \`${what}\`: x`

test('the newest lines are shown of a journal longer than one read', async () => {
  const { journal, show } = reader()
  const detail = 'x'.repeat(1_000_000)
  for (let i = 0; i < 5; i += 1) journal.append('work', { type: 'fault', what: `${i}`, detail })
  journal.append('work', { type: 'fault', what: 'newest', detail: 'here' })
  expect((await show({ last: 1 }))[0]).toContain('newest')
})

test('no lines when none are asked for', async () => {
  const { show, write } = reader()
  for (const what of ['one', 'two']) write(what)
  expect(await show({ last: 0 })).toEqual([])
  expect((await show({ last: 1 })).join()).toContain('two')
  expect((await show({ last: 9 })).length).toBe(2)
})

test('piped, a line has its date and says who; nothing is folded', async () => {
  const { show, write } = reader()
  for (const what of ['a', 'a', 'a']) write(what, 'work', noon)
  expect(await show({})).toEqual(Array(3).fill(`2026-11-22T10:00:00.000Z keeper  ${said('a')}`))
})

test('without a name it is about all sessions, merged by time and told apart', async () => {
  const { show, write } = reader(['work', 'site'])
  write('a', 'work', noon)
  write('b', null, noon + 2)
  write('c', 'site', noon + 3)
  write('d', 'removed')
  expect((await show({ sources: ['keeper', 'channel'] })).map((line) => line.slice(25))).toEqual([
    `keeper  work ${said('a')}`,
    'channel work hello of work',
    'channel site hello of site',
    `keeper  -    ${said('b')}`,
    `keeper  site ${said('c')}`,
    `keeper  removed ${said('d')}`,
  ])
  expect((await show({}, { name: 'site' })).map((line) => line.slice(25))).toEqual([
    `keeper  ${said('b')}`,
    `keeper  ${said('c')}`,
  ])
  expect(await show({ sources: ['terminal'] })).toEqual([
    'work | terminal of work',
    'site | terminal of site',
  ])
})

test('JSON has one date as all have it, the session and the type, and is never folded', async () => {
  const { show, write } = reader(['work', 'site'])
  for (const what of ['a', 'a']) write(what, 'work', noon)
  expect((await show({ json: true }, { columns: 80 })).map((line) => JSON.parse(line))).toEqual(
    Array(2).fill({
      ...{ at: '2026-11-22T10:00:00.000Z', source: 'keeper', session: 'work' },
      ...{ type: 'fault', what: 'a', detail: 'x' },
    }),
  )
})

test('at a terminal: the time of day, a heading at another day, repeats folded, texts in their column', async () => {
  const { show, write } = reader()
  const yesterday = noon - 24 * 60 * minutes
  for (let i = 0; i < 3; i += 1) write('a', 'work', yesterday + i * seconds)
  write('b', 'work', noon)
  const time = timeOfDay(noon)
  expect(await show({}, { columns: 70 })).toEqual([
    `-- ${new Date(yesterday).toDateString()} --`,
    `${time} keeper  ${said('a')} (x 3, last`,
    `                 ${timeOfDay(yesterday + 2 * seconds)})`,
    `-- ${new Date(noon).toDateString()} --`,
    `${time} keeper  ${said('b')}`,
  ])
  const narrow = await show({}, { columns: 30 })
  expect(narrow.at(-1)).toBe(`${time} keeper  ${said('b')}`)
})

test('followed at a terminal: what goes on is told when something else comes, or at the end', async () => {
  const { show, write } = reader()
  write('a', 'work', noon)
  const again = () => write('a', 'work', noon + seconds)
  const lines = await show(
    { follow: true },
    { columns: 90, happens: [again, again, () => write('b', 'work', noon + seconds), () => write('b')] },
  )
  const [time, later] = [timeOfDay(noon), timeOfDay(noon + seconds)]
  expect(lines).toEqual([
    `${time} keeper  ${said('a')}`,
    `${later} keeper  the same, 2 more`,
    `${later} keeper  ${said('b')}`,
    `${later} keeper  the same, 1 more`,
  ])
})

test('a crash loop at a terminal is its first round and how often it came again; another exit status is not hidden', async () => {
  const { journal, show } = reader()
  const crash = (code: number, run: string) => {
    const ended = { type: 'client-ended', run, code, signal: null } as const
    journal.append('work', { ...ended, reason: 'client-exited', unexplained: true })
    const started = { type: 'client-started', run: `${run}+`, conversation: 'c' } as const
    journal.append('work', { ...started, resumed: true, pid: null })
  }
  for (const [i, code] of [1, 1, 1, 1, 137, 1].entries()) crash(code, `run ${i}`)
  const texts = (await show({}, { columns: 120 })).map((line) => line.slice(17))
  const one = 'client ended with exit status 1: nobody asked it to [client-exited]'
  const started = 'client started, resuming conversation c'
  expect(texts).toEqual([
    ...[one, started, 'the 2 entries above, 3 times more'],
    ...[one.replace('status 1', 'status 137'), started, one, started],
  ])
  // Nothing that is followed is known to be a row before it has been told.
  const followed = await show({ follow: true }, { columns: 120, happens: [() => crash(1, 'last')] })
  expect(followed.slice(-2).map((line) => line.slice(17))).toEqual([one, started])
})

test('a session that can not be read is said once, and keeps nobody from the others', async () => {
  const { run, write } = reader(['work', 'notes'])
  write('a', 'work', noon)
  const all = { sources: ['keeper', 'channel', 'terminal'] } as const
  const { lines, said: told, status } = await run(all, { broken: ['notes'] })
  expect(lines.map((line) => line.replace(/^\S+Z /, ''))).toEqual([
    `keeper  work  ${said('a')}`,
    'channel work  hello of work',
    'work  | terminal of work',
    'notes | terminal of notes',
  ])
  expect(told).toEqual(["notes: Can't read notes/run.json.", '  A hint.'])
  expect(status).toBe(77)
})

test('followed, it is said once, and followed on', async () => {
  const { run, write } = reader(['work', 'notes'])
  const broken: string[] = []
  const happens = [() => void broken.push('notes'), () => undefined, () => write('late')]
  const {
    lines,
    said: told,
    status,
  } = await run({ follow: true, sources: ['keeper', 'channel'] }, { broken, happens })
  expect(lines.join()).toContain(said('late'))
  expect(told).toEqual(["notes: Can't read notes/run.json.", '  A hint.'])
  expect(status).toBe(0)
})

test('where nothing can be read, nothing is waited for', async () => {
  const { run } = reader()
  const { lines, status } = await run({ follow: true, sources: ['channel'] }, { broken: ['work'] })
  expect([lines, status]).toEqual([[], 77])
})

test('of a session that does not run there is no line of a terminal, but why', async () => {
  const { run } = reader()
  const terminal = { sources: ['terminal'] } as const
  for (const json of [false, true]) {
    const { lines, said: told, status } = await run({ ...terminal, json }, { screen: () => no('no such') })
    expect([lines, status]).toEqual([[], 0])
    expect(told).toEqual(['`work` has no terminal: it does not run. `channels up work` starts it.'])
  }
  const { said: told } = await run({ ...terminal, follow: true }, { screen: () => unknown('it hangs') })
  expect(told).toEqual(["The terminal of `work` can't be read: it hangs."])
  expect((await run(terminal, { screen: () => yes('\n \n') })).lines).toEqual([])
})

test('what a clock that was ahead wrote stays where it was written, and is not always new', async () => {
  const { show, write } = reader()
  const what = (lines: readonly string[]) => lines.map((line) => /`(.*)`/.exec(line)?.[1])
  write('before', 'work', noon - 3 * minutes)
  write('ahead', 'work', noon + 900 * minutes)
  write('ahead, too', 'work', noon + 901 * minutes)
  write('put right', 'work', noon - 2 * minutes)
  write('after', 'work', noon - 1 * minutes)
  expect(what(await show({}))).toEqual(['before', 'ahead', 'ahead, too', 'put right', 'after'])
  expect(what(await show({ since: noon - 90 * seconds }))).toEqual(['after'])
  expect((await show({}))[1]).toContain('2026-11-23T01:00:00.000Z')
})

test('all of them since a time, where no number is named', async () => {
  const { show, write } = reader()
  for (let i = 0; i < 3_000; i += 1) write('old', 'work', noon - 90 * minutes)
  for (let i = 0; i < 1_500; i += 1) write(`${i}`, 'work', noon - 30 * minutes + i)
  const since = noon - 60 * minutes
  expect(await show({ since, last: null })).toHaveLength(1_500)
  expect(await show({ since, last: 70 })).toHaveLength(70)
  expect(await show({ last: null })).toHaveLength(100)
})
