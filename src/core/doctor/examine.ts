import type { ChannelEvidence } from '../evidence.ts'
import type { Finding } from '../finding.ts'
import { judge, type Verdict } from '../verdict.ts'
import { type ChannelCheck, channelLooks } from './channel-looks.ts'
import { type CheckName, checkNames, checks } from './checks.ts'
import type { MachineFacts, SessionFacts } from './facts.ts'
import { failedBy, failuresOf } from './failures.ts'
import { type MachineCheck, machineLooks } from './machine-looks.ts'
import type { OneChannel } from './one-channel.ts'
import { type CheckResult, type Look, notChecked, resultOf } from './result.ts'
import { type SessionCheck, sessionLooks } from './session-looks.ts'

/** The checks of the machine, in the order of the table; of those that need a failed one nothing is told. Pure. */
export const examineMachine = (facts: MachineFacts, now: number): readonly CheckResult[] => {
  const results: CheckResult[] = []
  for (const check of checkNames) {
    if (checks[check].of !== 'machine') continue
    const needs = missingFor(check, null, results)
    results.push(
      needs.length > 0
        ? notChecked(check, null, null, needs)
        : resultOf(check, null, null, machineLooks[check as MachineCheck](facts, now)),
    )
  }
  return results
}

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
