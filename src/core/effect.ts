import type { DialogAnswer, DialogName } from './client.ts'
import type { Event } from './events.ts'
import type { ProcessId } from './process.ts'
import type { ReasonName } from './reasons.ts'
import type { Orders } from './records.ts'

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
      /** Keep it ended. */
      readonly hold: Orders['hold']
    }
  /** Ends a hold, as these orders have it. */
  | { readonly do: 'release'; readonly why: 'logged-in' | 'keeper-back'; readonly orders: Orders }
  /** Asks the client whether it is logged in. */
  | { readonly do: 'check-login' }
  /** Lets a suspended poller go on. */
  | { readonly do: 'continue-poller'; readonly process: ProcessId }
  /** Chooses an option of a dialog that is recognised word for word. */
  | { readonly do: 'answer-dialog'; readonly dialog: DialogName; readonly answer: DialogAnswer }
  | { readonly do: 'end-poller'; readonly process: ProcessId }
  /** Hurries a loop that waits. */
  | { readonly do: 'wake' }
  | { readonly do: 'look-again'; readonly afterMs: number }
