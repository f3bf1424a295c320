import type { Turn } from '../core/client.ts'
import { blocksOf, replyServerOf, resultOf } from './content.ts'
import { textField } from './fields.ts'

/** A result can stand in the file before its call: 2.1.139 writes what happens within a moment in any order. */
const mostSucceeded = 20

/** A turn once Claude has called for something: an answer by the channel is on its way. */
export const afterCalls = (turn: Turn, content: unknown, at: number): Turn => {
  const calls = blocksOf(content)
    .filter((block) => replyServerOf(block) !== null)
    .flatMap((block) => textField(block, 'id') ?? [])
  return answered({ ...turn, begun: true, answers: [...turn.answers, ...calls.map((id) => ({ id, at }))] })
}

/**
 * A turn once results are there. What came before an answer that went out is answered, whatever becomes of the rest of the
 * turn; one that failed, or whose client was ended before it had gone, answered nothing.
 */
export const afterResults = (turn: Turn, content: unknown): Turn => {
  const results = blocksOf(content).flatMap((block) => resultOf(block) ?? [])
  const succeeded = results.filter(({ failed }) => !failed)
  return answered({
    ...turn,
    begun: turn.begun || results.length > 0,
    answers: turn.answers.filter((call) => !results.some(({ id, failed }) => failed && id === call.id)),
    succeeded: [...turn.succeeded, ...succeeded.map(({ id }) => id)].slice(-mostSucceeded),
  })
}

const answered = (turn: Turn): Turn => {
  const gone = turn.answers.filter(({ id }) => turn.succeeded.includes(id))
  if (gone.length === 0) return turn
  const until = Math.max(...gone.map(({ at }) => at))
  return {
    ...turn,
    messages: turn.messages.filter((at) => at > until),
    answers: turn.answers.filter((call) => !gone.includes(call)),
    succeeded: turn.succeeded.filter((id) => gone.every((call) => call.id !== id)),
  }
}
