import { mayHaveArrived, restOf } from '../core/notify/delivery.ts'
import { isTable } from '../core/shape.ts'
import type { Request } from '../system/https.ts'

/** What the Bot API made of a call; the token is in no detail. */
export type TelegramReply =
  | { readonly is: 'answered'; readonly result: unknown }
  /** There is no such bot: the token was revoked or never was one. */
  | { readonly is: 'refused'; readonly detail: string }
  | {
      readonly is: 'failed'
      readonly detail: string
      /** Null when no answer came. */
      readonly status: number | null
      /** Telegram's own words, for telling failures apart; empty when it said none. */
      readonly description: string
      /** It is asked too often, and wants so many seconds of rest. */
      readonly retryAfterS: number | null
      /** What was asked may have been done all the same. */
      readonly mayHaveArrived: boolean
    }

export type TelegramCall = {
  readonly method: string
  /** Sent as JSON by POST; without them it is a GET. */
  readonly params?: Readonly<Record<string, unknown>>
  readonly timeoutMs?: number
}

/** Calls a method of the Bot API, with 5 s for the whole unless told. Never throws. */
export const callTelegram = async (
  request: Request,
  apiRoot: string,
  token: string,
  { method, params, timeoutMs = 5_000 }: TelegramCall,
): Promise<TelegramReply> => {
  try {
    const { status, body } = await request(`${apiRoot}/bot${token}/${method}`, {
      timeoutMs,
      ...(params === undefined ? {} : asPost(params)),
    })
    const answer = parseAnswer(body)
    const detail = `${method} answered ${status}`
    // Telegram says 401 of a token that was revoked, 404 of one that never was; a proxy says them without its JSON.
    if ((status === 401 || status === 404) && answer?.ok === false) return { is: 'refused', detail }
    if (status === 200 && answer?.ok === true) return { is: 'answered', result: answer.result }
    const description = typeof answer?.description === 'string' ? answer.description : ''
    return {
      is: 'failed',
      detail,
      status,
      description,
      retryAfterS: retryAfterOf(answer),
      mayHaveArrived: false,
    }
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    const detail = `${method}: ${said.replaceAll(token, '<token>')}`
    return {
      ...{ is: 'failed', detail, status: null, description: '', retryAfterS: null },
      mayHaveArrived: mayHaveArrived(error),
    }
  }
}

const asPost = (params: object) => ({
  method: 'POST' as const,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(params),
})

type Document = {
  readonly ok?: unknown
  readonly result?: unknown
  readonly description?: unknown
  readonly parameters?: unknown
}

const retryAfterOf = (answer: Document | null): number | null =>
  restOf(isTable(answer?.parameters) ? answer.parameters.retry_after : null)

const parseAnswer = (body: string): Document | null => {
  try {
    const document: unknown = JSON.parse(body)
    return typeof document === 'object' ? document : null
  } catch {
    return null
  }
}
