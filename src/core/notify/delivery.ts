/** What became of a message to a person. No token in any detail. */
export type Delivery =
  | { readonly is: 'sent' }
  /** It does not get there, however often it is tried. */
  | { readonly is: 'refused'; readonly detail: string }
  /** The platform is asked too often; it may be tried again once so much time is over. */
  | { readonly is: 'later'; readonly detail: string; readonly afterMs: number }
  /** No answer, or none that says why. */
  | { readonly is: 'failed'; readonly detail: string }

/** What a platform's status says of a message that was not taken. */
export const undelivered = (
  status: number | null,
  detail: string,
  retryAfterS: number | null,
): Exclude<Delivery, { readonly is: 'sent' }> => {
  if (status === 429) return { is: 'later', detail, afterMs: Math.ceil((retryAfterS ?? usualRestS) * 1_000) }
  const isRefused = status !== null && status >= 400 && status < 500 && !ofProxies.has(status)
  return { is: isRefused ? 'refused' : 'failed', detail }
}

/** What stands between may want something, or be too slow. */
const ofProxies: ReadonlySet<number> = new Set([407, 408])

/** Where it does not say how long. */
const usualRestS = 30
