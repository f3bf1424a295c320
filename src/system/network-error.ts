import { redact } from '../core/redact.ts'

/** No answer came. Its message never holds the address, which carries a token, only the host. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError'
  /** `ECONNREFUSED`, `ENOTFOUND`, `ETIMEDOUT` … as far as the system named it. */
  readonly code: string | null

  constructor(message: string, code: string | null) {
    super(redact(message))
    this.code = code
  }
}
