import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Answer } from './answer.ts'
import { refusal } from './answer.ts'
import { readParams } from './body.ts'
import type { Bot, BotState } from './bot.ts'
import { makeBot } from './bot.ts'
import { makeCertificate } from './certificate.ts'
import type { Failure } from './failures.ts'
import { failures } from './failures.ts'
import { callMethod } from './methods.ts'

export type BotApiOptions = {
  /** Tokens the service knows from the start; one made-up bot when absent. */
  readonly tokens?: readonly string[]
  /** Port to listen on, to come back where an earlier one was; random when absent. */
  readonly port?: number
  /** Serve https with a certificate made now: `caFile` is what NODE_EXTRA_CA_CERTS wants. */
  readonly tls?: { readonly folder: string }
}

export type LoggedRequest = {
  readonly at: number
  /** Digits before the colon; null when the path held no token. */
  readonly bot: string | null
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
  readonly gzip: boolean
  /** Null while it is being answered, and for good when the caller hung up. */
  status: number | null
}

export type BotApi = {
  /** For TELEGRAM_API_ROOT. */
  readonly root: string
  readonly port: number
  readonly caFile: string | null
  /** The first bot. */
  readonly bot: Bot
  readonly bots: () => readonly Bot[]
  /** One more bot, with this token or a made-up one. */
  readonly addBot: (token?: string) => Bot
  readonly requests: () => readonly LoggedRequest[]
  /** From now on calls fail like this; hands back what ends it. */
  readonly fail: (failure: Failure) => () => void
  /** Ends every connection, as a network that is gone does sooner or later. */
  readonly hangUp: () => void
  readonly close: () => Promise<void>
}

/**
 * Starts a Telegram Bot API on 127.0.0.1 that keeps the rules of the real one which matter here (field notes, section
 * 2, "Platform"): one getUpdates consumer per token, updates kept until a later offset confirms them.
 */
export const startBotApi = async (options: BotApiOptions = {}): Promise<BotApi> => {
  const bots: BotState[] = []
  const requests: LoggedRequest[] = []
  const rules = failures()
  const certificate = options.tls === undefined ? null : makeCertificate(options.tls.folder)
  const addBot = (token?: string): Bot => {
    const state = makeBot(token)
    bots.push(state)
    return state.bot
  }
  const firstTokens = options.tokens ?? [undefined]
  const [bot] = firstTokens.map((token) => addBot(token))
  if (bot === undefined) throw new Error('a Bot API without bots: give no tokens at all for a made-up one')

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, { bots, requests, rules }, response).catch((error: unknown) => {
      send(response, refusal(500, `Internal Server Error: ${String(error)}`))
    })
  }
  const server = certificate === null ? createServer(onRequest) : createTlsServer(certificate, onRequest)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    root: `${certificate === null ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    caFile: certificate?.caFile ?? null,
    bot,
    bots: () => bots.map((state) => state.bot),
    addBot,
    requests: () => requests,
    fail: rules.add,
    hangUp: () => server.closeAllConnections(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Service = {
  readonly bots: readonly BotState[]
  readonly requests: LoggedRequest[]
  readonly rules: ReturnType<typeof failures>
}

const callPattern = /^\/bot(\d+:[\w-]+)\/(\w+)$/
const filePattern = /^\/file\/bot(\d+:[\w-]+)\/(.+)$/

const handle = async (
  request: IncomingMessage,
  service: Service,
  response: ServerResponse,
): Promise<void> => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const [, fileToken, file] = filePattern.exec(url.pathname) ?? []
  const [, callToken, called] = callPattern.exec(url.pathname) ?? []
  const token = fileToken ?? callToken
  const { params, gzip } = await readParams(request, url)
  const method = file === undefined ? (called ?? url.pathname) : 'file'
  const logged: LoggedRequest = {
    at: Date.now(),
    bot: token?.split(':')[0] ?? null,
    method,
    params,
    gzip,
    status: null,
  }
  service.requests.push(logged)
  const state = service.bots.find(({ tokens }) => token !== undefined && tokens.has(token))
  const failed = await service.rules.apply(method, request)
  const found = failed ?? (await respond(token, state, method, file, params, request))
  // A caller that hung up gets nothing: its poll was given up, and nothing in it counts as delivered.
  if (found === null || request.socket.destroyed) return
  logged.status = found.status
  send(response, found)
}

const respond = (
  token: string | undefined,
  state: BotState | undefined,
  method: string,
  file: string | undefined,
  params: Readonly<Record<string, unknown>>,
  request: IncomingMessage,
): Answer | Promise<Answer | null> => {
  if (token === undefined) return refusal(404, 'Not Found')
  if (state === undefined) return refusal(401, 'Unauthorized')
  if (file === undefined) return callMethod(state, method, params, request)
  const bytes = state.files.get(file)
  return bytes === undefined
    ? refusal(404, 'Not Found')
    : { status: 200, body: bytes, type: 'application/octet-stream' }
}

const send = (response: ServerResponse, { status, body, type, headers }: Answer): void => {
  response.writeHead(status, { 'content-type': type, ...headers }).end(body)
}
