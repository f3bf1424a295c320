import { type CheckName, checks } from '../../core/doctor/checks.ts'
import type { SessionFacts } from '../../core/doctor/facts.ts'
import type { CheckResult } from '../../core/doctor/result.ts'
import { type Present, versionsOf } from '../../core/doctor/versions-look.ts'
import { isReason } from '../../core/reasons.ts'
import { judge } from '../../core/verdict.ts'
import type { Deps } from '../../deps.ts'
import type { Seen } from './seen.ts'

/**
 * What an issue may hold: the checks by their names, states and reasons, and versions. No token, no name of a session,
 * bot or plugin, no id, no path, no text of a screen: nothing of what was found goes in but words of ours, and of a
 * version only what is written like one.
 */
export const reportLines = (
  results: readonly CheckResult[],
  { sessions }: Pick<Seen, 'sessions'>,
  { version, platform }: Pick<Deps, 'version' | 'platform'>,
): readonly string[] => [
  `channels ${version} on ${platform}`,
  ...results.filter(({ session }) => session === null).map((each) => line(each, '')),
  ...namesIn(results).flatMap((name, i) => {
    const own = results.filter(({ session }) => session === name)
    const facts = sessions.find(({ session }) => session.name === name) ?? null
    return [
      '',
      `session ${i + 1}: ${about(facts)}`,
      ...own.map((each) => line(each, whose(each, own, facts))),
    ]
  }),
]

const namesIn = (results: readonly CheckResult[]): readonly string[] => [
  ...new Set(results.flatMap(({ session }) => session ?? [])),
]

const line = ({ check, is, reason, needs }: CheckResult, of: string): string => {
  const why = reason === null ? '' : ` [${reason}]`
  const titles = needs.map((name: CheckName) => checks[name].title)
  const lacking = needs.length === 0 ? '' : ` (needs ${titles.join(', ')})`
  return `  ${is.padEnd(11)}  ${checks[check].title}${of}${why}${lacking}`
}

/** Of several channels which, by its kind and its place. */
const whose = ({ channel: id }: CheckResult, own: readonly CheckResult[], facts: SessionFacts | null) => {
  const ids = [...new Set(own.flatMap(({ channel }) => channel ?? []))]
  if (id === null || ids.length < 2) return ''
  const kind = facts?.session.channels.find((channel) => channel.id === id)?.kind ?? 'channel'
  return ` of ${kind} ${ids.indexOf(id) + 1}`
}

const about = (facts: SessionFacts | null): string => {
  if (facts === null) return 'its records can’t be read'
  const { evidence, session, at } = facts
  const { state, reason } = judge(evidence, at)
  const run = evidence.run
  return [
    reason === null ? state : `${state} [${reason}]`,
    session.multiplexer,
    session.exclusive ? 'exclusive' : 'shared',
    session.channels.map(({ kind }) => kind).join(' + '),
    ...(session.skipPermissions ? ['permissions skipped'] : []),
    ...versionsOf(facts).map(told),
    `${run?.restarts ?? 0} restarts, streak ${run?.streak ?? 0}`,
    ...ends(run?.exits ?? []),
  ].join(', ')
}

/** `2.1.330`, `3.3a`, `1.5.0-beta.2`: no letters but these, no number as long as an id, and fewer of them than an address has. */
const plainVersion = /^\d{1,4}\.\d{1,4}(\.\d{1,4})?[a-z]?(-(alpha|beta|canary|dev|next|rc)(\.?\d{1,4})?)?$/

/** Whoever wrote the file that names it may have put anything there. */
const told = ({ of, version }: Present): string =>
  plainVersion.test(version) ? `${of} ${version}` : `${of} of a version that is not told`

/** How the last clients ended, and how often each; reasons of a later release are not known here. */
const ends = (exits: readonly { readonly reason: string }[]): readonly string[] => {
  const counts = new Map<string, number>()
  for (const { reason } of exits) {
    const known = isReason(reason) || reason === 'asked' || reason === 'stopped' ? reason : 'another reason'
    counts.set(known, (counts.get(known) ?? 0) + 1)
  }
  return [...counts].map(([reason, count]) => `${count} x ${reason}`)
}
