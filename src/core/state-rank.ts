import type { State } from './reasons.ts'

/** From well to unwell. A state that only a later release knows is as good as unknown. */
export const rankOf = (state: string): number =>
  Object.hasOwn(rank, state)
    ? ((rank as Readonly<Record<string, number>>)[state] ?? rank.unknown)
    : rank.unknown

const rank: Readonly<Record<State, number>> = {
  live: 0,
  stopped: 1,
  starting: 2,
  unknown: 3,
  recovering: 4,
  down: 5,
  blocked: 6,
}
