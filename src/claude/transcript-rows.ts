import { newTurn, type Transcript, type Turn } from '../core/client.ts'
import { afterCalls, afterResults } from './answered.ts'
import { blocksOf, contentOf, isOfChannel, serverOf } from './content.ts'
import { type Fields, numberField, objectField, parseFields, textField, timeField } from './fields.ts'
import { longestLimitMs, readReset } from './limit-reset.ts'

/**
 * Adds one line of a transcript (field notes, section 2; rows seen on 2.1.139 and 2.1.330). What is cut, garbled or
 * unknown changes nothing. By what a message says of itself, not by its place in the file: 2.1.139 writes what happens
 * within a moment in any order.
 */
export const foldTranscript = (transcript: Transcript, line: string): Transcript => {
  const fields = parseFields(line)
  const at = fields === null ? null : timeField(fields, 'timestamp')
  if (fields === null || at === null) return transcript
  switch (textField(fields, 'type')) {
    case 'user':
      return { ...afterPrompt(transcript, fields, at), lastRowAt: at }
    case 'attachment':
      return afterAttachment(transcript, objectField(fields, 'attachment') ?? {}, at)
    case 'queue-operation':
      return afterQueue(transcript, fields, at)
    case 'assistant':
      return { ...afterAnswer(transcript, fields, at), lastRowAt: at }
    case 'api-request':
      return afterRequest(transcript, at)
    case 'system':
      return textField(fields, 'subtype') === 'api_error' ? afterRefusal(transcript, fields, at) : transcript
    default:
      return transcript
  }
}

/** More than anybody writes while one turn lasts; a conversation that lasts for months must not fill the memory. */
const mostKept = 200

const afterPrompt = (transcript: Transcript, fields: Fields, at: number): Transcript => {
  const content = contentOf(fields)
  // A turn that begins asks for the first time, whatever a client that is gone asked.
  if (isOfChannel(fields)) {
    const { turn, ...others } = delivered(transcript, fields, content, at)
    return { ...others, turn: { ...turn, begun: false }, retrying: null }
  }
  if (fields.turnCompanion === true || Array.isArray(content)) return afterBlocks(transcript, content)
  if (typeof content !== 'string') return transcript
  if (interrupted.test(content)) return { ...transcript, turn: null, retrying: null }
  // What a killed client was at work on goes on in the turn that takes it up again.
  return { ...transcript, turn: newTurn(at, transcript.turn?.messages ?? []), retrying: null }
}

const interrupted = /^\[Request interrupted by user/

const afterBlocks = (transcript: Transcript, content: unknown): Transcript => {
  const text = textField(blocksOf(content)[0] ?? {}, 'text')
  if (text !== null && interrupted.test(text)) return { ...transcript, turn: null, retrying: null }
  return transcript.turn === null
    ? transcript
    : { ...transcript, turn: afterResults(transcript.turn, content) }
}

/** In the middle of a turn a message comes as an attachment. */
const afterAttachment = (transcript: Transcript, attached: Fields, at: number): Transcript => {
  const next = isOfChannel(attached) ? delivered(transcript, attached, attached.prompt, at) : transcript
  return next.turn === null ? next : { ...next, turn: { ...next.turn, begun: true } }
}

const delivered = (
  transcript: Transcript,
  of: Fields,
  content: unknown,
  at: number,
): Transcript & { readonly turn: Turn } => {
  const key = keyOf(content)
  const turn = transcript.turn ?? newTurn(at, [])
  return {
    ...transcript,
    delivered: transcript.delivered + 1,
    lastDelivered: withDelivered(transcript.lastDelivered, serverOf(of), at),
    waiting: transcript.waiting.filter((message) => message.key !== key),
    taken: [...transcript.taken, key].slice(-mostKept),
    turn: { ...turn, messages: [...turn.messages, at].slice(-mostKept) },
  }
}

/** More channels than any session has; a transcript of garbage could name another in each line. */
const mostServers = 20

const withDelivered = (
  before: Transcript['lastDelivered'],
  server: string | null,
  at: number,
): Transcript['lastDelivered'] =>
  server === null
    ? before
    : [...before.filter((each) => each.server !== server), { server, at }].slice(-mostServers)

const afterQueue = (transcript: Transcript, fields: Fields, at: number): Transcript => {
  const operation = textField(fields, 'operation')
  // A person took what waited back into the prompt.
  if (operation === 'popAll') return { ...transcript, waiting: [] }
  const content = textField(fields, 'content')
  if (operation !== 'enqueue' || content === null || !content.startsWith('<channel ')) return transcript
  const key = keyOf(content)
  if (transcript.taken.includes(key)) return transcript
  return { ...transcript, waiting: [...transcript.waiting, { at, key }].slice(-mostKept) }
}

/** What the channel says of a message, its number and time among it, without the message itself. */
const keyOf = (content: unknown): string => {
  const text = typeof content === 'string' ? content : ''
  const end = text.indexOf('>')
  return text.slice(0, end === -1 ? 0 : end + 1).slice(0, 500)
}

const afterAnswer = (transcript: Transcript, fields: Fields, at: number): Transcript => {
  const message = objectField(fields, 'message') ?? {}
  if (fields.isApiErrorMessage === true) return afterFailure(transcript, fields, message, at)
  // What the client writes in the model's name ("No response requested.") proves nothing about the API, and says that
  // it gave up the turn it was killed in.
  if (textField(message, 'model') === '<synthetic>') return { ...transcript, retrying: null, turn: null }
  const stop = textField(message, 'stop_reason')
  const goesOn = stop === null || stop === 'tool_use' || stop === 'pause_turn'
  return {
    ...transcript,
    lastAssistantAt: at,
    apiFailure: null,
    retrying: null,
    turn: goesOn && transcript.turn !== null ? afterCalls(transcript.turn, message.content, at) : null,
  }
}

const afterFailure = (transcript: Transcript, fields: Fields, message: Fields, at: number): Transcript => {
  const status = numberField(fields, 'apiErrorStatus')
  const messages = transcript.turn?.messages.length ?? 0
  return {
    ...transcript,
    apiFailure: { at, status, error: textField(fields, 'error'), resetsAt: readReset(fields, message, at) },
    failed: messages === 0 ? transcript.failed : [...transcript.failed, { at, messages }].slice(-mostKept),
    retrying: null,
    turn: null,
  }
}

/** Each request is a row (from 2.1.300 on): a second one without an answer in between is another try. */
const afterRequest = (transcript: Transcript, at: number): Transcript => {
  const { retrying } = transcript
  return {
    ...transcript,
    retrying: {
      since: retrying?.since ?? at,
      at,
      times: retrying === null ? 0 : retrying.times + 1,
      status: null,
      nextAt: null,
    },
  }
}

/** Each try that failed is a row (2.1.139, 2.1.160; later ones have none). */
const afterRefusal = (transcript: Transcript, fields: Fields, at: number): Transcript => {
  const { retrying } = transcript
  const waitMs = waitOf(fields)
  return {
    ...transcript,
    retrying: {
      since: retrying?.since ?? at,
      at,
      times: numberField(fields, 'retryAttempt') ?? (retrying?.times ?? 0) + 1,
      status: numberField(objectField(fields, 'error') ?? {}, 'status'),
      nextAt: waitMs === null ? null : at + waitMs,
    },
  }
}

/** A limit is waited for to its end; a longer wait is none. */
const waitOf = (fields: Fields): number | null => {
  const waitMs = numberField(fields, 'retryInMs')
  return waitMs !== null && waitMs >= 0 && waitMs < longestLimitMs ? waitMs : null
}
