import { becomes } from '../core/becomes.ts'
import { lives, type ProcessId } from '../core/process.ts'
import type { World } from '../deps.ts'

/** From SIGTERM to SIGKILL: a client stops its MCP servers in that time (field notes, section 1). */
const politeMs = 5_000

/** Ends one process: SIGTERM, up to 5 s or as long as is named, SIGKILL, up to 1 s. Whether it is gone. */
export const end = async (world: World, process: ProcessId, forMs = politeMs): Promise<boolean> => {
  world.processes.signal(process, 'SIGTERM')
  // A stopped process takes SIGTERM only once it runs again.
  world.processes.signal(process, 'SIGCONT')
  const isGone = () => !lives(world.processes, process)
  if (await becomes(world.clock, forMs, isGone)) return true
  world.processes.signal(process, 'SIGKILL')
  return becomes(world.clock, 1_000, isGone)
}
