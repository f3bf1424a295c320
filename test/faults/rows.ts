import type { Fault } from './fault.ts'
import { killed } from './killed.ts'
import { notThere } from './not-there.ts'

/** Every fault that is tried, group by group. */
export const faults: readonly Fault[] = [...killed, ...notThere]
