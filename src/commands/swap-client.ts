import type { Evidence } from '../core/evidence.ts'
import { reasons } from '../core/reasons.ts'
import type { Wanted } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import type { Verdict } from '../core/verdict.ts'
import type { Deps } from '../deps.ts'
import { type ExitStatus, exitStatus } from '../errors.ts'
import { describeFinding } from './describe.ts'
import { watch } from './order.ts'
import { withProbe } from './probe.ts'
import { newClientVerdict } from './restart.ts'

/**
 * Waits until the client that was ordered for when Claude is idle is there, and is well or lastingly not; null when time
 * is up. Throws as `watch` does.
 */
export const awaitSwap = (
  session: Session,
  wanted: Wanted,
  timeoutMs: number,
  deps: Deps,
): Promise<Verdict | null> => {
  const probe = withProbe(deps, deps.clock.now())
  const settled = async (seen: Evidence): Promise<Verdict | null> => {
    // A moment of rest may be short: the keeper is told of it, and looks for itself.
    if (isAtRest(seen, wanted.generation)) await deps.carryOut(session)
    return newClientVerdict(await probe(seen), wanted)
  }
  return watch(session, wanted, timeoutMs, settled, deps)
}

const isAtRest = ({ run, client }: Evidence, generation: number): boolean =>
  run !== null && run.generation < generation && client?.file?.activity === 'idle'

/** Says how it went. `what` is stored, and `live` once the new client has it. */
export const reportSwap = (
  session: Session,
  verdict: Verdict | null,
  { what, live }: { readonly what: string; readonly live: string },
  { output }: Pick<Deps, 'output'>,
): ExitStatus => {
  const { name } = session
  if (verdict === null) {
    output.print(`${what}, and ${name} takes it as soon as Claude is idle, within the hour.`, 'prose')
    output.print(`  \`channels restart ${name}\` does it now, and interrupts what Claude is doing.`, 'prose')
    return exitStatus.wrong
  }
  if (verdict.state === 'live') {
    output.print(live, 'prose')
    return exitStatus.done
  }
  for (const line of describeFinding(session, verdict)) output.print(line, 'prose')
  return verdict.reason === null ? exitStatus.wrong : reasons[verdict.reason].status
}
