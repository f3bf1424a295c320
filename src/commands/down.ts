import type { Evidence } from '../core/evidence.ts'
import type { Session } from '../core/session.ts'
import type { Deps } from '../deps.ts'
import { type ExitStatus, exitStatus } from '../errors.ts'
import { eachSession } from './each.ts'
import { isInside, observeRecorded, order, watch } from './order.ts'
import { selectSessions } from './select.ts'

/** SIGTERM takes the client up to 5 s, its loop a moment more; then what is left is ended firmly. */
const politeMs = 8_000

/** channels down: not wanted; stops politely, then firmly, and leaves no client and no plugin behind. */
export const down = async (names: readonly string[], deps: Deps): Promise<ExitStatus> => {
  const sessions = selectSessions(names, deps)
  return eachSession(sessions, (session) => downOne(session, deps), { ...deps, atOnce: sessions.length })
}

const downOne = async (session: Session, deps: Deps): Promise<ExitStatus> => {
  const before = await observeRecorded(session, deps)
  const wasWanted = before.wanted?.want ?? false
  if (!wasWanted && isStopped(before)) {
    deps.output.print(`${session.name} was not running.`, 'prose')
    return exitStatus.done
  }
  const when = isInside(before, deps) ? 'idle' : 'now'
  const wanted = await order(session, { want: false, by: 'down', when }, deps)
  // Only a keeper can wait for the turn that asked to end.
  if (when === 'idle') await deps.ensureKeeper()
  await deps.carryOut(session)
  if (when === 'idle') {
    deps.output.print(`${session.name} stops as soon as Claude is idle, at the latest in a minute.`, 'prose')
    return exitStatus.done
  }
  const stopped = await watch(session, wanted, politeMs, (seen) => (isStopped(seen) ? true : null), deps)
  // A loop that was lost has ended no plugin of its run.
  if (stopped === null || before.terminal.loop === null)
    await deps.clear(session, (await deps.observe(session)).run)
  const after = await deps.observe(session)
  if (isStopped(after)) {
    deps.output.print(`${session.name} is stopped; \`channels up ${session.name}\` starts it again.`, 'prose')
    return exitStatus.done
  }
  deps.output.print(`${session.name} could not be stopped: ${leftOf(after)} will not end.`, 'prose')
  deps.output.print(
    `  \`channels logs ${session.name}\` shows what was tried; \`channels down ${session.name}\` tries again.`,
    'prose',
  )
  return exitStatus.wrong
}

const isStopped = ({ client, terminal }: Evidence): boolean => client === null && terminal.loop === null

const leftOf = ({ client, terminal }: Evidence): string =>
  client === null ? `its loop (process ${terminal.loop?.pid})` : `its client (process ${client.process.pid})`
