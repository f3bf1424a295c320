import { checks } from '../../core/doctor/checks.ts'
import type { SessionFacts } from '../../core/doctor/facts.ts'
import type { CheckResult } from '../../core/doctor/result.ts'
import { versionsOf } from '../../core/doctor/session-looks.ts'
import { judge } from '../../core/verdict.ts'
import type { Deps } from '../../deps.ts'
import type { Seen } from './seen.ts'

/**
 * What an issue may hold: the checks by their names, states and reasons, and versions. No token, no name of a session,
 * bot or plugin, no id, no path, no text of a screen: nothing of what was found goes in but words of ours.
 */
export const reportLines = (
  results: readonly CheckResult[],
  seen: Seen | null,
  { version, platform }: Pick<Deps, 'version' | 'platform'>,
): readonly string[] => [
  `channels ${version} on ${platform}`,
  ...results.filter(({ session }) => session === null).map(line),
  ...(seen?.sessions ?? []).flatMap((facts, i) => [
    '',
    `session ${i + 1}: ${about(facts).join(', ')}`,
    ...results.filter(({ session }) => session === facts.session.name).map((each) => line(each, facts)),
  ]),
]

const line = ({ check, channel, is, reason, needs }: CheckResult, facts: SessionFacts | number): string => {
  const whose = typeof facts === 'number' ? '' : kindOf(channel, facts)
  const why = reason === null ? '' : ` [${reason}]`
  const lacking = needs.length === 0 ? '' : ` (needs ${needs.map((name) => checks[name].title).join(', ')})`
  return `  ${is.padEnd(11)}  ${checks[check].title}${whose}${why}${lacking}`
}

/** Of several channels which, by its kind and its place. */
const kindOf = (id: string | null, { session: { channels } }: SessionFacts): string => {
  const at = channels.findIndex((channel) => channel.id === id)
  const channel = channels[at]
  return channel === undefined || channels.length === 1 ? '' : ` of ${channel.kind} ${at + 1}`
}

const about = (facts: SessionFacts): readonly string[] => {
  const { evidence, session, at } = facts
  const { state, reason } = judge(evidence, at)
  const run = evidence.run
  return [
    reason === null ? state : `${state} [${reason}]`,
    session.multiplexer,
    session.exclusive ? 'exclusive' : 'shared',
    session.channels.map(({ kind }) => kind).join(' + '),
    ...(session.skipPermissions ? ['permissions skipped'] : []),
    ...versionsOf(facts).filter((each) => /^[A-Za-z]+ [\w.+-]{1,40}$/.test(each)),
    `${run?.restarts ?? 0} restarts, streak ${run?.streak ?? 0}`,
    ...ends(evidence.run?.exits ?? []),
  ]
}

/** How the last clients ended, and how often each. */
const ends = (exits: readonly { readonly reason: string }[]): readonly string[] => {
  const counts = new Map<string, number>()
  for (const { reason } of exits) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, count]) => `${count} x ${reason}`)
}
