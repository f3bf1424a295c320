import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { timeOfDay } from '../../src/ui/time-of-day.ts'
import { client, evidence, noon, seconds, type session, sessionFile } from '../core/evidence-builder.ts'
import { ctrlC, fakeTerminal } from '../ui/fake-terminal.ts'
import { broken, dead, time, watch } from './watching.ts'

test('lines: every session once, then only what changed; 0 when it is left', async () => {
  const { status, printed } = await watch([{}, {}, { seen: dead }, { seen: dead }, {}], 'lines')
  expect(status).toBe(0)
  expect(printed).toEqual([
    expect.stringMatching(/^work is live: /),
    expect.stringMatching(/^other is live: /),
    expect.stringMatching(
      new RegExp(`^${time(2)} work live -> recovering \\[plugin-exited\\]: The channel plugin died;`),
    ),
    `${time(4)} work recovering -> live`,
  ])
})

test('lines: a remark that comes and goes', async () => {
  const scenes = [{}, { seen: evidence({ keeper: null }) }, {}]
  const { printed } = await watch(scenes, 'lines', {}, ['work'])
  expect(printed.slice(1)).toEqual([
    expect.stringMatching(new RegExp(`^${time(1)} work: no keeper is at work: .* \\[keeper-missing\\]$`)),
    `${time(2)} work: no longer so: [keeper-missing]`,
  ])
})

test('a picture where there is no terminal to draw on is lines, and lines stay lines where there is one', async () => {
  expect((await watch([{}], 'picture')).printed).toEqual((await watch([{}], 'lines')).printed)
  const { terminal, written } = fakeTerminal()
  expect((await watch([{}], 'lines', { drawable: () => terminal })).printed).toHaveLength(2)
  expect(written()).toBe('')
})

test('JSON: a document a line, and another one only when more than times differ', async () => {
  const busy = evidence({ client: client({ file: sessionFile({ activity: 'busy' }) }) })
  const { status, printed, said } = await watch(
    [{}, {}, { seen: busy }, { seen: busy }, { settings: broken }, {}],
    'json',
  )
  expect(status).toBe(0)
  const documents = printed.map((line) => JSON.parse(line))
  expect(documents).toMatchObject([
    { version: 1, total: 2, sessions: [{ client: { activity: 'idle' } }, {}] },
    { sessions: [{ client: { activity: 'busy' } }, {}] },
    { sessions: [{ client: { activity: 'idle' } }, {}] },
  ])
  expect(documents.map(({ at }) => Date.parse(at) - noon)).toEqual([0, 2 * seconds, 4 * seconds])
  expect(said).toEqual(['config.json is not valid. Mend it.'])
})

test('at a terminal a picture, left at Ctrl-C with 0, though an answer is still waited for', async () => {
  const { terminal, type, shows, text, leftovers } = fakeTerminal({ columns: 100 })
  let looks = 0
  const ended = watch([], 'picture', {
    drawable: () => terminal,
    observe: (asked) => {
      looks += 1
      return looks <= 2 ? Promise.resolve({ ...evidence(), session: asked }) : new Promise(() => undefined)
    },
    clock: { now: () => noon, elapsed: () => 0, sleep: async () => undefined },
  })
  await shows('q or Ctrl-C leaves')
  await type(ctrlC)
  expect(await ended).toMatchObject({ status: 0, printed: [] })
  expect(stripVTControlCharacters(text())).toContain(`As it was at ${timeOfDay(noon)}.`)
  expect(leftovers()).toEqual([])
})

test('a bug stays one, with the terminal as it was', async () => {
  const { terminal, leftovers, written } = fakeTerminal()
  let looks = 0
  const observe = async (asked: typeof session) => {
    looks += 1
    if (looks > 2) throw new TypeError('a bug')
    return { ...evidence(), session: asked }
  }
  await expect(watch([{}, {}], 'picture', { drawable: () => terminal, observe })).rejects.toThrow('a bug')
  expect(written()).toContain('SESSION')
  expect(leftovers()).toEqual([])
})
