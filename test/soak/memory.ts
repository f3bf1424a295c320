import type { Memory } from './watch.ts'

export type Flatness = {
  /** Means in MiB of the second and the last quarter of the time: in the first a keeper still grows. */
  readonly second: number
  readonly last: number
  readonly isFlat: boolean
}

/** What is measured says so much and no more: one collection of garbage more or less. */
const allowed = 1.15

/** Whether the keeper's memory stays where it is. Null where too little was measured to tell. Pure. */
export const judgeMemory = (memory: readonly Memory[]): Flatness | null => {
  const quarter = Math.floor(memory.length / 4)
  if (quarter < 3) return null
  const second = mean(memory.slice(quarter, 2 * quarter))
  const last = mean(memory.slice(-quarter))
  return { second, last, isFlat: last <= allowed * second }
}

const mean = (memory: readonly Memory[]): number =>
  memory.reduce((sum, { mib }) => sum + mib, 0) / memory.length
