import type { Recipient } from '../session.ts'
import type { Notice } from './notice.ts'

/** What the bot could not tell so far: kept, so that the next keeper knows it. Times in ms since 1970. */
export type Outbox = {
  /** Certainly not told yet, and to be tried again; null while it is being tried: it may be told then. */
  readonly pending: PendingNotice | null
  /** The last try where it did not get there, or nobody knows whether it did; null where none was made. */
  readonly failed: FailedDelivery | null
}

export type PendingNotice = {
  readonly notice: Notice
  /** So many failed. */
  readonly tries: number
  /** Not tried again before. */
  readonly notBefore: number
}

export type FailedDelivery = {
  readonly at: number
  readonly to: Recipient
  /** It does not get there, however often it is tried. */
  readonly refused: boolean
  /** It may have got there all the same. */
  readonly unsure: boolean
  readonly detail: string
}

/** One person of one bot, as a line. */
export const recipientLine = ({ channel, sender }: Recipient): string => `${channel} ${sender}\n`
