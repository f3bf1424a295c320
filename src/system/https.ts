import type { RequestOptions as HttpOptions, IncomingMessage } from 'node:http'
import type { Agent } from 'node:https'
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
 * From the environment: HTTPS_PROXY, NO_PROXY and NODE_EXTRA_CA_CERTS. A question over https that follows another of the
 * same Request within a second takes the same connection, unless a proxy made that: it is most of what a question costs. What changes
 * something never does, since one that was just closed could take it along.
 */
export const createRequest = ({ env, signal }: RequestOptions): Request => {
  const asking: Asking = { env, agent: null }
  return async (address, init) => {
    const url = parse(address)
    const control = new AbortController()
    const timer = setTimeout(() => control.abort(), init.timeoutMs)
    const either = signal === undefined ? control.signal : AbortSignal.any([control.signal, signal])
    let reached = false
    try {
      return await exchange(url, init, asking, either, () => {
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
}

type Asking = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Made at the first question. */
  agent: Agent | null
}

/** A process that is done does not wait for it. */
const keptMs = 1_000

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
  init: RequestInit,
  asking: Asking,
  signal: AbortSignal,
  onReached: () => void,
): Promise<Response> => {
  const { method = 'GET', headers = {}, body } = init
  const options: HttpOptions = {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
    signal,
    agent: false,
  }
  const start =
    url.protocol === 'http:' ? await overHttp(url, options) : await overHttps(url, options, asking, signal)
  return new Promise<Response>((resolve, reject) => {
    let isAnswered = false
    const request = start((response) => {
      isAnswered = true
      const sentAt = Date.parse(response.headers.date ?? '')
      const dated = Number.isNaN(sentAt) ? {} : { sentAt }
      collect(response, url.host).then(
        (body) => resolve({ status: response.statusCode ?? 0, body, ...dated }),
        reject,
      )
    })
    request.once('error', (error) => {
      // Most likely it was closed while we wrote to it; and asking once more changes nothing.
      if (request.reusedSocket && !isAnswered && !signal.aborted)
        exchange(url, init, { ...asking, agent: null }, signal, onReached).then(resolve, reject)
      else reject(error)
    })
    // Before that nothing of the request is written.
    const connected = url.protocol === 'http:' ? 'connect' : 'secureConnect'
    request.once('socket', (socket) => {
      if (request.reusedSocket) onReached()
      else socket.once(connected, onReached)
    })
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
  asking: Asking,
  signal: AbortSignal,
): Promise<Start> => {
  const { env } = asking
  const { Agent, request } = await import('node:https')
  const proxy = isLoopback(url.hostname) ? null : proxyFor(url, env)
  const socket = proxy === null ? null : await openTunnel(proxy, url, signal)
  const secureContext = await extraTrust(env.NODE_EXTRA_CA_CERTS)
  const trust = secureContext === null ? {} : { secureContext }
  if (socket !== null || options.method !== 'GET') {
    const through = socket === null ? {} : { socket }
    return (answer) => request(url, { ...options, ...trust, ...through }, answer)
  }
  asking.agent ??= new Agent({ keepAlive: true, timeout: keptMs })
  const { agent } = asking
  return (answer) => request(url, { ...options, ...trust, agent }, answer)
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
