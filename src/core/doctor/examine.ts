import type { ChannelEvidence } from '../evidence.ts'
import type { Finding } from '../finding.ts'
import { type ReasonName, reasons, remedyFor } from '../reasons.ts'
import type { Session } from '../session.ts'
import { judge, type Verdict } from '../verdict.ts'
import { type ChannelCheck, channelLooks } from './channel-looks.ts'
import { type CheckName, checkNames, checkOf, checks } from './checks.ts'
import type { MachineFacts, SessionFacts } from './facts.ts'
import { machineLooks } from './machine-looks.ts'
import type { OneChannel } from './one-channel.ts'
import { type CheckResult, failed, type Look } from './result.ts'
import { type SessionCheck, sessionLooks } from './session-looks.ts'

/** The checks of the machine. Pure. */
export const examineMachine = (facts: MachineFacts, now: number): readonly CheckResult[] =>
  (Object.keys(machineLooks) as readonly (keyof typeof machineLooks)[]).map((check) =>
    resultOf(check, null, null, machineLooks[check](facts, now)),
  )

/**
 * The checks of a session and its channels, in the order of the table. By what file checks say is missing, by the very
 * verdict that `status` gives, and by what was asked just now; what depends on a failed check is not checked. Pure.
 */
export const examineSession = (facts: SessionFacts): readonly CheckResult[] => {
  const verdict = judge(facts.evidence, facts.at)
  const failing = failuresOf(facts, verdict)
  const results: CheckResult[] = []
  for (const check of checkNames) {
    if (checks[check].of === 'machine') continue
    const scopes = checks[check].of === 'session' ? [null] : facts.session.channels.map(({ id }) => id)
    for (const channel of scopes) {
      const own = lookAt(check, channel, facts, verdict)
      const failure = failing.find((each) => each.check === check && each.channel === channel)
      if (own === null && failure === undefined) continue
      const needs = missingFor(check, channel, results)
      if (needs.length > 0) results.push(notChecked(check, facts.session.name, channel, needs))
      else if (failure !== undefined) results.push(failedBy(failure, facts))
      else if (own !== null)
        results.push(
          skippedWith(check, channel, results) ?? resultOf(check, facts.session.name, channel, own),
        )
    }
  }
  return results
}

/** A session of which a record can't be read: nothing else of it can be told. */
export const examineUnreadable = (
  { name, channels }: Pick<Session, 'name' | 'channels'>,
  found: string,
  remedy: string,
): readonly CheckResult[] =>
  checkNames.flatMap((check): readonly CheckResult[] => {
    if (checks[check].of === 'machine') return []
    if (check === 'records') return [resultOf(check, name, null, failed(found, remedy))]
    const scopes = checks[check].of === 'session' ? [null] : channels.map(({ id }) => id)
    return scopes.map((channel) => notChecked(check, name, channel, ['records']))
  })

type Failure = {
  readonly check: CheckName
  readonly channel: string | null
  readonly reason: ReasonName
  readonly detail: string | null
}

/** What the catalogue says is wrong, each with the check that fails by it. */
const failuresOf = ({ session, obstacles, evidence }: SessionFacts, verdict: Verdict): readonly Failure[] => {
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

const lookAt = (
  check: CheckName,
  channel: string | null,
  facts: SessionFacts,
  verdict: Verdict,
): Look | null => {
  if (channel === null) return sessionLooks[check as SessionCheck](facts, verdict)
  const of = ofChannel(facts, verdict, channel)
  return of === null ? null : channelLooks[check as ChannelCheck](of)
}

const ofChannel = (facts: SessionFacts, verdict: Verdict, id: string): OneChannel | null => {
  const own = facts.channels.find(({ channel }) => channel.id === id)
  if (own === undefined) return null
  const seen: ChannelEvidence | null =
    facts.evidence.channels.find(({ channel }) => channel.id === id) ?? null
  const found: Finding | null = verdict.channels.find((each) => each.id === id) ?? null
  return { facts, own, seen, found }
}

/** What it needs and did not get, named by what failed at the bottom: `token`, not what was left unchecked for it. */
const missingFor = (
  check: CheckName,
  channel: string | null,
  done: readonly CheckResult[],
): readonly CheckName[] => [
  ...new Set(
    neededBy(check, channel, done).flatMap((result): readonly CheckName[] => {
      if (result.is === 'failed') return [result.check]
      return result.is === 'not-checked' ? result.needs : []
    }),
  ),
]

const neededBy = (
  check: CheckName,
  channel: string | null,
  done: readonly CheckResult[],
): readonly CheckResult[] => {
  const needs: readonly CheckName[] = checks[check].needs
  return done.filter(
    (each) =>
      needs.includes(each.check) && (channel === null || each.channel === null || each.channel === channel),
  )
}

/** What is not wanted, or only begins, is not looked at further; why is said once more. */
const skippedWith = (
  check: CheckName,
  channel: string | null,
  done: readonly CheckResult[],
): CheckResult | null => {
  const before = neededBy(check, channel, done).find(({ is }) => is === 'skipped')
  return before === undefined ? null : { ...before, check, channel, needs: [] }
}

const resultOf = (
  check: CheckName,
  session: string | null,
  channel: string | null,
  look: Look,
): CheckResult => ({
  check,
  session,
  channel,
  is: look.is,
  reason: 'reason' in look ? (look.reason ?? null) : null,
  found: look.found,
  remedy: 'remedy' in look ? look.remedy : null,
  needs: [],
  fixes: 'fixes' in look ? (look.fixes ?? []) : [],
})

const notChecked = (
  check: CheckName,
  session: string,
  channel: string | null,
  needs: readonly CheckName[],
): CheckResult => ({
  ...{ check, session, channel, is: 'not-checked', reason: null, remedy: null, needs, fixes: [] },
  found: `not checked (needs ${needs.map((name) => checks[name].title).join(', ')})`,
})

const failedBy = ({ check, channel, reason, detail }: Failure, { session }: SessionFacts): CheckResult => ({
  ...{ check, session: session.name, channel, is: 'failed', reason, needs: [], fixes: [] },
  found: detail ?? reasons[reason].sentence,
  remedy: remedyFor(
    reason,
    session.name,
    session.channels.find(({ id }) => id === channel) ?? session.channels[0] ?? null,
    session.channels,
  ),
})
