import type { ProcessId, ProcessInfo } from '../core/process.ts'
import { lives, sameProcess } from '../core/process.ts'
import type { Health, Run } from '../core/records.ts'
import type { LookWorld } from '../deps.ts'
import { readClientPid } from './session-records.ts'

/**
 * Finds the living client of a run: the one the keeper saw last, else the process whose pid `launch.sh` wrote down before
 * it became the client, else a child of the loop; in either case one that carries this run's marker, or did when it was
 * seen. Null when there is none.
 */
export const createClientFinder = (world: LookWorld) => {
  const known = new Map<string, ProcessId & { readonly run: string }>()
  return (session: string, run: Run | null, health: Health | null = null): ProcessInfo | null => {
    if (run === null || run.run === '') return null
    const before = known.get(session)
    if (before?.run === run.run) {
      const still = world.processes.find(before.pid)
      if (sameProcess(still, before)) return still
    }
    const seen = recorded(world, run, health)
    if (seen !== null) return seen
    const found = noted(world, session, run) ?? belowLoop(world, run)
    if (found !== null) known.set(session, { pid: found.pid, start: found.start, run: run.run })
    return found
  }
}

/**
 * Whether a client that lives shows that the loop does which it was started by: of the same boot it is that very process,
 * and an orphan has another parent at once. It need not be looked at then, which is a tenth of a look.
 */
export const showsLoop = (world: LookWorld, { machine, loop }: Run, client: ProcessInfo): boolean =>
  machine !== null && machine === world.processes.machine() && client.ppid === loop.pid

/** Whether the loop of a run lives, `client` being the run's own where it lives itself. */
export const loopLives = (world: LookWorld, run: Run, client: ProcessInfo | null): boolean =>
  (client !== null && showsLoop(world, run, client)) || lives(world.processes, run.loop)

/**
 * After a boot another process may have pid and start of one from before, which is counted from the boot; hardly, at the
 * same time, another one those of its loop.
 */
const recorded = (world: LookWorld, run: Run, health: Health | null): ProcessInfo | null => {
  if (health?.client?.run !== run.run) return null
  const still = world.processes.find(health.client.pid)
  if (still === null || !sameProcess(still, health.client)) return null
  return loopLives(world, run, still) ? still : null
}

const noted = (world: LookWorld, session: string, run: Run): ProcessInfo | null => {
  const pid = readClientPid(world, session)
  const process = pid === null ? null : world.processes.find(pid)
  return process !== null && carries(world, process, run.run) ? process : null
}

/** Asked second: where the kernel keeps no lists of children, it takes a look at every process there is. */
const belowLoop = (world: LookWorld, run: Run): ProcessInfo | null => {
  if (!lives(world.processes, run.loop)) return null
  return world.processes.children(run.loop.pid).find((each) => carries(world, each, run.run)) ?? null
}

/** Before its exec the script's process has the terminal's environment only; so the marker means: it is the client. */
const carries = (world: LookWorld, process: ProcessId, run: string): boolean =>
  world.processes.ask(process, ({ variables }) => variables('CHANNELS_RUN')?.CHANNELS_RUN) === run
