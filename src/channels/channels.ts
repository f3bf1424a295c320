import type { checkSenders, ensureAccess, readAccess } from './access-file.ts'
import type { inviteLink, permissionNames, readApplication } from './discord-api.ts'
import type { envFaults, meantToken, readToken, writeToken } from './env-file.ts'
import type { messengerOf } from './messenger.ts'
import type { findOtherPoller } from './other-poller.ts'
import type { readPollerPid, slotTakenAt } from './poller.ts'
import type { stateDirFor } from './state-dir.ts'
import type { removeWebhook } from './telegram-api.ts'

/** What a look at sessions asks of what we know about the channel kinds. */
export type LookChannels = {
  readonly readToken: typeof readToken
  readonly readAccess: typeof readAccess
  readonly readPollerPid: typeof readPollerPid
  readonly slotTakenAt: typeof slotTakenAt
}

/** What we know about the channel kinds and their plugins; see `channels/`. */
export type Channels = LookChannels & {
  readonly messengerOf: typeof messengerOf
  readonly stateDirFor: typeof stateDirFor
  readonly meantToken: typeof meantToken
  readonly envFaults: typeof envFaults
  readonly writeToken: ReturnType<typeof writeToken>
  readonly ensureAccess: ReturnType<typeof ensureAccess>
  readonly checkSenders: typeof checkSenders
  readonly removeWebhook: typeof removeWebhook
  readonly findOtherPoller: typeof findOtherPoller
  readonly readApplication: typeof readApplication
  readonly inviteLink: typeof inviteLink
  readonly permissionNames: typeof permissionNames
}
