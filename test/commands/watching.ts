import { watchStatus } from '../../src/commands/watch-status.ts'
import type { WatchAs } from '../../src/commands/watch-view.ts'
import { no } from '../../src/core/answer.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import { redact } from '../../src/core/redact.ts'
import { emptySettings, type Settings } from '../../src/core/settings.ts'
import { ExpectedError, exitStatus } from '../../src/errors.ts'
import { timeOfDay } from '../../src/ui/time-of-day.ts'
import { evidence, noon, seconds, session, withChannel } from '../core/evidence-builder.ts'

export const other = { ...session, name: 'other' }
export const both: Settings = { ...emptySettings, sessions: { work: session, other } }
export const dead = withChannel({ poller: no('the process in bot.pid (4720) is gone') })
export const broken = new ExpectedError(exitStatus.badConfiguration, 'config.json is not valid.', 'Mend it.')

/** What there is at a look: of `work`; and the settings, or why they can't be read. */
type Scene = { readonly seen?: Evidence; readonly settings?: Settings | ExpectedError }

/** Watches these scenes, a second each, and is left after the last. */
export const watch = async (
  scenes: readonly Scene[],
  as: WatchAs,
  given: Partial<Parameters<typeof watchStatus>[2]> = {},
  names: readonly string[] = [],
) => {
  let at = 0
  const abort = new AbortController()
  const [printed, said]: [string[], string[]] = [[], []]
  const now = () => noon + at * seconds
  const settings = () => {
    const { settings = both } = scenes[at] ?? {}
    if (settings instanceof ExpectedError) throw settings
    return settings
  }
  const status = await watchStatus(names, as, {
    settings: { read: settings, update: async () => both },
    observe: async (asked) => ({
      ...(asked.name === 'work' ? (scenes[at]?.seen ?? evidence()) : evidence()),
      session: asked,
      at: now(),
    }),
    probe: async () => ({}),
    redact,
    clock: {
      now,
      elapsed: () => at * seconds,
      sleep: async () => {
        at += 1
        if (at >= scenes.length) abort.abort()
      },
    },
    output: {
      print: (line) => void printed.push(line),
      printAll: (lines) => void printed.push(...lines.map(([line]) => line)),
      say: (line) => void said.push(line),
      colour: () => false,
      terminal: () => false,
      interactive: () => false,
    },
    drawable: () => null,
    keepCode: () => undefined,
    cancelled: abort.signal,
    cancel: () => abort.abort(),
    ...given,
  })
  return { status, printed, said }
}

/** What a clock on the wall shows that many seconds after noon. */
export const time = (second: number): string => timeOfDay(noon + second * seconds)
