/**
 * What a probe found: yes, no, or unknown. Unknown restarts nothing and is never shown as fine (design, section 7,
 * "believe slowly").
 */
export type Answer<T> =
  | { readonly is: 'yes'; readonly value: T }
  | { readonly is: 'no'; readonly detail: string }
  | { readonly is: 'unknown'; readonly detail: string }

export const yes = <T>(value: T): Answer<T> => ({ is: 'yes', value })
export const no = (detail: string): Answer<never> => ({ is: 'no', detail })
export const unknown = (detail: string): Answer<never> => ({ is: 'unknown', detail })
