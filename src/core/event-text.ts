import { formatDuration } from './duration.ts'
import type { Event, JournalEntry } from './events.ts'
import { describeEnd } from './exit.ts'
import { describeGap } from './gap-words.ts'
import { isReason, reasons } from './reasons.ts'

type Texts = {
  readonly [Type in Event['type']]: (event: Extract<Event, { type: Type }>, at: number) => string
}

/** What a journal entry says, for people: one line. An entry that no release so far wrote is shown as it stands. */
export const formatEvent = (entry: JournalEntry): string => {
  if (!Object.hasOwn(texts, entry.type) || Object.values(entry).some(isNested)) return JSON.stringify(entry)
  const text = texts[entry.type] as (event: Event, at: number) => string
  // Messages of errors have several lines, and a process may call itself anything.
  return text(entry, entry.at).replace(/\p{Cc}+/gu, ' ')
}

const texts: Texts = {
  'client-started': ({ conversation, resumed }) =>
    `client started, ${resumed ? 'resuming' : 'new'} conversation ${conversation}`,
  'client-ended': ({ code, signal, reason, unexplained }) =>
    `client ${describeEnd({ code, signal })}${unexplained ? '' : ` (${reason})`}`,
  waiting: ({ reason, detail, untilMs }, at) =>
    `waiting ${formatDuration(Math.ceil((untilMs - at) / 1_000) * 1_000)}: ${reason === 'stopped' ? 'held back' : isReason(reason) ? reasons[reason].sentence : reason}${inBrackets(detail)}`,
  state: ({ channel, from, to, reason, detail }) =>
    `${channel ?? 'session'} ${from === null ? '' : `${from} -> `}${to}${reason === null ? '' : ` ${reason}`}${inBrackets(detail)}`,
  healing: ({ reason, action }) => `${reason}: ${action}`,
  reaped: ({ pid, command }) => `ended process ${pid} (${command}), left over from an ended client`,
  survivor: ({ pid, command }) =>
    `process ${pid} (${command}) runs on: Claude started it and it is no plugin`,
  conversation: ({ from, to }) => `conversation moved${from === null ? '' : ` from ${from}`} to ${to}`,
  terminal: ({ what, detail }) => `terminal ${what}${inBrackets(detail)}`,
  asked: ({ what }) => `asked: channels ${what}`,
  left: () => 'a person ended the client at its terminal; not wanted any more',
  gap: (gap) =>
    `${gap.to === gap.from ? 'lost' : `nobody listened for ${formatDuration((gap.to ?? gap.from) - gap.from)}`}: ${describeGap(gap)}`,
  keeper: ({ what, pid, version }) => `keeper ${what} (pid ${pid}, version ${version})`,
  told: ({ event, reason, by, outcome, detail }) =>
    `${outcomes[outcome]} by ${by === 'bot' ? 'the bot' : 'notify.command'}: ${event}${reason === null ? '' : ` ${reason}`}${inBrackets(detail)}`,
  fault: ({ what, detail }) => `fault in ${what}: ${detail}`,
}

const outcomes = {
  sent: 'told',
  failed: 'could not be told',
  refused: 'could not be told',
  dropped: 'not told any more',
} as const

const isNested = (field: unknown): boolean => typeof field === 'object' && field !== null

const inBrackets = (detail: string | null): string => (detail === null || detail === '' ? '' : ` (${detail})`)
