import { expect, test } from 'vitest'
import { messengerOf } from '../../../src/channels/messenger.ts'
import { prove } from '../../../src/commands/setup/proof.ts'
import type { Tell } from '../../../src/commands/setup/questions.ts'
import { type Activity, emptyTranscript } from '../../../src/core/client.ts'
import type { Answered, Exchange } from '../../../src/core/exchange.ts'
import { emptySettings } from '../../../src/core/settings.ts'
import type { Deps } from '../../../src/deps.ts'
import { client, evidence, noon, seconds, session, sessionFile, wanted } from '../../core/evidence-builder.ts'

/** What is seen so many seconds after the message, until the next one is. */
type Seen = {
  readonly at: number
  readonly answer: Answered | null
  readonly activity: Activity
  /** Claude's last row, in seconds. */
  readonly spokeAt: number
  /** No message yet. */
  readonly isSilent?: boolean
  /** Not wanted any more: its client ends, has ended, or the session is forgotten as well. */
  readonly left?: 'ending' | 'stopped' | 'removed'
}

/** The proof of a session whose conversation goes like that; how it ended, and what was told. */
const proveWith = async (seen: readonly Seen[]) => {
  let now = 0
  const present = () => seen.findLast(({ at }) => at * seconds <= now) ?? seen[0]
  const deps = {
    clock: {
      now: () => noon + now,
      elapsed: () => now,
      sleep: async (ms: number) => {
        now += ms
      },
    },
    observe: async () => {
      const { activity = 'idle', spokeAt = 0, left } = present() ?? {}
      const transcript = { ...emptyTranscript, lastAssistantAt: noon + spokeAt * seconds }
      return evidence({
        at: noon + now,
        wanted: left === undefined ? wanted() : wanted({ want: false, by: 'down' }),
        client:
          left === undefined || left === 'ending'
            ? client({ file: sessionFile({ activity }), transcript })
            : null,
      })
    },
    probe: async () => ({}),
    exchanges: async (): Promise<readonly Exchange[]> =>
      present()?.isSilent === true
        ? []
        : [{ at: noon, text: 'hello', user: 'me', chatId: '1', answer: present()?.answer ?? null }],
    settings: {
      read: () => ({ ...emptySettings, sessions: present()?.left === 'removed' ? {} : { work: session } }),
    },
    folders: { session: () => ({}) },
    channels: { messengerOf },
  } as unknown as Deps
  const told: string[] = []
  const tell = {
    title: () => undefined,
    say: () => undefined,
    warn: (text: string) => told.push(text),
    done: (text: string) => told.push(text),
    wait: (_: string, action: (signal: AbortSignal, said: () => void) => unknown) =>
      action(new AbortController().signal, () => undefined),
  } as unknown as Tell
  const status = await prove(session, 60_000, tell, deps)
  return { status, told: told.filter((line) => !line.startsWith('It arrived')), seconds: now / seconds }
}

const refused: Answered = { text: '*hi', state: 'failed', detail: "can't parse entities" }

test('an answer that is refused and said again in other words went out', async () => {
  const found = await proveWith([
    { at: 0, answer: null, activity: 'busy', spokeAt: -9 },
    { at: 2, answer: refused, activity: 'busy', spokeAt: 2 },
    { at: 9, answer: { text: 'hi', state: 'sending', detail: null }, activity: 'busy', spokeAt: 9 },
    { at: 10, answer: { text: 'hi', state: 'sent', detail: null }, activity: 'busy', spokeAt: 9 },
  ])
  expect(found).toEqual({ status: 0, told: ['The answer went out: "hi"'], seconds: 10 })
})

test('one that is refused for good is told once Claude rests', async () => {
  const found = await proveWith([
    { at: 0, answer: null, activity: 'busy', spokeAt: -9 },
    { at: 2, answer: refused, activity: 'busy', spokeAt: 2 },
    { at: 9, answer: refused, activity: 'idle', spokeAt: 9 },
  ])
  expect(found).toMatchObject({
    status: 1,
    told: ["The answer did not go out: can't parse entities."],
  })
  expect(found.seconds).toBeGreaterThan(12)
  expect(found.seconds).toBeLessThan(13)
})

test('a turn that ends without an answer is told once Claude rests', async () => {
  const found = await proveWith([
    { at: 0, answer: null, activity: 'busy', spokeAt: -9 },
    { at: 4, answer: null, activity: 'idle', spokeAt: 4 },
  ])
  expect(found).toMatchObject({
    status: 1,
    told: ['Claude read the message and ended its turn without an answer.'],
  })
})

const quiet = { answer: null, activity: 'idle', spokeAt: -9 } as const

test.each([
  ['stopped', 1, 'work is stopped; `channels up work` starts it.', 8],
  ['removed', 3, 'work was removed.', 6],
] as const)(
  '%s while a message is waited for: said, and waited for no longer',
  async (left, status, line, seconds) => {
    const found = await proveWith([
      { ...quiet, at: 0, isSilent: true },
      { ...quiet, at: 5, isSilent: true, left: 'stopped' },
      { ...quiet, at: 6, isSilent: true, left },
    ])
    expect(found).toEqual({ status, told: [line], seconds })
  },
)

test('stopped while the answer is waited for: what goes out while the client ends still counts', async () => {
  const busy = { ...quiet, activity: 'busy' } as const
  const ending = { ...busy, at: 2, left: 'ending' } as const
  const answered: Answered = { text: 'bye', state: 'sent', detail: null }
  expect(await proveWith([{ ...busy, at: 0 }, ending, { ...ending, at: 4, answer: answered }])).toEqual({
    status: 0,
    told: ['The answer went out: "bye"'],
    seconds: 4,
  })
  expect(await proveWith([{ ...busy, at: 0 }, ending, { ...quiet, at: 4, left: 'stopped' }])).toEqual({
    status: 1,
    told: ['work is stopped; `channels up work` starts it.'],
    seconds: 7,
  })
})
