import { type Chance, chanceOf } from './chance.ts'

export type PlannedFault = {
  readonly atMs: number
  readonly session: string
  readonly kind: string
  /** How long it is kept before it is mended; 0 where there is nothing to mend. */
  readonly forMs: number
}

export type PlannedMessage = {
  readonly atMs: number
  readonly session: string
  /** `alpha-0012`: its answer holds it, and no other does. */
  readonly id: string
  readonly text: string
}

export type Plan = {
  readonly totalMs: number
  /** From here on nothing more is done to anybody. */
  readonly quietFromMs: number
  readonly faults: readonly PlannedFault[]
  readonly messages: readonly PlannedMessage[]
}

export type PlanOptions = {
  readonly minutes: number
  readonly seed: number
  readonly faults: number
  readonly sessions: readonly [string, ...string[]]
  /** What can be done, and for how long at least and at most, in milliseconds. */
  readonly kinds: readonly { readonly name: string; readonly forMs: readonly [number, number] }[]
}

const longestQuietMs = 60_000
/** Everybody answers for a moment before the first fault: a conversation nobody spoke in can't be resumed. */
const beginMs = 8_000
/** The last messages are to come while all is well again, so that what a failure left over is answered with them. */
const messagesEndBeforeMs = 8_000

/** What happens when to whom. Pure: the same seed makes the same plan, whatever the sessions do. */
export const planOf = (options: PlanOptions): Plan => {
  const totalMs = Math.round(options.minutes * 60_000)
  const quietFromMs = totalMs - Math.min(longestQuietMs, Math.round(totalMs / 3))
  const chance = chanceOf(options.seed)
  return {
    totalMs,
    quietFromMs,
    faults: planFaults(options, chance, quietFromMs),
    messages: options.sessions
      .flatMap((session) => planMessages(session, chance, totalMs - messagesEndBeforeMs))
      .sort((a, b) => a.atMs - b.atMs),
  }
}

/** Spread evenly, each somewhere in its share of the time. Every kind and every session once before any comes again. */
const planFaults = (
  { faults, kinds, sessions }: PlanOptions,
  chance: Chance,
  untilMs: number,
): readonly PlannedFault[] => {
  const shareMs = (untilMs - beginMs) / Math.max(1, faults)
  const nextKind = drawFrom(kinds, chance)
  const nextSession = drawFrom(sessions, chance)
  return Array.from({ length: kinds.length === 0 ? 0 : faults }, (_, i) => {
    const kind = nextKind()
    const [least, most] = kind.forMs
    return {
      atMs: Math.round(beginMs + i * shareMs + chance.whole(0, Math.floor(shareMs) - 1)),
      session: nextSession(),
      kind: kind.name,
      // Mended before the quiet begins, as far as that is possible.
      forMs: chance.whole(least, most),
    }
  })
}

const drawFrom = <T>(list: readonly T[], chance: Chance): (() => T) => {
  let left: readonly T[] = []
  return () => {
    if (left.length === 0) left = chance.shuffled(list)
    const [first, ...rest] = left
    left = rest
    if (first === undefined) throw new Error('nothing to draw from')
    return first
  }
}

const planMessages = (session: string, chance: Chance, untilMs: number): readonly PlannedMessage[] => {
  const messages: PlannedMessage[] = []
  const add = (atMs: number): void => {
    const id = `${session}-${String(messages.length + 1).padStart(4, '0')}`
    messages.push({ atMs, session, id, text: textOf(id, chance) })
  }
  for (let atMs = chance.whole(500, 2_000); atMs < untilMs; atMs += chance.whole(1_000, 8_000)) {
    // One in eight is a burst: people write three lines where one would do.
    const times = chance.whole(1, 8) === 1 ? chance.whole(2, 4) : 1
    for (let i = 0; i < times; i++) add(atMs + i * 50)
  }
  return messages
}

/** Most are answered at once; some keep the client at work for seconds, in a tool or in thought (test/sim/model-api). */
const textOf = (id: string, chance: Chance): string => {
  const dice = chance.whole(1, 10)
  if (dice === 1) return `run: sleep ${chance.whole(1, 3)}; echo ${id}`
  return dice === 2 ? `slow: ${chance.whole(1, 3)} s for ${id}` : id
}
