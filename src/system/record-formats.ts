import type { ProcessId } from '../core/process.ts'
import type { ReasonName } from '../core/reasons.ts'
import type {
  ExitRecord,
  Gap,
  Health,
  KeeperRecord,
  Orders,
  Parked,
  PlatformRecord,
  PollerRecord,
  Promised,
  Run,
  Wanted,
  Worked,
} from '../core/records.ts'
import {
  fields,
  fitTo,
  flag,
  list,
  nullable,
  number,
  oneOf,
  orElse,
  type Shape,
  table,
  text,
} from '../core/shape.ts'
import type { Tried } from '../core/tries.ts'
import { history, time } from './history-format.ts'
import { notified, outbox } from './notify-format.ts'

/**
 * The checks `readRecord` takes, one per record of a session. Unknown keys are left out, missing ones get their empty
 * value where nothing is claimed by it, and what doesn't fit is null. Every format ever released stays readable:
 * test/system/golden holds one of each.
 */
export const checkWanted = (value: unknown): Wanted | null => checked(wanted, value)
export const checkOrders = (value: unknown): Orders | null => checked(orders, value)
export const checkRun = (value: unknown): Run | null => checked(run, value)
export const checkHealth = (value: unknown): Health | null => checked(health, value)
export const checkKeeper = (value: unknown): KeeperRecord | null => checked(keeper, value)

const checked = <T>(shape: Shape<T>, value: unknown): T | null => {
  const found = fitTo(shape, value)
  return found.fits ? found.value : null
}

const format = oneOf(1)
// Reasons are added in later releases: one we don't know must not make the record unreadable.
const ended = text<ReasonName | 'asked' | 'stopped'>()
const held = text<ReasonName | 'stopped'>()
const processId = fields<ProcessId>({ pid: number, start: text() })

const wanted = fields<Wanted>({
  format,
  want: flag,
  generation: number,
  conversation: nullable(text()),
  fresh: orElse(flag, false),
  by: text<Wanted['by']>(),
  when: orElse(text<Wanted['when']>(), 'now'),
  at: time,
})

const orders = fields<Orders>({
  format,
  run: text(),
  ended: nullable(ended),
  hold: nullable(
    fields<NonNullable<Orders['hold']>>({
      reason: held,
      until: nullable(time),
      at: orElse(nullable(time), null),
    }),
  ),
  fresh: orElse(flag, false),
})

const exit = fields<ExitRecord>({
  at: time,
  run: text(),
  code: nullable(number),
  signal: nullable(text()),
  unexplained: flag,
  reason: ended,
  downForMs: nullable(number),
  unanswered: nullable(number),
  promised: nullable(fields<Promised>({ messages: number, until: time, brokenAt: nullable(time) })),
})

const run = fields<Run>({
  format,
  run: text(),
  loop: processId,
  machine: nullable(text()),
  protocol: number,
  generation: number,
  conversation: text(),
  resumed: flag,
  cwd: nullable(text()),
  botIds: nullable(list(text())),
  client: nullable(fields<NonNullable<Run['client']>>({ path: text(), real: text(), changedAt: number })),
  interrupted: orElse(flag, false),
  startedAt: time,
  waiting: nullable(
    fields<NonNullable<Run['waiting']>>({ reason: held, detail: nullable(text()), until: time }),
  ),
  streak: orElse(number, 0),
  restarts: orElse(number, 0),
  exits: orElse(list(exit), []),
})

/** What a later release found lacking can't be said here, and must not make the record unreadable. */
const lack: Shape<PlatformRecord['lacks']> = (value) => {
  const name = text()(value)
  return name === 'message-content' || name === 'server' ? name : null
}

const platform = fields<PlatformRecord>({
  at: time,
  botId: nullable(text()),
  token: oneOf('accepted', 'rejected', 'unknown'),
  account: nullable(text()),
  pending: nullable(number),
  webhook: nullable(text()),
  lacks: nullable(lack),
  detail: nullable(text()),
  pendingSince: nullable(time),
  trouble: nullable(
    fields<NonNullable<PlatformRecord['trouble']>>({ since: time, times: number, detail: text() }),
  ),
})

const gap = fields<Gap>({
  from: time,
  to: nullable(time),
  reason: text(),
  waited: nullable(number),
  unanswered: nullable(number),
  maybeLost: orElse(flag, false),
})

const poller = fields<PollerRecord>({
  pid: number,
  start: text(),
  run: text(),
  connected: orElse(flag, false),
  silentSince: nullable(time),
})

const parked = fields<Parked>({
  run: text(),
  reason: text<ReasonName>(),
  at: time,
  until: time,
  tries: number,
  credentialsAt: nullable(time),
})

const worked = fields<Worked>({
  run: text(),
  at: time,
  client: nullable(text()),
  plugins: orElse(table(text()), {}),
})

const tried = fields<Tried>({
  times: number,
  at: time,
  wellMs: orElse(number, 0),
  wellSince: nullable(time),
  lacked: orElse(flag, false),
})

const health = fields<Health>({
  format,
  at: time,
  acknowledged: nullable(time),
  conversation: nullable(fields<NonNullable<Health['conversation']>>({ run: text(), id: text() })),
  client: nullable(fields<NonNullable<Health['client']>>({ pid: number, start: text(), run: text() })),
  since: orElse(
    table(fields<Health['since'][string]>({ state: text(), reason: nullable(text()), at: time })),
    {},
  ),
  platform: orElse(table(platform), {}),
  gaps: orElse(list(gap), []),
  pollers: orElse(table(poller), {}),
  healed: orElse(list(fields<Health['healed'][number]>({ reason: text<ReasonName>(), at: time })), []),
  tries: orElse(table(tried), {}),
  parked: nullable(parked),
  worked: nullable(worked),
  counted: orElse(fields<Health['counted']>({ exits: time, promises: orElse(time, 0), failures: time }), {
    exits: 0,
    promises: 0,
    failures: 0,
  }),
  history: nullable(history),
  notified: nullable(notified),
  outbox,
})

const keeper = fields<KeeperRecord>({
  format,
  pid: number,
  start: text(),
  version: text(),
  since: time,
  where: oneOf('terminal', 'foreground', 'stopping'),
  machine: nullable(text()),
})
