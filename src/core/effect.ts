import type { Event } from './events.ts'
import type { ProcessId } from './process.ts'
import type { ReasonName } from './reasons.ts'

/** What the machine wants done about one session; `keeper/act.ts` does it. */
export type Effect =
  | { readonly do: 'journal'; readonly event: Event }
  | { readonly do: 'start-terminal' }
  | {
      readonly do: 'end-client'
      readonly process: ProcessId
      readonly run: string
      readonly ended: ReasonName | 'asked' | 'stopped'
      readonly fresh: boolean
      /** Only at rest: a message that reaches it right before is worked on first. */
      readonly gently: boolean
    }
  | { readonly do: 'end-poller'; readonly process: ProcessId }
  /** Hurries a loop that waits. */
  | { readonly do: 'wake' }
  | { readonly do: 'look-again'; readonly afterMs: number }
