import { expect, test } from 'vitest'
import { prove } from '../../../src/commands/setup/proof.ts'
import type { Tell } from '../../../src/commands/setup/questions.ts'
import { type Activity, emptyTranscript } from '../../../src/core/client.ts'
import type { Answered, Exchange } from '../../../src/core/exchange.ts'
import type { Deps } from '../../../src/deps.ts'
import { client, evidence, noon, seconds, session, sessionFile } from '../../core/evidence-builder.ts'

/** What is seen so many seconds after the message, until the next one is. */
type Seen = {
  readonly at: number
  readonly answer: Answered | null
  readonly activity: Activity
  /** Claude's last row, in seconds. */
  readonly spokeAt: number
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
      const { activity = 'idle', spokeAt = 0 } = present() ?? {}
      const transcript = { ...emptyTranscript, lastAssistantAt: noon + spokeAt * seconds }
      return evidence({
        at: noon + now,
        client: client({ file: sessionFile({ activity }), transcript }),
      })
    },
    probe: async () => ({}),
    exchanges: async (): Promise<readonly Exchange[]> => [
      { at: noon, text: 'hello', user: 'me', chatId: '1', answer: present()?.answer ?? null },
    ],
    folders: { session: () => ({}) },
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
  return { status, told: told.slice(1), seconds: now / seconds }
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
