import { bunPath, clientPath } from '../real/install.ts'
import { type Machine, makeMachine } from '../simulated/faults/kit.ts'
import type { Fault, World } from './fault.ts'

/** Set by scripts/faults.js. */
export const world: World = process.env.CHANNELS_FAULTS === 'real' ? 'real' : 'simulation'

/** A home of its own for a row: many faults are those of a whole home. */
export const openHome = (fault: Fault): Promise<Machine> =>
  makeMachine({ ...(world === 'real' ? real() : {}), ...fault.home })

const real = () => ({ claude: clientPath('2.1.330'), bun: bunPath(), server: 'ts' }) as const
