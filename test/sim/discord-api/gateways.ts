import type { ServerResponse } from 'node:http'

export type Gateway = {
  readonly since: number
  /** The caller's end of the connection: tells which process it is. */
  readonly port: number
}

export type Gateways = ReturnType<typeof makeGateways>

// A line without words, so that no client takes a quiet stream for a dead one.
const heartbeatMs = 20_000

/**
 * The long-lived connections of one bot, each a stream of JSON lines. Not Discord's own protocol, but its rules: a
 * message goes to every one of them, nobody's is taken away, and what comes while there is none is lost.
 */
export const makeGateways = () => {
  let connected: readonly (Gateway & { readonly response: ServerResponse })[] = []

  const open = (response: ServerResponse, ready: object): void => {
    const self = { since: Date.now(), port: response.socket?.remotePort ?? 0, response }
    const beat = setInterval(() => response.write('\n'), heartbeatMs).unref()
    response.once('close', () => {
      clearInterval(beat)
      connected = connected.filter((gateway) => gateway !== self)
    })
    connected = [...connected, self]
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    response.write(`${JSON.stringify({ t: 'READY', d: ready })}\n`)
  }

  return {
    open,
    push: (message: object): void => {
      for (const { response } of connected)
        response.write(`${JSON.stringify({ t: 'MESSAGE_CREATE', d: message })}\n`)
    },
    /** Hangs up on all of them. */
    drop: (): void => {
      for (const { response } of connected) response.destroy()
    },
    connected: (): readonly Gateway[] => connected.map(({ since, port }) => ({ since, port })),
  }
}
