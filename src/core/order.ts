import type { Effect } from './effect.ts'
import type { ClientEvidence, Evidence } from './evidence.ts'
import type { Run } from './records.ts'
import { type Sighting, sight } from './sighting.ts'

/** An order asked for from inside the session is carried out at the next idle, at the latest after this. */
const insideMs = 60_000
/** Work in progress is worth more than a new token or channel; as long as healing waits for a busy client. */
const workMs = 60 * 60_000

/** What a command asked for that waits for a client at rest, and since when. */
export const sightOrder = (order: Sighting | null, { wanted }: Evidence, now: number): Sighting | null =>
  wanted?.when === 'idle' ? sight(order, `${wanted.at}`, now) : null

/** What is to be done for whoever asked for something; `rest`: once the client is at rest; null: nothing is asked. */
export const carriedOut = (
  evidence: Evidence,
  order: Sighting | null,
  now: number,
): readonly Effect[] | 'rest' | null => {
  const due = isDue(evidence, order, now)
  return evidence.wanted?.want ? restarting(evidence, due) : stopping(evidence, due)
}

const stopping = (evidence: Evidence, due: boolean): readonly Effect[] | 'rest' => {
  const { client, run, terminal } = evidence
  if (client === null) return terminal.loop === null ? [] : [{ do: 'wake' }]
  if (run === null) return []
  return due ? [endClient(evidence, client, run, 'stopped')] : 'rest'
}

/** What a grown generation asks for; null when nothing is asked. */
const restarting = (evidence: Evidence, due: boolean): readonly Effect[] | 'rest' | null => {
  const { client, run, terminal, wanted } = evidence
  if (wanted === null || run === null || wanted.generation <= run.generation) return null
  if (client === null) return terminal.loop === null || isKnownToWait(evidence) ? null : [{ do: 'wake' }]
  return due ? [endClient(evidence, client, run, 'asked')] : 'rest'
}

/** Launch has seen what is asked for, and what keeps it from that is as it was: each wake would only cost a launch. */
const isKnownToWait = ({ wanted, run, obstacles, terminal: { launchFailed } }: Evidence): boolean =>
  obstacles.some(({ reason }) => reason === run?.waiting?.reason) ||
  (launchFailed !== null && launchFailed.at >= (wanted?.at ?? 0))

const endClient = (
  { wanted }: Evidence,
  { process, file }: ClientEvidence,
  { run }: Run,
  ended: 'asked' | 'stopped',
): Effect => ({
  do: 'end-client',
  process,
  run,
  ended,
  fresh: false,
  gently: wanted?.when === 'idle' && file?.activity === 'idle',
  hold: null,
})

/** The time is counted from the order's, or from when it was first seen: the order's may still be to come. */
const isDue = ({ wanted, client }: Evidence, order: Sighting | null, now: number): boolean =>
  wanted?.when !== 'idle' ||
  client?.file?.activity === 'idle' ||
  now - Math.min(wanted.at, order?.since ?? now) >=
    (wanted.by === 'token' || wanted.by === 'setup' ? workMs : insideMs)
