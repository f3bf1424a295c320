import { becomes } from '../core/becomes.ts'
import { lives, type ProcessId } from '../core/process.ts'
import type { Clock } from '../system/clock.ts'
import type { Processes } from '../system/processes.ts'

type Parts = { readonly clock: Clock; readonly processes: Pick<Processes, 'find' | 'signal'> }

/** Waits until a process is gone, 2 s, and sends one signal after another, each given 2 s. */
export const endProcess = async (
  parts: Parts,
  process: ProcessId,
  signals: readonly NodeJS.Signals[],
): Promise<void> => {
  for (const signal of signals) {
    if (await becomes(parts.clock, 2000, () => !lives(parts.processes, process))) return
    parts.processes.signal(process, signal)
  }
  await becomes(parts.clock, 2000, () => !lives(parts.processes, process))
}
