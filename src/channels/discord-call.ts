import { mayHaveArrived, restOf } from '../core/notify/delivery.ts'
import { isTable } from '../core/shape.ts'
import type { Request } from '../system/https.ts'

/** What Discord made of a call; the token is in no detail. */
export type DiscordReply =
  | { readonly is: 'answered'; readonly result: unknown }
  /** The token is no bot's, or was reset. */
  | { readonly is: 'refused'; readonly detail: string }
  /** Status null: no answer came. */
  | {
      readonly is: 'failed'
      readonly detail: string
      readonly status: number | null
      /** Discord's own words; empty when it said none. */
      readonly message: string
      /** It is asked too often, and wants so many seconds of rest. */
      readonly retryAfterS: number | null
      /** What was asked may have been done all the same. */
      readonly mayHaveArrived: boolean
    }

/** Discord turns away who does not say what it is; in this form (its API reference, "User Agent"). */
const agent = 'DiscordBot (https://www.npmjs.com/package/claude-channels, 1)'

/** Reads from Discord's REST API as a bot, with 5 s for the whole: what a running bot does not notice. Never throws. */
export const readDiscord = (
  request: Request,
  apiRoot: string,
  token: string,
  path: string,
): Promise<DiscordReply> => callDiscord(request, apiRoot, token, { path })

/** The same by POST, where there are `params`. */
export const callDiscord = async (
  request: Request,
  apiRoot: string,
  token: string,
  { path, params }: { readonly path: string; readonly params?: Readonly<Record<string, unknown>> },
): Promise<DiscordReply> => {
  try {
    const { status, body } = await request(`${apiRoot}${path}`, {
      timeoutMs: 5_000,
      ...(params === undefined ? {} : { method: 'POST', body: JSON.stringify(params) }),
      headers: {
        authorization: `Bot ${token}`,
        'user-agent': agent,
        ...(params === undefined ? {} : { 'content-type': 'application/json' }),
      },
    })
    const detail = `${path.replace(/\?.*/, '')} answered ${status}`
    const answer = parse(body)
    // A proxy says 401 without Discord's JSON.
    if (status === 401 && isTable(answer) && 'message' in answer) return { is: 'refused', detail }
    if (status === 200 && answer !== undefined) return { is: 'answered', result: answer }
    const message = isTable(answer) && typeof answer.message === 'string' ? answer.message : ''
    return {
      is: 'failed',
      detail,
      status,
      message,
      retryAfterS: restOf(isTable(answer) ? answer.retry_after : null),
      mayHaveArrived: false,
    }
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    const detail = `${path}: ${said.replaceAll(token, '<token>')}`
    return {
      ...{ is: 'failed', detail, status: null, message: '', retryAfterS: null },
      mayHaveArrived: mayHaveArrived(error),
    }
  }
}

/** Undefined where it is no JSON. */
const parse = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
