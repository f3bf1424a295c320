import type { Healed } from './budget.ts'
import type { Effect } from './effect.ts'
import type { Evidence } from './evidence.ts'
import { healingOf } from './healing.ts'
import type { Health } from './records.ts'
import { trackChanges } from './track.ts'
import { judge, type Verdict } from './verdict.ts'

/** What the keeper knows of one session between two looks. `health` is what outlives it. */
export type MachineState = {
  readonly health: Health
  /** A fault that costs work to heal is believed at the second sample. */
  readonly suspicion: Suspicion | null
}

export type Suspicion = {
  readonly key: string
  /** When it was first seen, moved by the time nobody looked. */
  readonly since: number
  /** When it was last seen. */
  readonly seen: number
}

export type { Effect }

export type Step = {
  readonly state: MachineState
  readonly effects: readonly Effect[]
  readonly verdict: Verdict
}

/** A suspicion is looked at again this soon, and acted upon when it still holds. */
export const lookAgainMs = 250
/** Looks further apart than this mean that the machine slept or its clock was set: that time proves nothing. */
const longestLookMs = 60_000
/** An order asked for from inside the session is carried out at the next idle, at the latest after this. */
const insideMs = 60_000

/**
 * One look of the keeper at one session: from what it knew, what is observed and what is wanted to what it knows now
 * and what is to be done. Pure; all policy of healing is here and in `healing.ts`.
 */
export const step = (state: MachineState, evidence: Evidence, now: number): Step => {
  const verdict = judge(evidence, now)
  const { health, effects: changes } = trackChanges(state.health, evidence, verdict, now)
  const decided = decide({ ...state, health }, evidence, verdict, now)
  return { state: decided.state, effects: [...changes, ...decided.effects], verdict }
}

/** A keeper that has seen nothing yet. */
export const newHealth = (now: number): Health => ({
  format: 1,
  at: now,
  acknowledged: null,
  conversation: null,
  since: {},
  platform: {},
  gaps: [],
  pollers: {},
  healed: [],
})

type Decided = { readonly state: MachineState; readonly effects: readonly Effect[] }

const decide = (state: MachineState, evidence: Evidence, verdict: Verdict, now: number): Decided => {
  const calm = { ...state, suspicion: null }
  if (evidence.wanted === null) return { state: calm, effects: [] }
  if (!evidence.wanted.want) return { state: calm, effects: stopping(evidence, now) }
  const asked = restarting(evidence, now)
  if (asked !== null) return { state: calm, effects: asked }
  if (evidence.terminal.loop === null)
    return {
      state: calm,
      effects: evidence.obstacles.some(({ reason }) => reason === 'multiplexer-missing')
        ? []
        : [{ do: 'start-terminal' }],
    }
  if (isUnblocked(evidence)) return { state: calm, effects: [{ do: 'wake' }] }
  return heal(state, evidence, verdict, now)
}

const stopping = ({ client, run, terminal, wanted }: Evidence, now: number): readonly Effect[] => {
  if (client === null) return terminal.loop === null ? [] : [{ do: 'wake' }]
  if (run === null || !isDue({ wanted, client }, now)) return []
  return [{ do: 'end-client', process: client.process, run: run.run, ended: 'stopped', fresh: false }]
}

/** What a grown generation asks for; null when nothing is asked. */
const restarting = ({ client, run, terminal, wanted }: Evidence, now: number): readonly Effect[] | null => {
  if (wanted === null || run === null || wanted.generation <= run.generation) return null
  if (client === null) return terminal.loop === null ? null : [{ do: 'wake' }]
  if (!isDue({ wanted, client }, now)) return []
  return [{ do: 'end-client', process: client.process, run: run.run, ended: 'asked', fresh: false }]
}

const isDue = ({ wanted, client }: Pick<Evidence, 'wanted' | 'client'>, now: number): boolean =>
  // Either way: a clock that was set back must not make it wait for longer.
  wanted?.when !== 'idle' || Math.abs(now - wanted.at) >= insideMs || client?.file?.activity === 'idle'

/** What launch waited for is there now: no need to wait out the minute. */
const isUnblocked = ({ client, run, obstacles }: Evidence): boolean => {
  if (client !== null || !run?.waiting || obstacles.length > 0) return false
  return (
    run.waiting.reason !== 'client-exited' &&
    run.waiting.reason !== 'crash-loop' &&
    run.waiting.reason !== 'stopped'
  )
}

const heal = (state: MachineState, evidence: Evidence, verdict: Verdict, now: number): Decided => {
  const healing = healingOf(state.health.healed, evidence, verdict, now)
  if (healing === null) return { state: { ...state, suspicion: null }, effects: [] }
  const suspicion = suspect(state.suspicion, healing.key, now)
  if (now - suspicion.since < lookAgainMs)
    return { state: { ...state, suspicion }, effects: [{ do: 'look-again', afterMs: lookAgainMs }] }
  const effects = healing.effects(now - suspicion.since)
  const ends = effects.some((effect) => effect.do === 'end-client')
  if (!ends && !effects.some((effect) => effect.do === 'end-poller'))
    return { state: { ...state, suspicion }, effects }
  const healed: readonly Healed[] = [...state.health.healed, { reason: healing.reason, at: now }].slice(-50)
  return { state: { health: { ...state.health, healed }, suspicion: ends ? null : suspicion }, effects }
}

const suspect = (known: Suspicion | null, key: string, now: number): Suspicion => {
  if (known?.key !== key) return { key, since: now, seen: now }
  const passedMs = now - known.seen
  const slept = passedMs < 0 || passedMs > longestLookMs
  return { key, since: slept ? known.since + passedMs : known.since, seen: now }
}
