import type { Session } from '../core/session.ts'
import { isTakenDown } from '../core/take-down.ts'
import type { World } from '../deps.ts'
import { readOrders, readRun, readWanted } from './session-records.ts'

/** Without a place to count crashes in, this is the least time between two starts. */
const betweenMs = 30_000

type Answer = { readonly status: 0 | 10 | 11; readonly answer: string }

/**
 * What launch answers when nothing can be written: start what was written for the last run, its conversation resumed.
 * Only a script that belongs to the run on record counts, since the client is known by it. Null when there is none.
 */
export const fallBack = async (world: World, session: Session): Promise<Answer | null> => {
  const { name } = session
  const own = world.folders.session(name)
  const [wanted, orders, run] = [readWanted(world, name), readOrders(world, name), readRun(world, name)]
  if (wanted === null || !wanted.want) return { status: 10, answer: '' }
  if (isTakenDown(run, orders)) return { status: 10, answer: '' }
  if (run === null || (orders?.run === run.run && orders.hold !== null)) return null
  const paths = world.claude.sessionPaths(session)
  const begun = world.claude.findTranscript(paths, run.conversation, session) !== null
  const path = [own.launch, own.resume].find((each) => {
    const text = world.files.readText(each) ?? ''
    return text.includes(`export CHANNELS_RUN='${run.run}'`) && text.includes("'--resume'") === begun
  })
  if (path === undefined) return null
  const waitMs = run.startedAt + betweenMs - world.clock.now()
  if (waitMs > 0 && waitMs <= betweenMs)
    return { status: 11, answer: `${Math.ceil(waitMs / 1_000)} ${name}: The disk is full or read-only` }
  world.files.touch(own.run, world.clock.now())
  if (path !== own.launch) world.files.rename(path, own.launch)
  return { status: 0, answer: run.run }
}
