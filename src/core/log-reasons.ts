import type { FailedWhy, SkippedWhy } from './client.ts'
import type { ReasonName } from './reasons.ts'

/** What it amounts to that the client listens to a server by no channel, by what its MCP log says of it. */
export const skippedReason = {
  gate: 'channels-unavailable',
  'org-policy': 'org-policy',
  'not-allowlisted': 'not-allowlisted',
  'not-listed': 'plugin-not-started',
  login: 'login-missing',
  'not-a-channel': 'not-a-channel',
  unknown: 'channel-skipped',
} as const satisfies Readonly<Record<SkippedWhy, ReasonName>>

/** What it amounts to that the client has no connection to a server. */
export const failedReason = {
  'token-missing': 'token-missing',
  'bun-missing': 'bun-missing',
  'port-taken': 'port-taken',
  'connection-closed': 'plugin-failed',
  unknown: 'plugin-failed',
} as const satisfies Readonly<Record<FailedWhy, ReasonName>>
