import { bunPath, clientPath } from '../real/install.ts'
import { type Machine, makeMachine } from '../simulated/faults/kit.ts'
import type { Fault, World } from './fault.ts'

/** Set by scripts/faults.js. */
export const world: World = process.env.CHANNELS_FAULTS === 'real' ? 'real' : 'simulation'

/** A home of its own for a row: many faults are those of a whole home. */
export const openHome = (fault: Fault): Promise<Machine> =>
  makeMachine({ ...(world === 'real' ? real() : {}), ...fault.home })

/** What the rows are played on, and what an update comes from. */
export const realClients = { usual: '2.1.330', former: '2.1.139' } as const

const real = () => ({ claude: clientPath(realClients.usual), bun: bunPath(), server: 'ts' }) as const
