import type { IncomingMessage } from 'node:http'
import type { Answer } from './answer.ts'
import { answer, refusal } from './answer.ts'

export type Poller = {
  readonly since: number
  readonly timeoutSeconds: number
  /** The caller's end of the connection: tells which process it is. */
  readonly port: number
}

export type GetUpdates = { readonly offset: number; readonly limit: number; readonly timeoutSeconds: number }

export type Polls = ReturnType<typeof makePolls>

const conflict =
  'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'

/**
 * The queue of one bot and its consumers. Updates stay until a call with a higher offset confirms them, also while
 * nobody polls; a newcomer takes over and the older call ends with 409 (field notes, section 2, "Platform").
 */
export const makePolls = (firstId: number) => {
  let nextId = firstId + 1
  let queue: readonly (Readonly<Record<string, unknown>> & { readonly update_id: number })[] = []
  let waiting: readonly (Poller & {
    readonly wake: () => void
    readonly end: (found: Answer | null) => void
  })[] = []

  const push = (update: Readonly<Record<string, unknown>>): void => {
    queue = [...queue, { update_id: nextId, ...update }]
    nextId += 1
    for (const poller of waiting) poller.wake()
  }

  /** Ends every call that waits. */
  const refuse = (status: number, description: string): void => {
    for (const poller of waiting) poller.end(refusal(status, description))
  }

  /** Resolves with the answer to one getUpdates call, or with null when the caller hung up while waiting. */
  const poll = (asked: GetUpdates, request: IncomingMessage): Promise<Answer | null> => {
    refuse(409, conflict)
    queue =
      asked.offset < 0
        ? queue.slice(asked.offset)
        : queue.filter(({ update_id }) => update_id >= asked.offset)
    if (queue.length > 0 || asked.timeoutSeconds === 0)
      return Promise.resolve(answer(queue.slice(0, asked.limit)))
    return new Promise((resolve) => {
      const end = (found: Answer | null): void => {
        clearTimeout(timer)
        request.socket.off('close', hangUp)
        waiting = waiting.filter((poller) => poller !== self)
        resolve(found)
      }
      const hangUp = (): void => end(null)
      const wake = (): void => end(answer(queue.slice(0, asked.limit)))
      const self = {
        since: Date.now(),
        timeoutSeconds: asked.timeoutSeconds,
        port: request.socket.remotePort ?? 0,
        wake,
        end,
      }
      const timer = setTimeout(wake, asked.timeoutSeconds * 1000)
      request.socket.once('close', hangUp)
      waiting = [...waiting, self]
    })
  }

  return {
    push,
    refuse,
    poll,
    pending: (): number => queue.length,
    drop: (): void => {
      queue = []
    },
    waiting: (): readonly Poller[] =>
      waiting.map(({ since, timeoutSeconds, port }) => ({ since, timeoutSeconds, port })),
  }
}
