import { isWithin } from '../duration.ts'
import type { Evidence } from '../evidence.ts'
import { hasCost } from '../gap-words.ts'
import type { Health, Notified } from '../records.ts'
import type { Session } from '../session.ts'
import { type Sighting, sight } from '../sighting.ts'
import type { Verdict } from '../verdict.ts'
import { conditionOf, nameOf, type Trouble } from './condition.ts'
import { reportGaps } from './gap-report.ts'
import type { Notice } from './notice.ts'
import { isQuiet } from './quiet.ts'

/** What a keeper has seen from look to look. Another keeper begins anew: it tells a minute later, and nothing twice. */
export type Watch = {
  readonly trouble: Sighting | null
  /** Not well, for whatever reasons. */
  readonly unwell: Sighting | null
  readonly well: Sighting | null
}

export const emptyWatch: Watch = { trouble: null, unwell: null, well: null }

/** Whoever asked for something looks what becomes of it: `up` says it, for a minute. */
const askedMs = 60_000
/** Live for so long, it is back: not one that comes up and dies again. */
const settledMs = 10_000
/** Started to try whether a limit is over, it is back with the first answer, or where the limit has not shown for so long. */
const triedMs = 10 * 60_000
/** The same again, at the soonest: while it lasts; and once it was over, where it has lasted for `againMs`. */
const repeatMs = 3 * 60 * 60_000
const againMs = 10 * 60_000
/** Of whatever troubles, beside each of them one more that it is over; and as many prompts, which silence no trouble. */
const mostPerHour = 6
const hourMs = 60 * 60_000
/** More than both can be within `repeatMs`. */
const keptTold = 40

type Look = { readonly evidence: Evidence; readonly verdict: Verdict; readonly health: Health }

export type Told = {
  readonly watch: Watch
  /** The very same where nothing changed. */
  readonly notified: Notified | null
  readonly notices: readonly Notice[]
  /** What the session's condition is called once it is believed; null: nobody can tell (yet), or nothing is to be told. */
  readonly condition: string | null
}

/**
 * Decides what people are told at a look: edges only, each once it has held; nothing that was asked for. Pure. What it
 * says was told is to be written down before it is: so nothing is told twice, and what a keeper did not live to tell, not at all.
 */
export const notify = (watch: Watch, look: Look): Told => {
  const { evidence, verdict, health } = look
  const now = evidence.at
  const known = health.notified
  const silent = { watch: emptyWatch, notified: known, notices: [] }
  if (!tellsAnybody(evidence.session)) return { ...silent, notified: closed(known), condition: null }
  const condition = conditionOf(verdict, evidence)
  const past = withoutFuture(known, now)
  if (condition.is === 'off') return { ...silent, notified: closed(past), condition: 'off' }
  if (condition.is === 'neither') return { ...silent, watch, condition: null }
  if (condition.is === 'trouble') return tellTrouble(watch, look, condition, past)
  const well = sight(watch.well, 'well', now)
  const isSettled = now - well.since >= (isTried(health) ? triedMs : settledMs)
  const isOver = past?.open != null && isSettled && !isQuiet(evidence.session.notify.quiet, now)
  return {
    watch: { ...emptyWatch, well },
    notified: isOver ? closed(past) : past,
    notices: isOver ? tellBack(look, past, well.since) : [],
    condition: isSettled ? 'well' : null,
  }
}

/** Whether it runs to try a limit that no answer has shown to be over. A login was looked at before. */
const isTried = ({ parked }: Health): boolean => parked?.reason === 'usage-limit'

/** Whether anybody is told of a session at all. */
const tellsAnybody = ({ notify: { to, command } }: Session): boolean => to !== null || command !== null

const tellTrouble = (watch: Watch, look: Look, condition: Trouble, past: Notified | null): Told => {
  const { evidence, verdict } = look
  const now = evidence.at
  const name = nameOf(condition)
  const trouble = sight(watch.trouble, name, now)
  const unwell = sight(watch.unwell, 'unwell', now)
  const since = condition.counts === 'itself' ? trouble.since : unwell.since
  const heldMs = now - since
  const isHeld = heldMs >= condition.afterMs
  const next = {
    ...{ watch: { trouble, unwell, well: null }, notified: past, notices: [] },
    condition: isHeld ? name : null,
  }
  if (!isHeld || isWithin(evidence.wanted?.at ?? 0, askedMs, now)) return next
  const reason = verdict.reason ?? verdict.state
  const { open, told } = past ?? nothing
  // Claude going on is seen where the prompt was answered: nobody is told that it was.
  const opens = condition.event !== 'waiting'
  const from = open?.from ?? unwell.since
  const quiet = isQuiet(evidence.session.notify.quiet, now)
  if (!quiet && !isDue(condition, heldMs, { open, told }, now)) return next
  if (quiet || isSpent(condition.event, told, now))
    return open === null && opens
      ? { ...next, notified: { told, open: { from, reason, told: false } } }
      : next
  return {
    ...next,
    notified: {
      open: opens ? { from, reason, told: true } : open,
      told: [...told, { event: condition.event, key: condition.key, at: now }].slice(-keptTold),
    },
    notices: [
      {
        ...{ event: condition.event, state: verdict.state, reason: verdict.reason },
        ...{ about: verdict.about ?? null, at: now, since, gap: null, condition: name },
      },
    ],
  }
}

const isDue = (
  { event, key, counts }: Trouble,
  heldMs: number,
  { open, told }: Notified,
  now: number,
): boolean => {
  const isOpen = open?.told === true
  // Of one that is known not to be well it is no news that it is not.
  const former =
    counts === 'all of it' && isOpen
      ? told.at(-1)
      : told.findLast((each) => each.event === event && each.key === key)
  if (former === undefined || !isWithin(former.at, repeatMs, now)) return true
  return !isOpen && event !== 'waiting' && heldMs >= againMs
}

/** Whether as many of its sort were told within the hour as may be. */
const isSpent = (event: Trouble['event'], told: Notified['told'], now: number): boolean => {
  const isPrompt = event === 'waiting'
  const lately = told.filter(
    (each) => (each.event === 'waiting') === isPrompt && isWithin(each.at, hourMs, now),
  )
  return lately.length >= mostPerHour
}

/** What was kept back, in quiet hours or as there was too much, and is over, is told where it cost something. */
const tellBack = (
  { health, evidence, verdict }: Look,
  past: Notified | null,
  since: number,
): readonly Notice[] => {
  if (past?.open == null) return []
  const { from, reason, told } = past.open
  const gap = reportGaps(health.gaps, from, reason)
  if (!told && (gap === null || !hasCost(gap))) return []
  return [
    {
      ...{ event: 'back', state: verdict.state, reason: null, about: null },
      ...{ at: evidence.at, since, gap, condition: 'well' },
    },
  ]
}

const nothing: Notified = { open: null, told: [] }

const closed = (past: Notified | null): Notified | null =>
  past?.open == null ? past : { ...past, open: null }

/** What is recorded as still to come is from before the clock was set back: as if it had been told just now. */
const withoutFuture = (known: Notified | null, now: number): Notified | null => {
  if (known === null || known.told.every(({ at }) => at <= now)) return known
  return { ...known, told: known.told.map((each) => ({ ...each, at: Math.min(each.at, now) })) }
}
