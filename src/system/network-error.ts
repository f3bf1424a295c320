import { redact } from '../core/redact.ts'

/** No answer came. Its message never holds the address, which carries a token, only the host. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError'
  /** `ECONNREFUSED`, `ENOTFOUND`, `ETIMEDOUT` … as far as the system named it. */
  readonly code: string | null
  /** The other side was reached: what was asked of it may have been done. */
  readonly mayHaveArrived: boolean

  constructor(message: string, code: string | null, mayHaveArrived = false) {
    super(redact(message))
    this.code = code
    this.mayHaveArrived = mayHaveArrived
  }
}
