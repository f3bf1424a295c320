import { formatDuration } from './duration.ts'
import { eventShapes, type FieldsOf } from './event-shapes.ts'
import type { Event, JournalEntry } from './events.ts'
import { describeEnd } from './exit.ts'
import { describeGap } from './gap-words.ts'
import { isReason, reasons } from './reasons.ts'
import { fitTo, type Shape } from './shape.ts'

type Texts = {
  readonly [Type in Event['type']]: (event: FieldsOf<Type>, at: number) => string
}

/**
 * What a journal entry says, for people: one line. A reason is told in words, its name in brackets behind them for who
 * looks it up. An entry of a type, with a word or without a field that no release so far wrote is shown as it stands.
 */
export const formatEvent = (entry: JournalEntry): string => {
  if (!Object.hasOwn(texts, entry.type) || Object.values(entry).some(isNested)) return JSON.stringify(entry)
  const known = fitTo<object>(eventShapes[entry.type] as Shape<object>, entry)
  if (!known.fits) return JSON.stringify(entry)
  const text = texts[entry.type] as (event: object, at: number) => string
  // Messages of errors have several lines, and a process may call itself anything.
  return text(known.value, entry.at).replace(/\p{Cc}+/gu, ' ')
}

const texts: Texts = {
  'client-started': ({ conversation, resumed }) =>
    `client started, ${resumed ? 'resuming' : 'new'} conversation ${conversation}`,
  'client-ended': ({ code, signal, reason, unexplained }) =>
    `client ${describeEnd({ code, signal })}: ${unexplained && reason === 'client-exited' ? 'nobody asked it to' : inWords(reason)}${named(reason)}`,
  waiting: ({ reason, detail, untilMs }, at) =>
    `no client for ${formatDuration(Math.ceil((untilMs - at) / 1_000) * 1_000)}: ${inWords(reason)}${seen(detail)}${named(reason)}`,
  state: ({ channel, from, to, reason, detail }) =>
    `${channel ?? 'session'} is ${to}${from === null || from === to ? '' : `, was ${from}`}${reason === null ? seen(detail) : `: ${inWords(reason)}${seen(detail)}${named(reason)}`}`,
  healing: ({ reason, action }) => `what is done about it: ${action}${named(reason)}`,
  reaped: ({ pid, command }) => `ended process ${pid} (${command}), left over from an ended client`,
  survivor: ({ pid, command }) =>
    `process ${pid} (${command}) runs on: Claude started it and it is no plugin`,
  conversation: ({ from, to }) => `conversation moved${from === null ? '' : ` from ${from}`} to ${to}`,
  terminal: ({ what, detail }) => `terminal ${what}${inBrackets(detail)}`,
  asked: ({ what }) => `asked: channels ${what}`,
  left: () => 'a person ended the client at its terminal; not wanted any more',
  gap: (gap) =>
    `${gap.to === gap.from ? 'lost' : `nobody listened for ${formatDuration((gap.to ?? gap.from) - gap.from)}`}: ${describeGap(gap)}${named(gap.reason)}`,
  keeper: ({ what, pid, version }) =>
    `${Object.hasOwn(keeper, what) ? keeper[what] : `keeper ${what}`} (pid ${pid}, version ${version})`,
  told: ({ event, reason, by, outcome, detail }) =>
    `${outcomes[outcome]} by ${by === 'bot' ? 'the bot' : 'notify.command'}: ${event}${reason === null ? '' : `, ${inWords(reason)} [${reason}]`}${inBrackets(detail)}`,
  fault: ({ what, detail }) => `channels itself had trouble with \`${what}\`: ${detail}`,
}

const keeper: Readonly<Record<Extract<Event, { type: 'keeper' }>['what'], string>> = {
  started: 'keeper started',
  left: 'keeper left; the sessions run on',
  'took-over': 'keeper started in place of another',
  stopping: 'keeper takes all sessions down',
}

/** A reason as part of a sentence. One of a later release stands for itself. */
const inWords = (reason: string): string => {
  if (Object.hasOwn(orders, reason)) return orders[reason] ?? reason
  return isReason(reason) ? reasons[reason].sentence.replace(/\.$/, '') : reason
}

/** What is no fault. */
const orders: Readonly<Record<string, string>> = {
  asked: 'another one was asked for',
  stopped: 'it was stopped',
}

const named = (reason: string): string => ` [${reason}]`

const outcomes = {
  sent: 'told',
  unsure: 'may have been told',
  failed: 'could not be told',
  refused: 'could not be told',
  dropped: 'not told any more',
} as const

const isNested = (field: unknown): boolean => typeof field === 'object' && field !== null

const seen = (detail: string | null): string => (detail === null || detail === '' ? '' : `; seen: ${detail}`)

const inBrackets = (detail: string | null): string => (detail === null || detail === '' ? '' : ` (${detail})`)
