import type { IncomingMessage } from 'node:http'
import { gunzipSync } from 'node:zlib'

export type Params = Readonly<Record<string, unknown>>

/**
 * Parameters of a call: query string, JSON, form or multipart, gzip-encoded or not. The plugin sends gzip-encoded POST
 * bodies (field notes, section 2, "Platform").
 */
export const readParams = async (
  request: IncomingMessage,
  url: URL,
): Promise<{ readonly params: Params; readonly gzip: boolean }> => {
  const raw = await readAll(request)
  const gzip = request.headers['content-encoding'] === 'gzip'
  const text = (gzip && raw.length > 0 ? gunzipSync(raw) : raw).toString('utf8')
  const query = Object.fromEntries(url.searchParams)
  return { params: { ...query, ...parseBody(text, request.headers['content-type'] ?? '') }, gzip }
}

const readAll = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

const parseBody = (text: string, type: string): Params => {
  if (text === '') return {}
  if (type.startsWith('application/json')) return JSON.parse(text) as Params
  if (type.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(text))
  if (type.startsWith('multipart/form-data')) return parseMultipart(text, type)
  return {}
}

const parseMultipart = (text: string, type: string): Params => {
  const boundary = /boundary="?([^";]+)/.exec(type)?.[1] ?? ''
  const parts = text.split(`--${boundary}`).slice(1, -1)
  return Object.fromEntries(
    parts.map((part) => {
      const [head = '', ...rest] = part.split('\r\n\r\n')
      return [/name="([^"]+)"/.exec(head)?.[1] ?? '', rest.join('\r\n\r\n').replace(/\r\n$/, '')]
    }),
  )
}
