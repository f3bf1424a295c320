import { gzipSync } from 'node:zlib'
import { asRecord } from '../shared/record.ts'

export type Bot = {
  /** One Bot API method; throws `GrammyError` on a refusal, whatever `fetch` throws when the network fails. */
  readonly call: (method: string, parameters?: Readonly<Record<string, unknown>>) => Promise<unknown>
  /** The bytes of a file that `getFile` named. */
  readonly download: (filePath: string) => Promise<Uint8Array>
}

/** Named after the official plugin's library: its name stands in the client's log (field notes, section 2). */
export class GrammyError extends Error {
  override readonly name = 'GrammyError'
  readonly code: number

  constructor(method: string, code: number, description: string) {
    super(`Call to '${method}' failed! (${code}: ${description})`)
    this.code = code
  }
}

/** The platform, asked with gzip-encoded POST bodies as the official plugin does (field notes, section 2). */
export const connectBot = (apiRoot: string, token: string, signal: AbortSignal): Bot => ({
  call: async (method, parameters = {}) => {
    const response = await fetch(`${apiRoot}/bot${token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', connection: 'keep-alive' },
      body: gzipSync(JSON.stringify(parameters)),
      signal,
    })
    const answer = asRecord(await response.json())
    if (answer.ok === true) return answer.result
    throw new GrammyError(
      method,
      Number(answer.error_code ?? response.status),
      String(answer.description ?? ''),
    )
  },
  download: async (filePath) => {
    const response = await fetch(`${apiRoot}/file/bot${token}/${filePath}`, { signal })
    if (!response.ok) throw new GrammyError('download', response.status, response.statusText)
    return new Uint8Array(await response.arrayBuffer())
  },
})
