import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { asRecord } from '../shared/record.ts'
import { acceptKey, decodeFrames, encodeFrame } from './frames.ts'
import { page } from './page.ts'

export type Said = {
  readonly id: string
  readonly text: string
  readonly file: { readonly name: string; readonly bytes: Uint8Array } | null
}

export type Web = {
  /** To every browser that is there. */
  readonly show: (message: object) => void
}

/** Serves the page on 127.0.0.1. Throws what `listen` throws where the port is taken. */
export const openWeb = async (port: number, heard: (said: Said) => void): Promise<Web> => {
  const browsers = new Set<Duplex>()
  const server = createServer((request, response) => {
    answer(request, response, heard).catch(() => response.writeHead(400).end())
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    if (request.url !== '/ws') return void socket.destroy()
    welcome(request, socket)
    browsers.add(socket)
    socket.on('close', () => browsers.delete(socket))
    listen(socket, heard)
  })
  await listening(server, port)
  return {
    show: (message) => {
      for (const socket of browsers)
        socket.write(encodeFrame('text', Buffer.from(JSON.stringify(message)), false))
    },
  }
}

const listening = (server: Server, port: number) =>
  new Promise<void>((done, failed) => {
    server.once('error', failed)
    server.listen(port, '127.0.0.1', done)
  })

const answer = async (request: IncomingMessage, response: ServerResponse, heard: (said: Said) => void) => {
  if (request.method === 'GET' && request.url === '/')
    return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
  if (request.method !== 'POST' || request.url !== '/upload') return void response.writeHead(404).end()
  const form = await readForm(request)
  const file = form.get('file')
  heard({
    id: String(form.get('id') ?? ''),
    text: String(form.get('text') ?? ''),
    file:
      file === null || typeof file === 'string'
        ? null
        : { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) },
  })
  response.writeHead(204).end()
}

const readForm = async (request: IncomingMessage) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const type = request.headers['content-type'] ?? ''
  return new Response(new Uint8Array(Buffer.concat(chunks)), { headers: { 'content-type': type } }).formData()
}

const welcome = (request: IncomingMessage, socket: Duplex) => {
  const accept = acceptKey(String(request.headers['sec-websocket-key']))
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
}

const listen = (socket: Duplex, heard: (said: Said) => void) => {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    const received = decodeFrames(Buffer.concat([rest, chunk]))
    rest = received.rest
    for (const { is, payload } of received.frames) {
      if (is === 'close') socket.end(encodeFrame('close', payload, false))
      if (is === 'ping') socket.write(encodeFrame('pong', payload, false))
      if (is === 'text') hear(payload.toString('utf8'), heard)
    }
  })
}

/** What is no message is passed over. */
const hear = (text: string, heard: (said: Said) => void) => {
  try {
    const { id, text: said } = asRecord(JSON.parse(text))
    if (typeof said === 'string') heard({ id: String(id ?? ''), text: said, file: null })
  } catch {
    // No JSON.
  }
}
