import { becomes } from '../core/becomes.ts'
import { lives, type ProcessInfo } from '../core/process.ts'
import type { World } from '../deps.ts'
import { isClient } from './is-client.ts'

/** Between SIGTERM and SIGKILL for leftovers. */
const politeMs = 300
const everyMs = 10

/**
 * Ends the plugin processes that ended runs of a session left behind: those with our marker, one of these runs' ids and
 * a plugin root, and no living client above them. Nothing else that inherited the marker is touched, such as a server
 * Claude was asked to leave running; what survives of the last run is named in the journal.
 *
 * @param runs ids of runs that have ended, the last one at the end
 */
export const reap = async (world: World, session: string, runs: readonly string[]): Promise<void> => {
  const marked = markedProcesses(world, session, runs)
  const leftovers = marked.filter(({ process, environment }) => isLeftover(world, process, environment))
  for (const { process } of leftovers) world.processes.signal(process, 'SIGTERM')
  const areGone = () => !leftovers.some(({ process }) => lives(world.processes, process))
  await becomes(world.clock, politeMs, areGone, everyMs)
  for (const { process, run } of leftovers) {
    if (lives(world.processes, process)) world.processes.signal(process, 'SIGKILL')
    world.journal.append(session, { type: 'reaped', run, pid: process.pid, command: process.comm })
  }
  for (const { process, run } of marked.filter(
    (each) => !leftovers.includes(each) && each.run === runs.at(-1),
  ))
    if (lives(world.processes, process))
      world.journal.append(session, {
        type: 'survivor',
        run,
        pid: process.pid,
        command: commandOf(world, process),
      })
}

type Marked = {
  readonly process: ProcessInfo
  readonly run: string
  readonly environment: Readonly<Record<string, string>>
}

const markedProcesses = (world: World, session: string, runs: readonly string[]): readonly Marked[] => {
  const own = world.processes.self().pid
  return world.processes.all().flatMap((process) => {
    const environment = process.pid === own ? null : world.processes.environment(process)
    const run = environment?.CHANNELS_RUN
    if (environment === null || run === undefined || environment.CHANNELS_SESSION !== session) return []
    return runs.includes(run) ? [{ process, run, environment }] : []
  })
}

const isLeftover = (
  world: World,
  process: ProcessInfo,
  environment: Readonly<Record<string, string>>,
): boolean =>
  environment.CLAUDE_PLUGIN_ROOT !== undefined &&
  !isClient(world, process) &&
  !world.processes.ancestors(process.pid).some((each) => isClient(world, each))

/** For the journal: its first words, no more, since arguments can hold anything. */
const commandOf = (world: World, process: ProcessInfo): string =>
  (world.processes.command(process) ?? [process.comm]).slice(0, 3).join(' ').slice(0, 120)
