import type { DialogName } from '../../../src/core/client.ts'
import type { Effect } from '../../../src/core/effect.ts'
import type { LaunchDecision } from '../../../src/core/launch.ts'
import type { Notice } from '../../../src/core/notify/notice.ts'
import type { Run, Wanted } from '../../../src/core/records.ts'

/** What happened, by real time in ms: for the properties to look at. */
export type Trace = { readonly real: number } & (
  | { readonly what: 'started'; readonly run: Run; readonly others: number; readonly asked: boolean }
  | {
      readonly what: 'ended'
      readonly run: string
      readonly lifeMs: number
      readonly byItself: boolean
      readonly explained: boolean
    }
  | { readonly what: 'left-over-ended' }
  | {
      readonly what: 'acted'
      readonly effect: Effect
      readonly by: 'keeper' | 'command'
      readonly truth: Truth
    }
  | { readonly what: 'verdict'; readonly state: string; readonly reason: string | null }
  | { readonly what: 'ordered'; readonly wanted: Wanted }
  | { readonly what: 'hears'; readonly deaf: string | null }
  | { readonly what: 'keeper'; readonly alive: boolean }
  | { readonly what: 'stops' }
  | { readonly what: 'clock-set' }
  /** The machine, until then. */
  | { readonly what: 'slept'; readonly forMs: number }
  | { readonly what: 'decided'; readonly decision: LaunchDecision }
  /** Late: the next client was to go on with them, and was kept from it. */
  | { readonly what: 'lost'; readonly messages: number; readonly late: boolean }
  | { readonly what: 'failed'; readonly messages: number }
  /** Its people. */
  | { readonly what: 'told'; readonly notice: Notice }
)

/** What a perfect observer knows when something is done to a client. Times are real; null: not so. */
export type Truth = {
  readonly activity: string | null
  readonly dialog: DialogName | null
  readonly deafSince: number | null
  readonly waitingAloneSince: number | null
  readonly loopLives: boolean
}
