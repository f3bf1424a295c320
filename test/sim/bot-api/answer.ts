/** What goes back over the wire. */
export type Answer = {
  readonly status: number
  readonly body: string | Uint8Array
  readonly type: string
  readonly headers?: Readonly<Record<string, string>>
}

export const answer = (result: unknown): Answer => json(200, { ok: true, result })

/** A refusal in the service's own form; `retryAfter` in seconds, as with 429. */
export const refusal = (status: number, description: string, retryAfter?: number): Answer =>
  json(status, {
    ok: false,
    error_code: status,
    description,
    ...(retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } }),
  })

const json = (status: number, document: unknown): Answer => ({
  status,
  body: JSON.stringify(document),
  type: 'application/json',
})
