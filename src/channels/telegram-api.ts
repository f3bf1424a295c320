import { isLoopback } from '../core/loopback.ts'
import type { Platform } from '../core/records.ts'
import { usageError } from '../errors.ts'
import type { Request } from '../system/https.ts'
import { botId } from './telegram.ts'

const timeoutMs = 5_000

/**
 * Where the Bot API is: `TELEGRAM_API_ROOT`, else Telegram's. It gets the token, so it must be https or this machine:
 * else ExpectedError (usage). Without a slash at its end.
 */
export const telegramApiRoot = (env: Readonly<Record<string, string | undefined>>): string => {
  const named = env.TELEGRAM_API_ROOT
  if (named === undefined || named === '') return 'https://api.telegram.org'
  const url = parseUrl(named)
  if (
    url === null ||
    !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
  ) {
    throw usageError(
      'TELEGRAM_API_ROOT is neither an https address nor one of this machine.',
      'The bot token is sent there: give `https://…` or `http://127.0.0.1:<port>`.',
    )
  }
  return url.href.replace(/\/+$/, '')
}

/**
 * Asks the platform about a bot with `getMe` and `getWebhookInfo`, which a running bot does not notice (field notes,
 * section 2, "Platform"). `now` is ms since 1970. Never throws; what it could not learn is unknown or null, and the
 * token is in no detail.
 */
export const probeTelegram = async (
  request: Request,
  apiRoot: string,
  token: string,
  now: number,
): Promise<Platform> => {
  const asked = nothing(now, botId(token))
  const me = await call(request, apiRoot, token, 'getMe')
  if (me.is === 'refused') return { ...asked, token: 'rejected', detail: me.detail }
  if (me.is === 'failed') return { ...asked, detail: me.detail }
  const account = typeof me.result.username === 'string' ? `@${me.result.username}` : null
  const webhook = await call(request, apiRoot, token, 'getWebhookInfo')
  const seen = { ...asked, token: 'accepted', account } as const
  if (webhook.is !== 'answered') return { ...seen, detail: webhook.detail }
  const { pending_update_count: pending, url } = webhook.result
  // Only the host: people put secrets, the token itself among them, into a webhook's path.
  return {
    ...seen,
    pending: typeof pending === 'number' ? pending : null,
    webhook: typeof url === 'string' && url !== '' ? (parseUrl(url)?.host ?? 'set') : null,
  }
}

type Reply =
  | { readonly is: 'answered'; readonly result: Readonly<Record<string, unknown>> }
  | { readonly is: 'refused'; readonly detail: string }
  | { readonly is: 'failed'; readonly detail: string }

const call = async (request: Request, apiRoot: string, token: string, method: string): Promise<Reply> => {
  try {
    const { status, body } = await request(`${apiRoot}/bot${token}/${method}`, { timeoutMs })
    const answer = parseAnswer(body)
    const detail = `${method} answered ${status}`
    // Telegram says 401 of a token that was revoked, 404 of one that never was; a proxy says them without its JSON.
    if ((status === 401 || status === 404) && answer?.ok === false) return { is: 'refused', detail }
    const result = status === 200 && answer?.ok === true ? answer.result : null
    return result === null ? { is: 'failed', detail } : { is: 'answered', result }
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    return { is: 'failed', detail: `${method}: ${said.replaceAll(token, '<token>')}` }
  }
}

type Answer = { readonly ok: unknown; readonly result: Readonly<Record<string, unknown>> | null }

const parseAnswer = (body: string): Answer | null => {
  try {
    const { ok, result } = JSON.parse(body) as { readonly ok?: unknown; readonly result?: unknown }
    return { ok, result: typeof result === 'object' ? (result as Answer['result']) : null }
  } catch {
    return null
  }
}

const nothing = (at: number, id: string | null): Platform => ({
  at,
  botId: id,
  token: 'unknown',
  account: null,
  pending: null,
  webhook: null,
  detail: null,
})

const parseUrl = (text: string): URL | null => {
  try {
    return new URL(text)
  } catch {
    return null
  }
}
