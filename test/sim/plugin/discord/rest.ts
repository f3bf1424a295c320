import { asRecord } from '../shared/record.ts'

export type Rest = {
  /** One call; hands back what came, throws a `DiscordAPIError` on a refusal, whatever `fetch` throws when the network fails. */
  readonly call: (method: string, path: string, body?: object) => Promise<unknown>
  /** The bytes behind an address that a message names. */
  readonly download: (url: string) => Promise<Uint8Array>
  /** The gateway's events until it hangs up; throws what Discord refused. */
  readonly events: () => AsyncGenerator<Readonly<Record<string, unknown>>>
}

/** Named after the official plugin's library. */
export class DiscordAPIError extends Error {
  override readonly name = 'DiscordAPIError'
  readonly status: number

  constructor(status: number, message: string, code: number) {
    super(`${message} (${code})`)
    this.status = status
  }
}

export const connectRest = (apiRoot: string, token: string, signal: AbortSignal): Rest => {
  const ask = (method: string, path: string, body?: object) =>
    fetch(`${apiRoot}${path}`, {
      method,
      headers: { authorization: `Bot ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    })
  return {
    call: async (method, path, body) => {
      const response = await ask(method, path, body)
      if (!response.ok) throw await refused(response)
      return response.status === 204 ? null : response.json()
    },
    download: async (url) => {
      const response = await fetch(url, { signal })
      if (!response.ok) throw await refused(response)
      return new Uint8Array(await response.arrayBuffer())
    },
    events: async function* () {
      const response = await ask('GET', '/gateway/stream')
      if (!response.ok) throw await refused(response)
      yield* readLines(response)
    },
  }
}

const refused = async (response: Response): Promise<DiscordAPIError> => {
  const { message, code } = asRecord(await response.json().catch(() => ({})))
  return new DiscordAPIError(response.status, String(message ?? response.statusText), Number(code ?? 0))
}

async function* readLines(response: Response): AsyncGenerator<Readonly<Record<string, unknown>>> {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  while (reader !== undefined) {
    const { done, value } = await reader.read()
    if (done) return
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') yield asRecord(JSON.parse(line))
  }
}
