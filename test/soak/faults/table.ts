import type { Fault } from './fault.ts'
import { orderFaults } from './orders.ts'
import { processFaults } from './processes.ts'
import { serviceFaults } from './services.ts'
import { thief } from './thief.ts'

/** Everything that a soak does to sessions, by name. */
export const faults: Readonly<Record<string, Fault>> = {
  ...processFaults,
  ...serviceFaults,
  ...orderFaults,
  thief,
}
