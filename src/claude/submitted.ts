import type { Submitted } from '../core/submitted.ts'
import { contentOf, isOfChannel, textsOf } from './content.ts'
import { type Fields, parseFields, textField, timeField } from './fields.ts'

/**
 * Adds one line of a transcript to what was given the client at its terminal; what is cut, garbled or unknown changes
 * nothing. Rows seen on 2.1.139 and 2.1.330. The last 50 are kept.
 */
export const foldSubmitted = (rows: readonly Submitted[], line: string): readonly Submitted[] => {
  const fields = parseFields(line)
  const at = fields === null ? null : timeField(fields, 'timestamp')
  if (fields === null || at === null || isOfChannel(fields)) return rows
  const row = rowOf(fields)
  return row === null ? rows : [...rows, { ...row, at }].slice(-mostKept)
}

const mostKept = 50

type Row = Omit<Submitted, 'at'>

const rowOf = (fields: Fields): Row | null => {
  switch (textField(fields, 'type')) {
    case 'user':
      return lineIn(fields)
    case 'queue-operation':
      return waitingIn(fields)
    case 'system':
      return commandRunIn(textField(fields, 'content') ?? '')
    default:
      return null
  }
}

/** A line; a command that Claude is told of, as `/clear` and `/compact` are. */
const lineIn = (fields: Fields): Row | null => {
  const [text] = textsOf(contentOf(fields))
  return text === undefined || fields.isMeta === true ? null : { is: 'taken', text: commandIn(text) ?? text }
}

/** What comes while the client is busy; a channel's messages do, too. */
const waitingIn = (fields: Fields): Row | null => {
  const text = textField(fields, 'content')
  return text === null || textField(fields, 'operation') !== 'enqueue' || text.startsWith('<channel ')
    ? null
    : { is: 'waiting', text }
}

/** A command that only the person sees, as `/context` is, once it is over; and one that there is not. */
const commandRunIn = (content: string): Row | null => {
  const [, unknown] = /^Unknown command: (\/\S+)/.exec(content) ?? []
  if (unknown !== undefined) return { is: 'unknown', text: unknown }
  const command = commandIn(content)
  return command === null ? null : { is: 'taken', text: command }
}

const commandIn = (text: string): string | null => {
  const [, name] = /^\s*<command-name>([^<]+)<\/command-name>/.exec(text) ?? []
  const [, given = ''] = /<command-args>([\s\S]*?)<\/command-args>/.exec(text) ?? []
  return name === undefined ? null : `${name} ${given}`.trim()
}
