import { isReason, type ReasonName, type State } from '../../src/core/reasons.ts'
import type { Remark } from '../../src/core/remarks.ts'
import { cli } from '../sim/cli.ts'
import { journal } from '../sim/watch.ts'
import { type Machine, readReport, sessionIn } from '../simulated/faults/kit.ts'
import type { Scene } from './fault.ts'

/** What was said of the session at one time, by `status --json` or by the keeper in its journal. */
export type Sighting = {
  /** Milliseconds since 1970, by the clock of whoever said it. */
  readonly at: number
  readonly by: 'status' | 'journal'
  readonly state: State
  readonly reason: ReasonName | null
  /**
   * Why the last client ended, where that was since the watch began, or is being ended: a restart may be over between
   * two questions.
   */
  readonly ended: ReasonName | null
  readonly remarks: readonly Remark[]
}

export type Watch = {
  /** All so far, oldest first. */
  readonly sightings: () => readonly Sighting[]
  /** Waits for one that fits; null when none came within `ms`. */
  readonly until: (fits: (sighting: Sighting) => boolean, ms: number) => Promise<Sighting | null>
  readonly stop: () => Promise<void>
}

/** `status` costs a tenth of a second of a core each time: asked often at first, when things happen, and seldom later. */
const askEveryMs = 500
const laterEveryMs = 2_500
const oftenForMs = 12_000

/**
 * Asks `status --json` again and again for a scene's session, and reads the journal, since a fault may be healed between
 * two questions.
 */
export const watchSession = (
  home: Machine,
  { ward: { name }, env = () => ({}), toReal = (told) => told }: Scene,
): Watch => {
  const from = Date.now()
  const asked: Sighting[] = []
  let watching = true
  let failed: unknown = null
  const ask = async () => {
    while (watching) {
      asked.push(await look(home, name, { from, toReal }, env()))
      await pause(Date.now() - from < oftenForMs ? askEveryMs : laterEveryMs)
    }
  }
  const asking = ask().catch((error: unknown) => {
    failed = error
  })
  const sightings = () => [...asked, ...noted(home, name, { from, toReal })].sort((a, b) => a.at - b.at)
  return {
    sightings,
    until: async (fits, ms) => {
      for (const deadline = Date.now() + ms; ; await pause(50)) {
        if (failed !== null) throw failed
        const found = sightings().find(fits)
        if (found !== undefined || Date.now() > deadline) return found ?? null
      }
    },
    stop: async () => {
      watching = false
      await asking
      if (failed !== null) throw failed
    },
  }
}

/** What counts, in ms since 1970 by the real clock. */
type Times = { readonly from: number; readonly toReal: (told: number) => number }

const look = async (
  home: Machine,
  name: string,
  { from, toReal }: Times,
  env: Readonly<Record<string, string>>,
): Promise<Sighting> => {
  // The home's own may be away, to be replaced.
  const report = readReport(await home.channels(['status', '--json'], { env, script: cli }))
  const { state, reason, remarks, restarts } = sessionIn(report, name)
  const { last } = restarts
  const ended =
    last !== null && toReal(Date.parse(last.at)) >= from && isReason(last.reason) ? last.reason : null
  return { at: toReal(Date.parse(report.at)), by: 'status', state, reason, ended, remarks }
}

/** What a keeper noted of the whole session; that another one started says that there was none. */
const noted = (home: Machine, name: string, { from, toReal }: Times): readonly Sighting[] =>
  journal(home).flatMap((entry): readonly Sighting[] => {
    const at = toReal(entry.at)
    if (at < from) return []
    const nothing = { at, by: 'journal', ended: null, remarks: [] } as const
    if (entry.type === 'keeper' && entry.what === 'started')
      return [{ ...nothing, state: 'unknown', reason: null, remarks: ['keeper-missing'] }]
    // What does not make it less live is told by what is done about it.
    if (entry.type === 'healing' && entry.session === name)
      return [{ ...nothing, state: 'unknown', reason: null, ended: entry.reason }]
    return entry.type === 'state' && entry.session === name && entry.channel === null
      ? [{ ...nothing, state: entry.to as State, reason: entry.reason }]
      : []
  })

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
