/** What became of a message to a person. No token in any detail. */
export type Delivery =
  | { readonly is: 'sent' }
  /** It does not get there, however often it is tried. */
  | { readonly is: 'refused'; readonly detail: string }
  /** The platform is asked too often; it may be tried again once so much time is over. */
  | { readonly is: 'later'; readonly detail: string; readonly afterMs: number }
  /** No answer, or none that says why. */
  | { readonly is: 'failed'; readonly detail: string }

export type Untaken = {
  /** Null when no answer came. */
  readonly status: number | null
  /** The platform's own words: a proxy, or the portal of a hotel, has the same statuses, and none of these. */
  readonly words: string
  readonly detail: string
  readonly retryAfterS: number | null
}

/** What a status says of a message that was not taken: refused only where the platform itself says so. */
export const undelivered = ({
  status,
  words,
  detail,
  retryAfterS,
}: Untaken): Exclude<Delivery, { readonly is: 'sent' }> => {
  if (status === 429) return { is: 'later', detail, afterMs: Math.ceil((retryAfterS ?? usualRestS) * 1_000) }
  const isRefused = words !== '' && status !== null && status >= 400 && status < 500
  return { is: isRefused ? 'refused' : 'failed', detail }
}

/** Where it does not say how long. */
const usualRestS = 30
