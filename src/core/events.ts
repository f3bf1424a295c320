import type { NoticeEvent } from './notify/notice.ts'
import type { ReasonName } from './reasons.ts'
import type { ExitRecord, Gap } from './records.ts'

/** The journal: what happened and why. Never screen text, never a token. */
export type Event =
  | {
      readonly type: 'client-started'
      readonly run: string
      readonly conversation: string
      readonly resumed: boolean
      readonly pid: number | null
    }
  | ({ readonly type: 'client-ended' } & Pick<
      ExitRecord,
      'run' | 'code' | 'signal' | 'reason' | 'unexplained'
    >)
  | {
      readonly type: 'waiting'
      readonly reason: ReasonName | 'stopped'
      readonly detail: string | null
      readonly untilMs: number
    }
  | {
      readonly type: 'state'
      readonly channel: string | null
      readonly from: string | null
      readonly to: string
      readonly reason: ReasonName | null
      readonly detail: string | null
    }
  | { readonly type: 'healing'; readonly reason: ReasonName; readonly action: string }
  | { readonly type: 'reaped'; readonly run: string; readonly pid: number; readonly command: string }
  | { readonly type: 'survivor'; readonly run: string; readonly pid: number; readonly command: string }
  | { readonly type: 'conversation'; readonly run: string; readonly from: string | null; readonly to: string }
  | { readonly type: 'terminal'; readonly what: 'started' | 'lost' | 'ended'; readonly detail: string | null }
  | {
      readonly type: 'asked'
      readonly what:
        | 'up'
        | 'down'
        | 'restart'
        | 'send'
        | 'setup'
        | 'remove'
        | 'token'
        | 'set'
        | 'pair'
        | 'access'
      readonly by: string
    }
  | { readonly type: 'left'; readonly by: 'person' }
  /** Nobody listened for a while; or messages were lost at a moment. */
  | ({ readonly type: 'gap' } & Gap)
  | {
      readonly type: 'keeper'
      readonly what: 'started' | 'left' | 'took-over' | 'stopping'
      readonly pid: number
      readonly version: string
    }
  /** Somebody was told of trouble, or could not be. */
  | {
      readonly type: 'told'
      readonly event: NoticeEvent
      readonly reason: ReasonName | null
      readonly by: 'bot' | 'command'
      readonly outcome: 'sent' | 'unsure' | 'failed' | 'refused' | 'dropped'
      readonly detail: string | null
    }
  | { readonly type: 'fault'; readonly what: string; readonly detail: string }

export type JournalEntry = { readonly at: number; readonly session: string | null } & Event
