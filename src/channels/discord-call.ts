import { isTable } from '../core/shape.ts'
import type { Request } from '../system/https.ts'

/** What Discord made of a call; the token is in no detail. */
export type DiscordReply =
  | { readonly is: 'answered'; readonly result: unknown }
  /** The token is no bot's, or was reset. */
  | { readonly is: 'refused'; readonly detail: string }
  /** Status null: no answer came. */
  | { readonly is: 'failed'; readonly detail: string; readonly status: number | null }

/** Discord turns away who does not say what it is; in this form (its API reference, "User Agent"). */
const agent = 'DiscordBot (https://www.npmjs.com/package/claude-channels, 1)'

/** Reads from Discord's REST API as a bot, with 5 s for the whole: what a running bot does not notice. Never throws. */
export const readDiscord = async (
  request: Request,
  apiRoot: string,
  token: string,
  path: string,
): Promise<DiscordReply> => {
  try {
    const { status, body } = await request(`${apiRoot}${path}`, {
      timeoutMs: 5_000,
      headers: { authorization: `Bot ${token}`, 'user-agent': agent },
    })
    const detail = `${path.replace(/\?.*/, '')} answered ${status}`
    const answer = parse(body)
    // A proxy says 401 without Discord's JSON.
    if (status === 401 && isTable(answer) && 'message' in answer) return { is: 'refused', detail }
    if (status === 200 && answer !== undefined) return { is: 'answered', result: answer }
    return { is: 'failed', detail, status }
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    return { is: 'failed', detail: `${path}: ${said.replaceAll(token, '<token>')}`, status: null }
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
