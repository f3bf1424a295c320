import type { Answer } from '../bot-api/answer.ts'

export const answer = (document: unknown, status = 200): Answer => ({
  status,
  body: JSON.stringify(document),
  type: 'application/json',
})

/** A refusal in Discord's own form; `code` is one of its own, finer than the status, 0 where it has none. */
export const refusal = (status: number, message: string, code = 0): Answer =>
  answer({ message, code }, status)

/** The same for switched failures; `retryAfter` in seconds, as with 429. */
export const failure = (status: number, message: string, retryAfter?: number): Answer =>
  retryAfter === undefined
    ? refusal(status, message)
    : {
        ...answer({ message, retry_after: retryAfter, global: false }, status),
        headers: { 'retry-after': String(retryAfter) },
      }

export const unauthorized = refusal(401, '401: Unauthorized')
