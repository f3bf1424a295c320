import { createHash, randomBytes } from 'node:crypto'

/** As much of WebSocket (RFC 6455) as short texts need, since neither Node 20 nor a plugin without packages has any. */
export type Frame = { readonly is: 'text' | 'close' | 'ping' | 'pong' | 'other'; readonly payload: Buffer }

/** What a server says to a client's key. */
export const acceptKey = (key: string): string =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')

const kinds = { 1: 'text', 8: 'close', 9: 'ping', 10: 'pong' } as const
const codes = { text: 1, close: 8, ping: 9, pong: 10 } as const

/** One frame; a client masks what it sends, a server must not. */
export const encodeFrame = (is: keyof typeof codes, payload: Buffer, masked: boolean): Buffer => {
  const { length } = payload
  const size = length < 126 ? Buffer.from([length]) : Buffer.from([126, length >> 8, length & 0xff])
  if (length > 0xffff) throw new Error(`a frame of ${length} bytes is longer than anybody here writes`)
  const mask = masked ? randomBytes(4) : Buffer.alloc(0)
  size[0] = (size[0] ?? 0) | (masked ? 0x80 : 0)
  const content = masked ? applyMask(payload, mask) : payload
  return Buffer.concat([Buffer.from([0x80 | codes[is]]), size, mask, content])
}

/** The whole frames at the start of what was received, and what is left over until more comes. */
export const decodeFrames = (
  received: Buffer,
): { readonly frames: readonly Frame[]; readonly rest: Buffer } => {
  const frames: Frame[] = []
  let rest = received
  for (let next = decodeOne(rest); next !== null; next = decodeOne(rest)) {
    frames.push(next.frame)
    rest = next.rest
  }
  return { frames, rest }
}

const decodeOne = (bytes: Buffer): { readonly frame: Frame; readonly rest: Buffer } | null => {
  if (bytes.length < 2) return null
  const [first = 0, second = 0] = bytes
  const short = second & 0x7f
  const head = short < 126 ? 2 : short === 126 ? 4 : 10
  if (bytes.length < head) return null
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  const start = head + (second & 0x80 ? 4 : 0)
  if (bytes.length < start + length) return null
  const content = bytes.subarray(start, start + length)
  const payload = start > head ? applyMask(content, bytes.subarray(head, start)) : content
  const is = Object.entries(kinds).find(([code]) => Number(code) === (first & 0x0f))?.[1] ?? 'other'
  return { frame: { is, payload }, rest: bytes.subarray(start + length) }
}

const applyMask = (bytes: Buffer, mask: Buffer): Buffer =>
  Buffer.from(bytes.map((byte, index) => byte ^ (mask[index % 4] ?? 0)))
