import { minutes, seconds } from '../evidence-builder.ts'
import type { Happening } from './happenings.ts'
import { after, type Story } from './stories.ts'

const story = (...happenings: readonly Happening[]): Story => ({
  seed: 1,
  dialogs: { resume: 'full', development: 'accept' },
  happenings,
})
const wellFirst = after(30 * seconds, { what: 'message' })
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
  ...(['plugin-never', 'plugin-dies', 'thief', 'network'] as const).map((cause) =>
    story(
      wellFirst,
      after(10 * seconds, { what: 'cause', cause, ms: 100 }),
      after(seconds, { what: 'message' }),
      after(20 * minutes, { what: 'mended', cause }),
    ),
  ),
]
