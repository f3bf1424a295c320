import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Answer } from '../bot-api/answer.ts'
import type { Params } from '../bot-api/body.ts'
import { readParams } from '../bot-api/body.ts'
import type { Failure } from '../bot-api/failures.ts'
import { failures } from '../bot-api/failures.ts'
import { answer, failure, refusal, unauthorized } from './answer.ts'
import type { BotState, DiscordBot } from './bot.ts'
import { makeBot } from './bot.ts'
import { selfOf } from './documents.ts'
import { randomSnowflake, tokenOf } from './ids.ts'
import { type Asked, callRoute, findRoute, gatewayRoute } from './routes.ts'

export type DiscordApiOptions = {
  /** Tokens the service knows from the start; one made-up bot when absent. */
  readonly tokens?: readonly string[]
  /** Port to listen on, to come back where an earlier one was; random when absent. */
  readonly port?: number
}

export type LoggedRequest = {
  readonly at: number
  /** Null where the token is none that is worth anything. */
  readonly bot: string | null
  /** `GET /users/@me`, `POST /channels/:id/messages`: also what a failure's `method` names. */
  readonly method: string
  readonly path: string
  readonly params: Params
  readonly userAgent: string | null
  /** Null while it is being answered, and for good when the caller hung up. */
  status: number | null
}

export type DiscordApi = {
  /** For DISCORD_API_ROOT. */
  readonly root: string
  readonly port: number
  /** The first bot. */
  readonly bot: DiscordBot
  readonly bots: () => readonly DiscordBot[]
  /** One more bot, with this token or a made-up one. */
  readonly addBot: (token?: string) => DiscordBot
  /** A person's own token, as some paste by mistake: of the same form, and no bot's. */
  readonly addUserToken: () => string
  readonly requests: () => readonly LoggedRequest[]
  /** From now on calls fail like this; hands back what ends it. */
  readonly fail: (failure: Failure) => () => void
  readonly close: () => Promise<void>
}

/**
 * Starts a Discord API on 127.0.0.1 that keeps the rules of the real one which matter here (from its documentation):
 * a gateway without the Message Content Intent is refused, every gateway of a bot gets every message, none waits.
 */
export const startDiscordApi = async (options: DiscordApiOptions = {}): Promise<DiscordApi> => {
  const service: Service = { bots: [], users: new Map(), requests: [], rules: failures(failure) }
  const server = createServer((request, response) => {
    handle(request, service, response).catch((error: unknown) => {
      send(response, refusal(500, `500: Internal Server Error: ${String(error)}`))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const root = `http://127.0.0.1:${port}${prefix}`
  const addBot = (token?: string): DiscordBot => {
    const state = makeBot(root, token)
    service.bots.push(state)
    return state.bot
  }
  const [bot = addBot()] = (options.tokens ?? []).map((token) => addBot(token))
  return {
    root,
    port,
    bot,
    bots: () => service.bots.map((state) => state.bot),
    addBot,
    addUserToken: () => {
      const id = randomSnowflake()
      const token = tokenOf(id)
      service.users.set(token, id)
      return token
    },
    requests: () => service.requests,
    fail: service.rules.add,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Service = {
  readonly bots: BotState[]
  /** Ids of people, by their token. */
  readonly users: Map<string, string>
  readonly requests: LoggedRequest[]
  readonly rules: ReturnType<typeof failures>
}

const prefix = '/api/v10'

const handle = async (request: IncomingMessage, service: Service, response: ServerResponse) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const path = url.pathname.startsWith(`${prefix}/`) ? url.pathname.slice(prefix.length) : ''
  const asked = findRoute(request.method ?? '', path)
  const { params } = await readParams(request, url)
  const token = /^Bot (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
  const state = service.bots.find(({ tokens }) => token !== undefined && tokens.has(token))
  const logged: LoggedRequest = {
    at: Date.now(),
    bot: state?.bot.id ?? null,
    method: asked?.route ?? `${request.method} ${url.pathname}`,
    path: url.pathname,
    params,
    userAgent: request.headers['user-agent'] ?? null,
    status: null,
  }
  service.requests.push(logged)
  const failed = await service.rules.apply(logged.method, request)
  if (request.socket.destroyed) return
  const found = failed ?? file(service, path) ?? respond(service, request, state, asked, params)
  logged.status = found === 'gateway' ? 200 : found.status
  if (found !== 'gateway') return send(response, found)
  state?.gateways.open(response, { user: selfOf(state.bot) })
}

/** What was attached is there for whoever has its address, as at Discord. */
const file = ({ bots }: Service, path: string): Answer | null => {
  const bytes = bots.map(({ attachments }) => attachments.get(path.slice(1))).find((one) => one !== undefined)
  return bytes === undefined ? null : { status: 200, body: bytes, type: 'application/octet-stream' }
}

const respond = (
  { users }: Service,
  request: IncomingMessage,
  state: BotState | undefined,
  asked: Asked | null,
  params: Params,
): Answer | 'gateway' => {
  const person = users.get(request.headers.authorization ?? '')
  if (person !== undefined && asked?.route === 'GET /users/@me')
    return answer({ id: person, username: 'tester', discriminator: '0', global_name: 'Test' })
  if (state === undefined) return unauthorized
  if (asked === null) return refusal(404, '404: Not Found')
  if (asked.route !== gatewayRoute) return callRoute(state, asked, params)
  return state.intent === false ? refusal(400, 'Used disallowed intents', 4014) : 'gateway'
}

const send = (response: ServerResponse, { status, body, type, headers }: Answer): void => {
  response.writeHead(status, { 'content-type': type, ...headers }).end(body)
}
