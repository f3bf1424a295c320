import { expect } from 'vitest'
import type { Effect } from '../../../src/core/effect.ts'
import { type Reason, type ReasonName, reasons } from '../../../src/core/reasons.ts'
import { defaultRestart } from '../../../src/core/session.ts'
import { minutes, seconds } from '../evidence-builder.ts'
import type { Trace } from './trace.ts'
import type { World } from './world.ts'

/** How often each thing that is checked came to pass. */
export type Tally = Map<string, number>
export const count = (tally: Tally, what: string): void => void tally.set(what, (tally.get(what) ?? 0) + 1)

export type Of<What extends Trace['what']> = Extract<Trace, { what: What }>
export const all = <What extends Trace['what']>(trace: readonly Trace[], what: What): readonly Of<What>[] =>
  trace.filter((each): each is Of<What> => each.what === what)

/** Never two clients, not even where one lost its loop. */
export const oneClient = ({ trace }: World, tally: Tally): void => {
  for (const { others } of all(trace, 'started')) {
    count(tally, 'start')
    expect(others, 'other clients at a start').toBe(0)
  }
  for (const _ of all(trace, 'left-over-ended')) count(tally, 'left-over client ended')
}

const atRest: readonly ReasonName[] = ['client-replaced', 'client-updated', 'login-expired', 'usage-limit']

/** Who waits for a person, or works, is ended only deaf, and only after the time that section 7 of the design says. */
export const patience = ({ trace }: World, tally: Tally): void => {
  for (const { real, effect, truth } of all(trace, 'acted')) {
    const ended = healed(effect)
    if (ended === null || effect.do !== 'end-client') continue
    count(tally, `ended ${truth.activity} for a fault`)
    if (atRest.includes(ended)) {
      expect(truth.activity, ended).toBe('idle')
      continue
    }
    const deafMs = real - (truth.deafSince ?? real)
    const aloneMs = real - (truth.waitingAloneSince ?? real)
    if (truth.activity === 'waiting')
      expect(Math.min(deafMs, aloneMs), `${ended}: deaf, waiting and alone`).toBeGreaterThanOrEqual(
        30 * minutes,
      )
    else if (truth.activity !== 'idle')
      expect(deafMs, `${ended}: deaf while ${truth.activity}`).toBeGreaterThanOrEqual(60 * minutes)
  }
}

/** No reason is healed more often than its budget allows, in any window of time. */
export const budgets = ({ trace }: World, tally: Tally): void => {
  const known = new Map<ReasonName, number[]>()
  for (const { real, effect, what } of trace
    .filter((each) => each.what === 'acted' || each.what === 'clock-set')
    .map((each) => ({ effect: null, ...each }))) {
    // What is recorded as later than now counts as long ago.
    if (what === 'clock-set') known.clear()
    // The poller of a thief is ended, and then the client, for one and the same healing.
    const reason =
      effect === null || (effect.do === 'end-client' && effect.ended === 'poller-stolen')
        ? null
        : healed(effect)
    if (reason === null) continue
    const { budget }: Reason = reasons[reason]
    if (budget === null) throw new Error(`${reason} is healed without a budget`)
    const times = [...(known.get(reason) ?? []), real]
    known.set(reason, times)
    const within = times.filter((at) => real - at < budget.withinMs).length
    expect(within, `${reason} within ${budget.withinMs} ms`).toBeLessThanOrEqual(budget.times)
    if (within === budget.times) count(tally, `budget spent: ${reason}`)
  }
}

/** The reason for which an effect is a healing that costs something; null where it is none. */
const healed = (effect: Effect): ReasonName | null => {
  if (effect.do === 'end-poller') return 'poller-stolen'
  if (effect.do === 'continue-poller') return 'plugin-stopped'
  if (effect.do === 'answer-dialog' && effect.dialog === 'development-dialog') return 'development-dialog'
  if (effect.do === 'answer-dialog') return 'resume-dialog'
  return effect.do === 'end-client' && effect.ended !== 'asked' && effect.ended !== 'stopped'
    ? effect.ended
    : null
}

/** After a crash it starts no sooner than its back-off says, and in a crash loop no sooner than the session retries. */
export const backOff = ({ trace }: World, tally: Tally): void => {
  const { attempts, windowMs, retryMs } = defaultRestart
  let crashes: number[] = []
  let streak = 0
  let ended: Of<'ended'> | null = null
  let unseen: Of<'ended'> | null = null
  const generations = new Map(all(trace, 'started').map(({ run }) => [run.run, run.generation]))
  let wanted = 0
  for (const each of trace) {
    // A life across that may look long, which ends a streak.
    if (each.what === 'clock-set') [crashes, streak] = [[], 0]
    if (each.what === 'ordered') {
      wanted = each.wanted.generation
      // Launch finds the order when it asks why the client is gone.
      if (ended !== null && isExplained(ended, generations, wanted)) crashes = crashes.slice(0, -1)
    }
    if (each.what === 'clock-set' || each.what === 'ordered') ended = null
    // What blocked a start says nothing more of the time to wait once it is over.
    if (each.what === 'decided' && each.decision.do === 'wait')
      if (!isBackOff(each.decision.waiting.reason)) ended = null
    if (each.what === 'ended') {
      const long = each.lifeMs >= 5 * minutes
      const crash = each.byItself && !each.explained && !isExplained(each, generations, wanted)
      unseen = each.byItself ? null : each
      streak = crash ? (long ? 1 : streak + 1) : long ? 0 : streak
      crashes = [...crashes, ...(crash ? [each.real] : [])]
      ended = crash ? each : null
    }
    if (each.what !== 'started') continue
    // One whose end nobody saw is taken to have lived until it was missed.
    if (unseen !== null && each.real - unseen.real + unseen.lifeMs >= 5 * minutes) streak = 0
    unseen = null
    if (each.asked) streak = 0
    else if (ended !== null) {
      const waited = each.real - ended.real
      const { real } = ended
      const recent = crashes.filter((at) => real - at < windowMs - seconds).length
      if (recent >= attempts) count(tally, 'start in a crash loop')
      count(tally, `start after crash ${Math.min(streak, 4)} in a row`)
      const least =
        recent >= attempts ? retryMs : streak < 2 ? 0 : Math.min(48 * seconds, 800 * 2 ** (streak - 2))
      expect(waited, `ms after crash ${streak}, ${recent} of late`).toBeGreaterThanOrEqual(least)
    }
    ended = null
  }
}

/** Another client was asked for. */
const isExplained = (
  { run }: Of<'ended'>,
  generations: ReadonlyMap<string, number>,
  wanted: number,
): boolean => (generations.get(run) ?? wanted) < wanted

const isBackOff = (reason: string): boolean => reason === 'client-exited' || reason === 'crash-loop'

/** Nothing is done to a client in a dialog but what was agreed to; what is asked for comes first. */
export const dialogsAreLeft = ({ trace, session }: World, tally: Tally): void => {
  for (const { effect, truth } of all(trace, 'acted')) {
    if (truth.dialog === null || !truth.loopLives) continue
    if (effect.do === 'end-client') expect(['asked', 'stopped']).toContain(effect.ended)
    else if (effect.do === 'answer-dialog') {
      count(tally, `answered: ${effect.dialog}`)
      expect(effect.dialog).toBe(truth.dialog)
      const { resume, development } = session.dialogs
      expect(effect.answer).toBe(
        truth.dialog === 'resume-dialog'
          ? resume
          : truth.dialog === 'development-dialog'
            ? development
            : null,
      )
      expect(effect.answer).not.toBe('ask')
    } else expect(['wake', 'start-terminal']).toContain(effect.do)
  }
}
