/** What became of a message to a person. No token in any detail. */
export type Delivery =
  | { readonly is: 'sent' }
  /** It does not get there, however often it is tried. */
  | { readonly is: 'refused'; readonly detail: string }
  /** The platform is asked too often; it may be tried again once so much time is over. */
  | { readonly is: 'later'; readonly detail: string; readonly afterMs: number }
  /** No answer to what was sent: it may be there, and sent again it may be there twice. */
  | { readonly is: 'unsure'; readonly detail: string }
  /** Not sent, or no answer that says why. */
  | { readonly is: 'failed'; readonly detail: string }

export type Untaken = {
  /** Null when no answer came. */
  readonly status: number | null
  /** The platform's own words: a proxy, or the portal of a hotel, has the same statuses, and none of these. */
  readonly words: string
  readonly detail: string
  readonly retryAfterS: number | null
  readonly mayHaveArrived: boolean
}

/** Whether a request that failed had reached the other side (`NetworkError`). */
export const mayHaveArrived = (error: unknown): boolean =>
  error instanceof Error && 'mayHaveArrived' in error && error.mayHaveArrived === true

/** So many seconds of rest, as a platform asked for; null where it is nothing that can be waited for. */
export const restOf = (asked: unknown): number | null =>
  typeof asked === 'number' && asked >= 0 && Number.isFinite(asked * 1_000) ? asked : null

/** What a status says of a call that held the message, and was not taken: refused only where the platform itself says so. */
export const undelivered = ({
  status,
  words,
  detail,
  retryAfterS,
  mayHaveArrived,
}: Untaken): Exclude<Delivery, { readonly is: 'sent' }> => {
  if (status === 429) return { is: 'later', detail, afterMs: Math.ceil((retryAfterS ?? usualRestS) * 1_000) }
  if (mayHaveArrived || (status !== null && gatewayTimeouts.has(status))) return { is: 'unsure', detail }
  const isRefused = words !== '' && status !== null && status >= 400 && status < 500
  return { is: isRefused ? 'refused' : 'failed', detail }
}

/** Somebody on the way had no answer to what he handed on, or none that he understood (520 and 524 are Cloudflare's). */
const gatewayTimeouts: ReadonlySet<number> = new Set([504, 520, 524])

/** Where it does not say how long. */
const usualRestS = 30
