import type { JournalEntry } from './events.ts'

/** How much a line of the logs wants to be seen. */
export type Severity = 'bad' | 'poor' | 'good' | 'plain'

/** Of an entry of the journal; plain for one of a later release. */
export const severityOf = (entry: JournalEntry): Severity => {
  switch (entry.type) {
    case 'state':
      return Object.hasOwn(ofState, entry.to) ? (ofState[entry.to] ?? 'plain') : 'plain'
    case 'client-ended':
      return entry.unexplained ? 'poor' : 'plain'
    case 'gap':
      return entry.maybeLost || (entry.unanswered ?? 0) > 0 ? 'bad' : 'poor'
    case 'waiting':
      return entry.reason === 'stopped' ? 'plain' : 'poor'
    case 'terminal':
      return entry.what === 'lost' ? 'poor' : 'plain'
    case 'fault':
      return 'bad'
    default:
      return 'plain'
  }
}

const ofState: Readonly<Record<string, Severity>> = {
  live: 'good',
  recovering: 'poor',
  unknown: 'poor',
  blocked: 'bad',
  down: 'bad',
}
