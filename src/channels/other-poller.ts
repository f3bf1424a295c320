import { isTable } from '../core/shape.ts'
import type { Clock } from '../system/clock.ts'
import type { Request } from '../system/https.ts'
import { callTelegram, type TelegramReply } from './telegram-call.ts'

/** Whether somebody else receives a bot's messages. */
export type OtherPoller =
  | { readonly is: 'none' | 'polls' | 'webhook' }
  | { readonly is: 'unknown'; readonly detail: string }

const pollSeconds = 4
/** An empty answer before that was no long poll, and proves nothing. */
const waitedMs = 3_000
const lookAgainMs = 2_000

/**
 * Looks whether another program, on whatever machine, polls this bot: by one long poll of 4 s, so only while no poller
 * of ours runs (field notes, section 2, "Platform"). It confirms no message. Who polls is displaced by it and tries
 * again: the plugin after 1 to 2 s, so its newer call ends ours with a 409 within the wait. One that waits longer than
 * that between its tries is not found. Never throws; the token is in no detail.
 */
export const findOtherPoller = async (
  request: Request,
  apiRoot: string,
  token: string,
  clock: Pick<Clock, 'elapsed' | 'sleep'>,
): Promise<OtherPoller> => {
  const since = clock.elapsed()
  const reply = await callTelegram(request, apiRoot, token, {
    method: 'getUpdates',
    // No offset, which would confirm messages, and no `allowed_updates`, which Telegram would keep.
    params: { limit: 1, timeout: pollSeconds },
    timeoutMs: (pollSeconds + 6) * 1000,
  })
  if (reply.is !== 'answered') return conflictOf(reply)
  if (!Array.isArray(reply.result)) return unclear('getUpdates answered 200')
  if (reply.result.length > 0) return isDrained(() => readQueue(request, apiRoot, token), clock)
  return clock.elapsed() - since >= waitedMs
    ? { is: 'none' }
    : unclear(`getUpdates answered before its ${pollSeconds} s were over`)
}

const unclear = (detail: string): OtherPoller => ({ is: 'unknown', detail })

const conflictOf = (reply: Exclude<TelegramReply, { readonly is: 'answered' }>): OtherPoller => {
  const said = reply.is === 'failed' && reply.status === 409 ? reply.description : ''
  return conflicts.find(({ words }) => words.test(said))?.means ?? unclear(reply.detail)
}

// In Telegram's words (public reports): "terminated by other getUpdates request; make sure that only one bot instance is
// running", "can't use getUpdates method while webhook is active", "terminated by setWebhook request".
const conflicts: readonly { readonly words: RegExp; readonly means: OtherPoller }[] = [
  { words: /webhook/i, means: { is: 'webhook' } },
  { words: /other getUpdates request/i, means: { is: 'polls' } },
]

/**
 * A message waits: it was delivered at once, and nobody's poll was met. Whoever polls takes it off the queue, and one who
 * tries again at once has done so before the first look: our own poll left it there.
 */
const isDrained = async (look: () => Promise<Queue>, clock: Pick<Clock, 'sleep'>): Promise<OtherPoller> => {
  const before = await look()
  if (before.is !== 'waiting') return before
  if (before.count === 0) return { is: 'polls' }
  await clock.sleep(lookAgainMs)
  const after = await look()
  if (after.is !== 'waiting') return after
  return { is: after.count < before.count ? 'polls' : 'none' }
}

type Queue =
  | { readonly is: 'waiting'; readonly count: number }
  | { readonly is: 'webhook' }
  | { readonly is: 'unknown'; readonly detail: string }

const readQueue = async (request: Request, apiRoot: string, token: string): Promise<Queue> => {
  const reply = await callTelegram(request, apiRoot, token, { method: 'getWebhookInfo' })
  if (reply.is !== 'answered') return { is: 'unknown', detail: reply.detail }
  const { pending_update_count: count, url } = isTable(reply.result) ? reply.result : {}
  if (typeof url === 'string' && url !== '') return { is: 'webhook' }
  return typeof count === 'number'
    ? { is: 'waiting', count }
    : { is: 'unknown', detail: 'getWebhookInfo answered 200' }
}
