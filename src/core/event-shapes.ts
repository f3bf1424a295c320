import type { Event } from './events.ts'
import { fields, flag, nullable, number, oneOf, type Shape, text } from './shape.ts'

/** An event but for its type. */
export type FieldsOf<Type extends Event['type']> = Omit<Extract<Event, { type: Type }>, 'type'>

/** What each type of event has to hold to be told in words. A name of a later release fits wherever it can stand for itself. */
export const eventShapes: { readonly [Type in Event['type']]: Shape<FieldsOf<Type>> } = {
  'client-started': fields({
    run: text(),
    conversation: text(),
    resumed: flag,
    pid: nullable(number),
  }),
  'client-ended': fields({
    run: text(),
    code: nullable(number),
    signal: nullable(text()),
    reason: text<FieldsOf<'client-ended'>['reason']>(),
    unexplained: flag,
  }),
  waiting: fields({
    reason: text<FieldsOf<'waiting'>['reason']>(),
    detail: nullable(text()),
    untilMs: number,
  }),
  state: fields({
    channel: nullable(text()),
    from: nullable(text()),
    to: text(),
    reason: nullable(text()),
    detail: nullable(text()),
  }),
  healing: fields({ reason: text(), action: text() }),
  reaped: fields({ run: text(), pid: number, command: text() }),
  survivor: fields({ run: text(), pid: number, command: text() }),
  conversation: fields({ run: text(), from: nullable(text()), to: text() }),
  terminal: fields({ what: text(), detail: nullable(text()) }),
  asked: fields({ what: text(), by: text() }),
  left: fields({ by: oneOf('person') }),
  gap: fields({
    from: number,
    to: nullable(number),
    reason: text(),
    waited: nullable(number),
    unanswered: nullable(number),
    maybeLost: flag,
  }),
  keeper: fields({ what: text<FieldsOf<'keeper'>['what']>(), pid: number, version: text() }),
  told: fields({
    event: text(),
    reason: nullable(text()),
    by: oneOf('bot', 'command'),
    outcome: oneOf('sent', 'unsure', 'failed', 'refused', 'dropped'),
    detail: nullable(text()),
  }),
  fault: fields({ what: text(), detail: text() }),
}
