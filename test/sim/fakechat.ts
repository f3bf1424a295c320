import { randomBytes } from 'node:crypto'
import { get, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { decodeFrames, encodeFrame } from './plugin/fakechat/frames.ts'
import { until } from './until.ts'

export type Answer = {
  readonly type: 'msg' | 'edit'
  readonly id: string
  readonly from?: 'assistant'
  readonly text: string
}

/** A browser on fakechat's page. */
export type Fakechat = {
  /** A person types a line; hands back the message id. */
  readonly say: (text: string) => string
  /** Everything the page was sent, oldest first. */
  readonly answers: () => readonly Answer[]
  /** The first answer that fits; throws after `ms` milliseconds. */
  readonly waitForAnswer: (fits: (answer: Answer) => boolean, ms?: number) => Promise<Answer>
  /** False once the page's server has hung up. */
  readonly isOpen: () => boolean
  readonly close: () => void
}

/** Opens the page at an address like `http://127.0.0.1:8787`. Throws where nothing answers. */
export const openFakechat = async (address: string): Promise<Fakechat> => {
  const socket = await upgrade(`${address}/ws`)
  const answers: Answer[] = []
  let open = true
  let rest: Buffer = Buffer.alloc(0)
  let said = 0
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    open = false
  })
  const take = (chunk: Buffer) => {
    const received = decodeFrames(Buffer.concat([rest, chunk]))
    rest = received.rest
    for (const { is, payload } of received.frames)
      if (is === 'text') answers.push(JSON.parse(payload.toString('utf8')) as Answer)
  }
  socket.on('data', take)
  return {
    say: (text) => {
      if (!open) throw new Error(`${address} has hung up`)
      said += 1
      const id = `u${Date.now()}-${said}`
      socket.write(encodeFrame('text', Buffer.from(JSON.stringify({ id, text })), true))
      return id
    },
    answers: () => answers,
    waitForAnswer: (fits, ms) => until(`an answer on ${address}`, () => answers.find(fits), ms),
    isOpen: () => open,
    close: () => socket.destroy(),
  }
}

const upgrade = (url: string): Promise<Duplex> =>
  new Promise((opened, failed) => {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
    }
    const request = get(url, { headers })
    request.once('error', failed)
    request.once('response', ({ statusCode }) => failed(new Error(`${url} answered ${statusCode}`)))
    request.once('upgrade', (_: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (head.length > 0) socket.unshift(head)
      opened(socket)
    })
  })
