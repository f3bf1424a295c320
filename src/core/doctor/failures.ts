import { type ReasonName, reasons, remedyFor } from '../reasons.ts'
import type { Verdict } from '../verdict.ts'
import { type CheckName, checkOf, checks } from './checks.ts'
import type { SessionFacts } from './facts.ts'
import type { CheckResult } from './result.ts'

/** What the catalogue says is wrong, and the check that fails by it. */
export type Failure = {
  readonly check: CheckName
  readonly channel: string | null
  readonly reason: ReasonName
  readonly detail: string | null
}

/** What the obstacles and the verdict name, each with the check that fails by it. */
export const failuresOf = (
  { session, obstacles, evidence }: SessionFacts,
  verdict: Verdict,
): readonly Failure[] => {
  const isThere = (check: CheckName, channel: string | null): boolean =>
    checks[check].of === 'session' || channel !== null
  const failure = (reason: ReasonName, detail: string | null, about: string | null): Failure => {
    const check = checkOf(reason, about !== null)
    // Said of the whole session, it is its first channel's.
    const channel = checks[check].of === 'session' ? null : (about ?? session.channels[0]?.id ?? null)
    return { check, channel, reason, detail }
  }
  const found = [
    ...obstacles.map(({ reason, detail, channel }) => failure(reason, detail, channel ?? null)),
    ...(evidence.wanted?.want || evidence.stray !== null ? judged(verdict) : []).map(
      ({ reason, detail, about }) => failure(reason, detail, about),
    ),
  ]
  return found.filter(({ check, channel }) => isThere(check, channel))
}

type Judged = { readonly reason: ReasonName; readonly detail: string | null; readonly about: string | null }

/** What the verdict names: of channels that only follow their session, or another channel, nothing. */
const judged = ({ channels, reason, detail, about }: Verdict): readonly Judged[] => {
  const ofAll = reason !== null && about === undefined ? [{ reason, detail, about: null }] : []
  const own = channels.flatMap((each) =>
    each.reason === null ||
    (each.about !== undefined && each.about !== each.id) ||
    ofAll.some((whole) => whole.reason === each.reason)
      ? []
      : [{ reason: each.reason, detail: each.detail, about: each.id }],
  )
  return [...ofAll, ...own]
}

/** A check that fails by a reason, with that one's remedy. */
export const failedBy = (
  { check, channel, reason, detail }: Failure,
  { session }: SessionFacts,
): CheckResult => ({
  ...{ check, session: session.name, channel, is: 'failed', reason, needs: [], fixes: [] },
  found: detail ?? reasons[reason].sentence,
  remedy: remedyFor(
    reason,
    session.name,
    session.channels.find(({ id }) => id === channel) ?? session.channels[0] ?? null,
    session.channels,
  ),
})
