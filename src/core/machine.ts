import type { Healed } from './budget.ts'
import type { Effect } from './effect.ts'
import type { Evidence } from './evidence.ts'
import { type HealingPlan, healingOf, urgentOf } from './healing.ts'
import { holdOf } from './hold.ts'
import { carriedOut, sightOrder } from './order.ts'
import { unpark } from './parking.ts'
import type { Health } from './records.ts'
import { type Sighting, sight } from './sighting.ts'
import { bringBack, isTakenDown } from './take-down.ts'
import { trackChanges } from './track.ts'
import { withTry } from './tries.ts'
import { isToBeAsked } from './update.ts'
import { judge, type Verdict } from './verdict.ts'

/** What the keeper knows of one session between two looks. `health` is what outlives it. */
export type MachineState = {
  readonly health: Health
  /** A fault that costs work to heal is believed at the second sample. */
  readonly suspicion: Sighting | null
  /** When this keeper looked last; absent: not yet. */
  readonly lookedAt?: number
  /** The order that was given inside the session and may wait for the turn that asked. */
  readonly order?: Sighting | null
  /** The session waits for a person, and nobody is attached. */
  readonly alone?: Sighting | null
  /** When the client that is installed now was asked which version it is; absent: not by this keeper. */
  readonly clientAskedAt?: number
}

export type { Effect }

export type Step = {
  readonly state: MachineState
  readonly effects: readonly Effect[]
  readonly verdict: Verdict
}

/** A suspicion is looked at again this soon, and acted upon when it still holds. */
export const lookAgainMs = 250
/** Moments of rest are short while messages come in: one that is waited for is looked for this often. */
const waitForRest: Effect = { do: 'look-again', afterMs: 500 }

/**
 * One look of the keeper at one session: from what it knew, what is observed and what is wanted to what it knows now
 * and what is to be done. Pure; all policy of healing is here and in `healing.ts`.
 */
export const step = (state: MachineState, evidence: Evidence, now: number): Step => {
  const verdict = judge(evidence, now)
  const { health, effects: changes } = trackChanges(
    state.health,
    evidence,
    verdict,
    now,
    state.lookedAt ?? null,
  )
  const decided = decide(
    {
      ...state,
      health,
      lookedAt: now,
      order: sightOrder(state.order ?? null, evidence, now),
      alone: sightAlone(state, evidence, now),
    },
    evidence,
    verdict,
    now,
  )
  return { state: decided.state, effects: [...changes, ...decided.effects], verdict }
}

/** A keeper that has seen nothing yet. */
export const newHealth = (now: number): Health => ({
  format: 1,
  at: now,
  acknowledged: null,
  conversation: null,
  client: null,
  since: {},
  platform: {},
  gaps: [],
  pollers: {},
  healed: [],
  tries: {},
  parked: null,
  worked: null,
  counted: { exits: now, promises: now, failures: now },
  history: null,
  notified: null,
  outbox: null,
})

type Decided = { readonly state: MachineState; readonly effects: readonly Effect[] }

const decide = (state: MachineState, evidence: Evidence, verdict: Verdict, now: number): Decided => {
  const calm = { ...state, suspicion: null }
  if (evidence.wanted === null || evidence.stray !== null) return { state: calm, effects: [] }
  if (evidence.wanted.want && isTakenDown(evidence.run, evidence.orders))
    return {
      state: calm,
      effects: [
        bringBack(evidence, state.health),
        ...(evidence.terminal.loop ? [] : startTerminal(evidence)),
      ],
    }
  const ordered = carriedOut(evidence, state.order ?? null, now)
  if (ordered === 'rest') return awaitRest(state, evidence, now)
  if (ordered !== null) return { state: calm, effects: ordered }
  if (evidence.terminal.loop === null) return { state: calm, effects: startTerminal(evidence) }
  const unparked = unpark(state.health, evidence, verdict.reason, now)
  if (unparked.length > 0) return { state: calm, effects: unparked }
  if (isUnblocked(evidence, now)) return { state: calm, effects: [{ do: 'wake' }] }
  const healing = heal(state, healingOf(state.health, evidence, verdict, now), now)
  const asks = verdict.state === 'live' && isToBeAsked(evidence, state.clientAskedAt ?? null, now)
  if (healing.effects.length > 0 || !asks) return healing
  return { state: { ...healing.state, clientAskedAt: now }, effects: [{ do: 'check-client' }] }
}

const startTerminal = ({ obstacles }: Evidence): readonly Effect[] =>
  obstacles.some(({ reason }) => reason === 'multiplexer-missing') ? [] : [{ do: 'start-terminal' }]

/**
 * Nothing else is healed meanwhile, and the client is not ended for it. But a keeper that was killed may have left the
 * plugin held, and a client that waits for what it asked of that plugin never rests; and a thief drops what he takes.
 */
const awaitRest = (state: MachineState, evidence: Evidence, now: number): Decided => {
  const healing = heal(state, urgentOf(state.health, evidence, now), now)
  return {
    state: healing.state,
    effects: [waitForRest, ...healing.effects.filter((effect) => effect.do !== 'look-again')],
  }
}

const sightAlone = (
  { alone }: MachineState,
  { client, run, terminal }: Evidence,
  now: number,
): Sighting | null =>
  client?.file?.activity === 'waiting' && run !== null && terminal.attached === 0
    ? // Asked again right after an answer, it has asked nobody for long: the client says since when (2.1.139 and 2.1.330).
      sight(alone ?? null, `${run.run} ${client.file.statusUpdatedAt}`, now)
    : null

/** What launch waited for is there now: no need to wait out the minute. */
const isUnblocked = ({ client, run, obstacles, orders }: Evidence, now: number): boolean => {
  if (client !== null || !run?.waiting || obstacles.length > 0) return false
  if (holdOf(run, orders, now) !== null) return false
  return (
    run.waiting.reason !== 'client-exited' &&
    run.waiting.reason !== 'crash-loop' &&
    run.waiting.reason !== 'stopped'
  )
}

const heal = (state: MachineState, healing: HealingPlan | null, now: number): Decided => {
  if (healing === null) return { state: { ...state, suspicion: null }, effects: [] }
  const suspicion = sight(state.suspicion, healing.key, now)
  const heldMs = now - suspicion.since
  if (heldMs < lookAgainMs)
    return { state: { ...state, suspicion }, effects: [{ do: 'look-again', afterMs: lookAgainMs }] }
  const effects =
    heldMs < healing.graceMs ? [] : healing.effects({ heldMs, aloneMs: now - (state.alone?.since ?? now) })
  if (!effects.some(({ do: what }) => costly.has(what))) return { state: { ...state, suspicion }, effects }
  const ends = effects.some((effect) => effect.do === 'end-client')
  const healed: readonly Healed[] = [...state.health.healed, { reason: healing.reason, at: now }].slice(-50)
  const health = { ...state.health, healed }
  if (!ends) return { state: { ...state, health, suspicion }, effects }
  const parked = healing.parked ?? health.parked
  const tries = withTry(health.tries, healing.tries, now)
  return { state: { ...state, health: { ...health, parked, tries }, suspicion: null }, effects }
}

/** What counts towards the budget of a reason. */
const costly: ReadonlySet<Effect['do']> = new Set([
  'end-client',
  'end-poller',
  'continue-poller',
  'answer-dialog',
])
