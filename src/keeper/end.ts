import type { ProcessId } from '../core/process.ts'
import type { World } from '../deps.ts'

/** From SIGTERM to SIGKILL: a client stops its MCP servers in that time (field notes, section 1). */
const politeMs = 5_000
const everyMs = 20

/** Ends one process: SIGTERM, up to 5 s, SIGKILL, up to 1 s. Whether it is gone. */
export const end = async (world: World, process: ProcessId): Promise<boolean> => {
  world.processes.signal(process, 'SIGTERM')
  // A stopped process takes SIGTERM only once it runs again.
  world.processes.signal(process, 'SIGCONT')
  if (await isGone(world, process, politeMs)) return true
  world.processes.signal(process, 'SIGKILL')
  return isGone(world, process, 1_000)
}

const isGone = async (world: World, { pid, start }: ProcessId, timeoutMs: number): Promise<boolean> => {
  const deadline = world.clock.elapsed() + timeoutMs
  while (world.processes.find(pid)?.start === start) {
    if (world.clock.elapsed() >= deadline) return false
    await world.clock.sleep(everyMs)
  }
  return true
}
