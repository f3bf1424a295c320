import { becomes } from '../core/becomes.ts'
import { newHealth, step } from '../core/machine.ts'
import type { Run } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import type { World } from '../deps.ts'
import { act, isAction } from './act.ts'
import { end } from './end.ts'
import { createClientFinder } from './find-client.ts'
import { createGatherer } from './gather.ts'
import { untilNotStopping } from './not-stopping.ts'
import { reap } from './reap.ts'
import { readHealth, readKeeper, readRun, readWanted } from './session-records.ts'
import { endStray } from './stray.ts'
import { terminalPlace } from './terminal.ts'

/** A keeper looks as soon as it is nudged; one that has not taken note by now is taken for hung. */
const acknowledgeMs = 1_000
const everyMs = 25

/**
 * Has what is wanted carried out: by the keeper if it takes note within a second, else right here, through the same
 * machine and the same actions.
 */
export const carryOut = async (world: World, session: Session): Promise<void> => {
  await untilNotStopping(world)
  if (await isAcknowledged(world, session.name)) return
  const evidence = await createGatherer(world)(session)
  const health = evidence.health ?? newHealth(evidence.at)
  const { effects } = step({ health, suspicion: null }, evidence, evidence.at)
  for (const action of effects.filter(isAction)) await act(world, session, action)
}

const isAcknowledged = async (world: World, session: string): Promise<boolean> => {
  const wanted = readWanted(world, session)
  const keeper = readKeeper(world)
  if (keeper === null || wanted === null) return false
  world.processes.signal(keeper, 'SIGUSR1')
  const isNoted = () => readHealth(world, session)?.acknowledged === wanted.at
  return becomes(world.clock, acknowledgeMs, isNoted, everyMs)
}

/** Ends what is left of a session that is not wanted: its client, its plugins, its terminal. */
export const clear = async (world: World, session: Session, run: Run | null): Promise<void> => {
  const client = createClientFinder(world)(session.name, run)
  if (client !== null) await end(world, client)
  if (readRun(world, session.name) === null) await endStray(world, session.name)
  const multiplexer = await world.multiplexer(session.multiplexer)
  await multiplexer.end(terminalPlace(world, session.name))
  if (run !== null) await reap(world, session.name, [run.run])
}
