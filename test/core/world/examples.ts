import { minutes, seconds } from '../evidence-builder.ts'
import type { Happening } from './happenings.ts'
import { after, type Story } from './stories.ts'

const story = (...happenings: readonly Happening[]): Story => ({
  seed: 1,
  dialogs: { resume: 'full', development: 'accept' },
  happenings,
})
const wellFirst = after(30 * seconds, { what: 'message' })
/** Long enough that what follows has nothing to do with its start any more. */
const wellForLong = after(2 * minutes, { what: 'message' })
const long = (ms: number) => after(ms, { what: 'time-passes' })

/** Stories in which what seldom comes by chance comes to pass; told before those that chance tells. */
export const examples: readonly Story[] = [
  story(
    wellFirst,
    after(10 * seconds, { what: 'works', forMs: 100 * minutes }),
    after(seconds, { what: 'plugin-breaks', how: 'plugin-dies' }),
    long(61 * minutes),
  ),
  story(
    wellFirst,
    after(10 * seconds, { what: 'asks', prompt: 'question' }),
    after(seconds, { what: 'plugin-breaks', how: 'thief' }),
    long(31 * minutes),
  ),
  story(
    ...Array.from({ length: 6 }, () => [
      after(20 * seconds, { what: 'message' }),
      after(100, { what: 'client-ends', status: 137 }),
    ]).flat(),
    long(seconds),
  ),
  story(
    wellFirst,
    after(0, { what: 'cause', cause: 'slow-close', ms: 3 * seconds }),
    after(seconds, { what: 'loop-lost', clientLives: true }),
  ),
  story(
    wellFirst,
    after(10 * seconds, { what: 'dialog', dialog: 'development-dialog' }),
    after(0, { what: 'client-ends', status: 1 }),
    long(20 * seconds),
  ),
  story(
    wellFirst,
    after(10 * seconds, { what: 'works', forMs: minutes }),
    after(seconds, { what: 'message' }),
    after(seconds, { what: 'client-ends', status: 137 }),
    long(10 * seconds),
  ),
  // Too late for the next client to go on with it.
  story(
    wellFirst,
    after(seconds, { what: 'cause', cause: 'launch', ms: 100 }),
    after(0, { what: 'client-ends', status: 137 }),
    after(20 * minutes, { what: 'mended', cause: 'launch' }),
    long(minutes),
  ),
  // Ended and asked for anew in one: no crash.
  story(
    wellFirst,
    after(10 * seconds, { what: 'asks', prompt: 'permission prompt' }),
    after(seconds, {
      what: 'command',
      asked: { what: 'restart', fresh: false, inside: true, keeper: 'ensured' },
    }),
    ...Array.from({ length: 6 }, () => [
      after(10 * seconds, { what: 'message' }),
      after(100, { what: 'client-ends', status: 137 }),
    ]).flat(),
  ),
  story(
    wellForLong,
    after(10 * seconds, { what: 'suspended' }),
    after(seconds, { what: 'machine-sleeps', forMs: 30 * seconds }),
    long(5 * minutes),
  ),
  // Asked once more right after an answer: that one has its own half hour.
  story(
    wellFirst,
    after(10 * seconds, { what: 'works', forMs: 100 * minutes }),
    after(0, { what: 'asks', prompt: 'permission prompt' }),
    after(seconds, { what: 'plugin-breaks', how: 'plugin-dies' }),
    after(25 * minutes, { what: 'person-answers' }),
    after(0, { what: 'asks', prompt: 'permission prompt' }),
  ),
  story(wellForLong, after(seconds, { what: 'plugin-breaks', how: 'plugin-deaf' }), long(10 * minutes)),
  // Deaf since before there was a keeper to see it connected.
  story(
    after(0, { what: 'keeper-dies', forMs: 20 * minutes }),
    after(10 * seconds, { what: 'works', forMs: 100 * minutes }),
    after(seconds, { what: 'plugin-breaks', how: 'plugin-deaf' }),
    after(25 * minutes, { what: 'suspended' }),
    after(20 * seconds, { what: 'person-answers' }),
  ),
  ...(['plugin-dies', 'thief', 'network', 'token-rejected'] as const).map((cause) =>
    story(
      wellForLong,
      after(10 * seconds, { what: 'cause', cause, ms: 100 }),
      after(seconds, { what: 'message' }),
      after(20 * minutes, { what: 'mended', cause }),
    ),
  ),
  story(
    wellFirst,
    after(10 * seconds, { what: 'cause', cause: 'plugin-never', ms: 100 }),
    after(0, { what: 'client-ends', status: 1 }),
    after(20 * minutes, { what: 'mended', cause: 'plugin-never' }),
  ),
]
