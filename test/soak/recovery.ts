import type { JournalEntry } from '../../src/core/events.ts'
import { isReason, reasons } from '../../src/core/reasons.ts'
import type { Fault } from './faults/fault.ts'
import type { PlayedFault } from './play.ts'
import type { Sample } from './watch.ts'

export type Registered = { readonly session: string; readonly at: number }

/** What was seen of a fault from outside. Times in milliseconds. */
export type Recovery = {
  readonly fault: PlayedFault
  /**
   * From when it was felt until it was first named, in `status` or the journal. Null: never; `brief` where it had passed
   * before it had to be.
   */
  readonly namedMs: number | 'brief' | null
  /** From its end, that is the mending where it is mended, until `status` said live; null: never. */
  readonly liveMs: number | null
  /** The first answer of `status` that called the session live when it could not have answered. */
  readonly falselyLive: Sample | null
}

export type Seen = {
  readonly samples: readonly Sample[]
  readonly journal: readonly JournalEntry[]
  /** Whenever a client of a session began to listen. */
  readonly registered: readonly Registered[]
}

/** Where nothing bounds it: as for what is seen on the machine itself. */
const usualWithinS = 3

/** How one fault was named and overcome. Pure. */
export const judgeRecovery = (fault: PlayedFault, kind: Fault, seen: Seen): Recovery => {
  const none = { fault, namedMs: null, liveMs: null, falselyLive: null }
  if (fault.missed !== null || fault.feltAt === null) return none
  const samples = seen.samples.filter(({ session }) => session === fault.session)
  const nextListener =
    seen.registered.find(({ session, at }) => session === fault.session && at > (fault.feltAt ?? 0))?.at ??
    Number.POSITIVE_INFINITY
  const endedAt = kind.deaf === 'until-restart' ? nextListener : (fault.overAt ?? fault.mendedAt)
  const deafUntil = Math.min(nextListener, endedAt ?? Number.POSITIVE_INFINITY)
  const lastAt = Number.isFinite(deafUntil) ? deafUntil : (fault.mendedAt ?? fault.feltAt)
  const boundAt = fault.feltAt + boundMs(kind)
  return {
    fault,
    namedMs:
      sinceThen(firstNamed(kind, within(seen, fault, fault.feltAt, lastAt + consequenceMs)), fault.feltAt) ??
      (lastAt <= boundAt ? 'brief' : null),
    liveMs: firstLive(samples, fault.mendedAt ?? fault.feltAt, fault.feltAt),
    falselyLive:
      kind.deaf === null
        ? null
        : (samples.find(
            ({ state, askedAt, answeredAt }) =>
              state === 'live' && askedAt > boundAt && answeredAt < deafUntil,
          ) ?? null),
  }
}

/** Of what it is likeliest called. */
const boundMs = ({ named: [first] }: Fault): number =>
  1_000 * (first !== undefined && isReason(first) ? reasons[first].withinS : usualWithinS)

const sinceThen = (at: number | null, then: number): number | null =>
  at === null ? null : Math.max(0, at - then)

/** What is seen later is another fault's. */
const consequenceMs = 10_000

const within = ({ samples, journal }: Seen, { session }: PlayedFault, from: number, to: number) => ({
  samples: samples.filter(
    (each) => each.session === session && each.answeredAt >= from && each.answeredAt <= to,
  ),
  journal: journal.filter((each) => each.session === session && each.at >= from && each.at <= to),
})

const firstNamed = ({ named }: Fault, { samples, journal }: Omit<Seen, 'registered'>): number | null => {
  const isNamed = (word: unknown): boolean => named.some((each) => each === word)
  const sample = samples.find(({ state, reason }) => isNamed(state) || isNamed(reason))
  const entry = journal.find(
    (each) => ('reason' in each && isNamed(each.reason)) || ('to' in each && isNamed(each.to)),
  )
  const times = [sample?.answeredAt, entry?.at].filter((at) => at !== undefined)
  return times.length === 0 ? null : Math.min(...times)
}

/** Live once it had been something else; where it never was, it took no time at all. */
const firstLive = (samples: readonly Sample[], from: number, feltAt: number): number | null => {
  const ill = samples.find(
    ({ answeredAt, state }) => state !== 'live' && answeredAt >= feltAt && answeredAt <= from + consequenceMs,
  )
  if (ill === undefined) return 0
  const back = samples.find(
    ({ askedAt, state }) => state === 'live' && askedAt >= Math.max(from, ill.answeredAt),
  )
  return back === undefined ? null : back.answeredAt - from
}
