import type { Event } from '../core/events.ts'
import type { Notice } from '../core/notify/notice.ts'
import type { Session } from '../core/session.ts'
import type { World } from '../deps.ts'

type Outcome = Pick<Extract<Event, { type: 'told' }>, 'by' | 'outcome' | 'detail'>

/** Writes down what became of a notice. */
export const noteTold = (
  world: Pick<World, 'journal'>,
  { name }: Session,
  { event, reason }: Notice,
  outcome: Outcome,
): void => void world.journal.append(name, { type: 'told', event, reason, ...outcome })
