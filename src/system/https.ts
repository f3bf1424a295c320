import type { RequestOptions as HttpOptions, IncomingMessage } from 'node:http'
import type { SecureContext } from 'node:tls'
import { isLoopback } from '../core/loopback.ts'
import { ExpectedError, exitStatus } from '../errors.ts'
import { trustAlso } from './authorities.ts'
import { errorCode } from './file-errors.ts'
import { NetworkError } from './network-error.ts'
import { openTunnel, proxyFor } from './proxy.ts'

export { NetworkError }

export type RequestInit = {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Of the whole exchange. */
  readonly timeoutMs: number
}

/**
 * One exchange; any status is an answer, redirections are not followed. Throws a NetworkError when none came, and an
 * ExpectedError (78) for anything but https, on this machine http: the address or the headers carry a bot token.
 */
export type Request = (url: string, init: RequestInit) => Promise<Response>

export type Response = {
  readonly status: number
  readonly body: string
  /** The `Date` it was sent with, in ms since 1970, to the second; absent where none was. */
  readonly sentAt?: number
}

const mostBytes = 1024 * 1024

export type RequestOptions = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Ends requests under way, as NetworkErrors. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Requests over node:https: Node's `fetch` costs four times its memory and ignores proxies (style, measured facts).
 * From the environment: HTTPS_PROXY, NO_PROXY and NODE_EXTRA_CA_CERTS.
 */
export const createRequest =
  ({ env, signal }: RequestOptions): Request =>
  async (address, init) => {
    const url = parse(address)
    const control = new AbortController()
    const timer = setTimeout(() => control.abort(), init.timeoutMs)
    const either = signal === undefined ? control.signal : AbortSignal.any([control.signal, signal])
    let reached = false
    try {
      return await exchange(url, init, env, either, () => {
        reached = true
      })
    } catch (error) {
      if (error instanceof NetworkError || error instanceof ExpectedError) throw error
      if (signal?.aborted) throw new NetworkError(`${url.host} was not waited for`, 'ECANCELED', reached)
      if (control.signal.aborted)
        throw new NetworkError(`${url.host} did not answer within ${init.timeoutMs} ms`, 'ETIMEDOUT', reached)
      const code = errorCode(error)
      // Without a code it is a bug of ours, and should look like one.
      if (code === null) throw error
      throw new NetworkError(
        `${url.host}: ${error instanceof Error && error.message !== '' ? error.message : code}`,
        code,
        reached,
      )
    } finally {
      clearTimeout(timer)
      // Whatever is still open, a tunnel to the proxy for one, ends with it.
      control.abort()
    }
  }

const parse = (address: string): URL => {
  // Not `new URL`, whose error holds the whole address, token and all.
  const url = URL.canParse(address) ? new URL(address) : null
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))) return url
  const what =
    url?.protocol === 'http:'
      ? `http://${url.host}, unencrypted to another machine`
      : 'what is no https address'
  throw new ExpectedError(
    exitStatus.badConfiguration,
    `Refusing to send a token to ${what}.`,
    'Use an https address, or an http one of this machine (TELEGRAM_API_ROOT, DISCORD_API_ROOT).',
  )
}

const exchange = async (
  url: URL,
  { method = 'GET', headers = {}, body }: RequestInit,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  onReached: () => void,
) => {
  const options: HttpOptions = {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
    signal,
    // No connection is kept: it would keep a command alive, and a keeper asks once a minute.
    agent: false,
  }
  const start =
    url.protocol === 'http:' ? await overHttp(url, options) : await overHttps(url, options, env, signal)
  return new Promise<Response>((resolve, reject) => {
    const request = start((response) => {
      const sentAt = Date.parse(response.headers.date ?? '')
      const dated = Number.isNaN(sentAt) ? {} : { sentAt }
      collect(response, url.host).then(
        (body) => resolve({ status: response.statusCode ?? 0, body, ...dated }),
        reject,
      )
    })
    request.once('error', reject)
    // Before that nothing of the request is written.
    const connected = url.protocol === 'http:' ? 'connect' : 'secureConnect'
    request.once('socket', (socket) => socket.once(connected, onReached))
    request.end(body)
  })
}

type Start = (answer: (response: IncomingMessage) => void) => import('node:http').ClientRequest

const overHttp = async (url: URL, options: HttpOptions): Promise<Start> => {
  const { request } = await import('node:http')
  return (answer) => request(url, options, answer)
}

const overHttps = async (
  url: URL,
  options: HttpOptions,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Start> => {
  const { request } = await import('node:https')
  const proxy = isLoopback(url.hostname) ? null : proxyFor(url, env)
  const socket = proxy === null ? null : await openTunnel(proxy, url, signal)
  const secureContext = await extraTrust(env.NODE_EXTRA_CA_CERTS)
  const trust = secureContext === null ? {} : { secureContext }
  const through = socket === null ? {} : { socket }
  return (answer) => request(url, { ...options, ...trust, ...through }, answer)
}

/**
 * The authorities to trust when the environment names more than Node's own. Node reads NODE_EXTRA_CA_CERTS of its own
 * start only, and a unit's keeper is started without the session's. Like Node, it goes on without an unreadable file.
 */
const extraTrust = async (path: string | undefined): Promise<SecureContext | null> =>
  path === undefined || path === '' ? null : trustAlso(path)

const collect = async (response: IncomingMessage, host: string): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > mostBytes)
      throw new NetworkError(`${host} answered with more than ${mostBytes} bytes`, null, true)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
