import type { Session } from '../core/session.ts'
import type { Settings } from '../core/settings.ts'
import type { KeeperEnd } from '../core/take-down.ts'
import type { World } from '../deps.ts'
import { ExpectedError } from '../errors.ts'
import { claim, claimOnce, release } from './claim.ts'
import { journalFault } from './journal-fault.ts'
import { createKeeping } from './keep.ts'
import { findKeeper } from './session-records.ts'
import { takeDown } from './take-down.ts'

/** Cheap local evidence this often (design, section 7, "Keeper"). */
const everyMs = 2_000

export type KeeperOptions = {
  readonly where: 'terminal' | 'foreground'
  /** Whether the sessions are this keeper's own: then it takes them down when it leaves. */
  readonly own: boolean
  /** Leave, touching nothing unless the sessions are its own. */
  readonly signal: AbortSignal
  /** Calls back when a command wants to be noticed at once. */
  readonly onNudge: (wake: () => void) => void
  /** Between two looks; null: the ordinary time. */
  readonly everyMs: number | null
  /** Called after each look. */
  readonly tidy: () => void
}

/**
 * The keeper: one process that looks after all sessions until told to leave. Touches no session when it leaves, unless
 * they are its own. Throws an ExpectedError (1) when another keeper runs that does not make way.
 */
export const runKeeper = async (world: World, options: KeeperOptions): Promise<KeeperEnd> => {
  const mine = await claim(world, options.where, options.signal)
  if (mine === 'another') return 'another'
  const keeping = createKeeping(world)
  const read = createSettingsReader(world)
  const pause = createPause(world, options)
  let outcome: 'left' | 'another' = 'left'
  while (!options.signal.aborted) {
    if (!(await isStillMine(world, options))) {
      outcome = 'another'
      break
    }
    beat(world)
    const sessions = Object.values(read().sessions)
    keeping.forgetOthers(sessions)
    const wants = await Promise.all(
      sessions.map((session) =>
        keeping
          .look(session)
          .catch((error: unknown) => void journalFault(world, session.name, 'look', error)),
      ),
    )
    const soonest = Math.min(
      options.everyMs ?? everyMs,
      ...wants.flatMap((ms) => (typeof ms === 'number' ? [ms] : [])),
    )
    options.tidy()
    await pause(soonest)
  }
  // Where it has not left, another one writes these records by now.
  await keeping.hush(outcome === 'left' ? hushMs : 0)
  if (outcome === 'left') keeping.noteLooks()
  if (options.own && outcome === 'left') return takeOwnDown(world, keeping, Object.values(read().sessions))
  await keeping.settled()
  await release(world)
  return outcome
}

/** For what is just being told. An API that can't be reached says so within it, or is given up then. */
const hushMs = 500
/** What this keeper had begun to do to a session may go on for seconds, and can't undo the hold. */
const settleMs = 500
/** A container is given ten seconds for all of it. */
const keptMs = 3_000

const takeOwnDown = async (
  world: World,
  keeping: Pick<ReturnType<typeof createKeeping>, 'settled'>,
  sessions: readonly Session[],
): Promise<KeeperEnd> => {
  await Promise.race([keeping.settled(), world.clock.sleep(settleMs)])
  await claimOnce(world, 'stopping', 'stopping')
  try {
    return { takenDown: await takeDown(world, sessions, keptMs) }
  } finally {
    await release(world)
  }
}

/** Shows whoever can't see this process that it is at work. */
const beat = ({ files, folders, clock }: World): void => files.touch(folders.keeper.record, clock.now())

/** A record that somebody removed is written again; one that names another keeper is heeded. */
const isStillMine = async (
  world: World,
  { where, signal }: Pick<KeeperOptions, 'where' | 'signal'>,
): Promise<boolean> => {
  const found = findKeeper(world)
  if (found === null) return (await claim(world, where, signal)) === 'claimed'
  return found.keeper.pid === world.processes.self().pid
}

/** Sleeps until the time is over, somebody nudges, or the keeper has to leave. */
const createPause = (world: World, { signal, onNudge }: KeeperOptions) => {
  let nudged = false
  let wake: (() => void) | null = null
  onNudge(() => {
    nudged = true
    wake?.()
  })
  signal.addEventListener('abort', () => wake?.())
  return async (ms: number): Promise<void> => {
    const cut = new AbortController()
    wake = () => cut.abort()
    if (!nudged && !signal.aborted) await world.clock.sleep(ms, cut.signal)
    wake = null
    nudged = false
  }
}

/** Reads the configuration again when its file changed; a broken one is said once, and the last good one stays. */
const createSettingsReader = (world: World) => {
  let known: { readonly at: number | null; readonly settings: Settings } | null = null
  return (): Settings => {
    const at = world.files.changedAt(world.folders.configFile)
    if (known !== null && known.at === at) return known.settings
    try {
      known = { at, settings: world.settings.read() }
    } catch (error) {
      if (!(error instanceof ExpectedError) || known === null) throw error
      journalFault(world, null, 'configuration', error)
      known = { at, settings: known.settings }
    }
    return known.settings
  }
}
