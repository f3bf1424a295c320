import type { Notice } from '../core/notify/notice.ts'
import type { FailedDelivery, Outbox } from '../core/notify/outbox.ts'
import { isQuiet } from '../core/notify/quiet.ts'
import { textOf } from '../core/notify/text.ts'
import type { Session } from '../core/session.ts'
import type { World } from '../deps.ts'
import { journalFault } from './journal-fault.ts'
import { noteTold } from './note-told.ts'
import { tellPerson } from './tell-person.ts'

/** What is on its way to one session's person. Times by the elapsed clock. */
export type BotLane = {
  /** The newest is what matters at a phone: one that could not be told yet gives way to it. */
  waiting: Waiting | null
  /** Sent, and not answered yet. */
  underWay: Waiting | null
  /** The platform wants rest until then, whatever there is to tell. */
  restUntil: number
  failed: FailedDelivery | null
  /** Given up unsent, and told by nobody else: they must not count as told. */
  readonly untold: Notice[]
}

type Waiting = {
  readonly notice: Notice
  readonly tries: number
  readonly notBefore: number
  /** Of an earlier keeper: it is told once it is seen to be so still. */
  readonly isOld: boolean
}

const firstPauseMs = 15_000
const longestPauseMs = 10 * 60_000
/** A platform that wants more rest than this is not waited for, and asked again after this. */
const longestRestMs = 60 * 60_000

/** Takes up what an earlier keeper could not tell. */
export const newBotLane = ({ clock }: Pick<World, 'clock'>, outbox: Outbox | null): BotLane => {
  const pending = outbox?.pending ?? null
  const restMs = Math.min(Math.max(0, (pending?.notBefore ?? 0) - clock.now()), longestRestMs)
  return {
    waiting: pending && { ...pending, notBefore: clock.elapsed() + restMs, isOld: true },
    ...{ underWay: null, restUntil: 0, failed: outbox?.failed ?? null, untold: [] },
  }
}

/** What the next keeper has to know. */
export const outboxOf = (
  { clock }: Pick<World, 'clock'>,
  { waiting, underWay, restUntil, failed }: BotLane,
): Outbox => {
  if (waiting === null || waiting === underWay) return { pending: null, failed }
  const { notice, tries, notBefore } = waiting
  const restMs = Math.max(0, notBefore - clock.elapsed(), restUntil - clock.elapsed())
  return { pending: { notice, tries, notBefore: clock.now() + restMs }, failed }
}

export const queueForBot = (world: World, session: Session, lane: BotLane, notice: Notice): void => {
  if (session.notify.to === null) return
  const { waiting, underWay } = lane
  if (waiting !== null && waiting !== underWay) drop(world, session, lane, waiting)
  lane.waiting = { notice, tries: 0, notBefore: 0, isOld: false }
}

/** Of what waits, takes away what is not so any more, or is for nobody. */
export const sift = (world: World, session: Session, lane: BotLane, condition: string | null): void => {
  const { waiting, underWay } = lane
  if (waiting === null || underWay !== null) return
  const isSo = waiting.notice.condition === condition
  if (isSo && waiting.isOld) lane.waiting = { ...waiting, isOld: false }
  if (session.notify.to !== null && (isSo || condition === null)) return
  lane.waiting = null
  drop(world, session, lane, waiting)
}

const drop = (world: World, session: Session, lane: BotLane, { notice }: Waiting): void => {
  noteTold(world, session, notice, { by: 'bot', outcome: 'dropped', detail: null })
  // A command gets each at once.
  if (session.notify.command === null) lane.untold.push(notice)
}

/**
 * Tries to tell what waits, where it is time to. `keep` is called before it is sent, and once that is over: whoever goes on
 * from what is kept then sends nothing twice. Never throws.
 */
export const tellByBot = async (
  world: World,
  session: Session,
  lane: BotLane,
  keep: () => void,
): Promise<void> => {
  const { waiting } = lane
  if (waiting === null || lane.underWay !== null || waiting.isOld) return
  if (world.clock.elapsed() < Math.max(waiting.notBefore, lane.restUntil)) return
  if (isQuiet(session.notify.quiet, world.clock.now())) return
  lane.underWay = waiting
  keep()
  const next = await attempt(world, session, lane, waiting)
  lane.underWay = null
  // A newer one may have come meanwhile.
  if (lane.waiting === waiting) lane.waiting = next
  else if (next !== null) drop(world, session, lane, next)
  keep()
}

/** Null: it is done with. */
const attempt = async (
  world: World,
  session: Session,
  lane: BotLane,
  waiting: Waiting,
): Promise<Waiting | null> => {
  const { notice, tries } = waiting
  const again = (pauseMs: number): Waiting => ({
    ...{ ...waiting, tries: tries + 1 },
    notBefore: world.clock.elapsed() + pauseMs,
  })
  const failed = (outcome: 'refused' | 'unsure' | 'failed', detail: string): FailedDelivery | null =>
    session.notify.to && {
      ...{ at: world.clock.now(), to: session.notify.to, detail },
      ...{ refused: outcome === 'refused', unsure: outcome === 'unsure' },
    }
  try {
    const delivery = await tellPerson(world, session, textOf(notice, session))
    const detail = delivery.is === 'sent' ? null : delivery.detail
    if (delivery.is === 'later')
      lane.restUntil = world.clock.elapsed() + Math.min(delivery.afterMs, longestRestMs)
    if (delivery.is === 'later' && delivery.afterMs <= longestRestMs) {
      journalFault(world, session.name, 'notification', new Error(delivery.detail))
      return again(0)
    }
    if (delivery.is === 'failed') {
      lane.failed = failed('failed', delivery.detail)
      journalFault(world, session.name, 'notification', new Error(delivery.detail))
      return again(Math.min(firstPauseMs * 2 ** tries, longestPauseMs))
    }
    const outcome = delivery.is === 'later' ? 'refused' : delivery.is
    lane.failed = outcome === 'sent' || detail === null ? null : failed(outcome, detail)
    noteTold(world, session, notice, { by: 'bot', outcome, detail })
    return null
  } catch (error) {
    journalFault(world, session.name, 'notification', error)
    return again(longestPauseMs)
  }
}
