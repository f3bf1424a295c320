import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TurnRequest } from './request.ts'
import type { Responder, Turn } from './respond.ts'
import { respond } from './respond.ts'
import { streamEvents, wholeMessage } from './stream.ts'

/** How a turn fails; `times` for good when absent. Bodies as in field notes, section 8. */
export type ModelFailure = {
  readonly status: 401 | 429 | 500 | 529
  /** Only for clients that ask for this model; for all when absent. */
  readonly model?: string
  readonly times?: number
  readonly message?: string
  /** With 429: `x-should-retry: false` makes the client give up at once. */
  readonly retry?: boolean
}

export type LoggedCall = {
  readonly at: number
  readonly method: string
  readonly path: string
  readonly body: TurnRequest
  /** What was answered: null while waiting and for failures. */
  turn: Turn | null
  status: number | null
}

export type ModelApi = {
  /** For ANTHROPIC_BASE_URL. */
  readonly root: string
  readonly calls: () => readonly LoggedCall[]
  /** Requests for turns, that is with tools on offer: side requests left out. */
  readonly turns: () => readonly LoggedCall[]
  readonly setResponder: (responder: Responder) => void
  /** From now on requests for a message fail like this; hands back what ends it. */
  readonly fail: (failure: ModelFailure) => () => void
  readonly close: () => Promise<void>
}

/** Starts a Messages API on 127.0.0.1, enough of it for the real client (field notes, section 8, 4). */
export const startModelApi = async (options: { readonly responder?: Responder } = {}): Promise<ModelApi> => {
  const calls: LoggedCall[] = []
  const failing: { readonly failure: ModelFailure; left: number }[] = []
  const service = { calls, failing, responder: options.responder ?? respond }
  const server = createServer((request, response) => {
    handle(request, response, service).catch((error: unknown) => {
      sendJson(response, 500, errorBody('api_error', String(error)))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    root: `http://127.0.0.1:${port}`,
    calls: () => calls,
    turns: () => calls.filter(({ path, body }) => path === '/v1/messages' && (body.tools ?? []).length > 0),
    setResponder: (responder) => {
      service.responder = responder
    },
    fail: (failure) => {
      const rule = { failure, left: failure.times ?? Number.POSITIVE_INFINITY }
      failing.push(rule)
      return () => {
        rule.left = 0
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Service = {
  readonly calls: LoggedCall[]
  readonly failing: { readonly failure: ModelFailure; left: number }[]
  responder: Responder
}

const handle = async (
  request: IncomingMessage,
  response: ServerResponse,
  service: Service,
): Promise<void> => {
  const { pathname: path } = new URL(request.url ?? '/', 'http://localhost')
  const body = await readBody(request)
  const call: LoggedCall = {
    at: Date.now(),
    method: request.method ?? '',
    path,
    body,
    turn: null,
    status: null,
  }
  service.calls.push(call)
  response.once('finish', () => {
    call.status = response.statusCode
  })
  if (request.method === 'HEAD' || request.method === 'GET') return void response.writeHead(200).end()
  if (path === '/v1/messages/count_tokens') return sendJson(response, 200, { input_tokens: 10 })
  if (path !== '/v1/messages') return sendJson(response, 404, errorBody('not_found_error', `no ${path} here`))
  const rule = service.failing.find(
    ({ left, failure }) => left > 0 && (failure.model ?? body.model) === body.model,
  )
  if (rule !== undefined) {
    rule.left -= 1
    return sendFailure(response, rule.failure)
  }
  call.turn = service.responder(body)
  await new Promise((resolve) => setTimeout(resolve, call.turn?.afterMs ?? 0).unref())
  if (request.socket.destroyed) return
  sendTurn(response, wholeMessage(call.turn, body.model ?? 'test'), body.stream === true)
}

const readBody = async (request: IncomingMessage): Promise<TurnRequest> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString('utf8')
  return text.startsWith('{') ? (JSON.parse(text) as TurnRequest) : {}
}

const sendTurn = (
  response: ServerResponse,
  message: ReturnType<typeof wholeMessage>,
  stream: boolean,
): void => {
  if (stream) response.writeHead(200, { 'content-type': 'text/event-stream' }).end(streamEvents(message))
  else sendJson(response, 200, message)
}

const errorTypes = {
  401: 'authentication_error',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
}

const sendFailure = (response: ServerResponse, { status, message, retry }: ModelFailure): void =>
  sendJson(
    response,
    status,
    errorBody(errorTypes[status], message ?? `a test asked for ${status}`),
    retry === undefined ? {} : { 'x-should-retry': String(retry) },
  )

const errorBody = (type: string, message: string) => ({ type: 'error', error: { type, message } })

const sendJson = (
  response: ServerResponse,
  status: number,
  document: unknown,
  headers: Readonly<Record<string, string>> = {},
): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(document))
}
