import { pluginKey } from '../channel.ts'
import { formatDuration, iso } from '../duration.ts'
import { describeSwitch } from '../org-switch.ts'
import { remedyFor } from '../reasons.ts'
import { shellWord } from '../shell-word.ts'
import type { Verdict } from '../verdict.ts'
import type { CheckName, checks } from './checks.ts'
import type { SessionFacts } from './facts.ts'
import { failed, failing, type Look, ok, skipped, warning } from './result.ts'
import { lookWhoIsTold } from './told-look.ts'
import { lookAtVersions } from './versions-look.ts'

export type SessionCheck = {
  [Name in CheckName]: (typeof checks)[Name]['of'] extends 'session' ? Name : never
}[CheckName]

/** What each check of a session amounts to where no reason of the catalogue says that it fails; null: it is not one of this session. */
export const sessionLooks: Readonly<
  Record<SessionCheck, (facts: SessionFacts, verdict: Verdict) => Look | null>
> = {
  records: ({ session, tornWanted }) =>
    tornWanted === null
      ? ok('they can be written')
      : warning(
          `nothing can be made of ${tornWanted}: the session counts as not wanted`,
          `\`channels up ${session.name}\` writes it anew, or \`channels down ${session.name}\` where it is to stay down.`,
        ),
  multiplexer: ({ session, multiplexer }) =>
    multiplexer.is === 'yes'
      ? ok(`${session.multiplexer} ${multiplexer.value}`)
      : multiplexer.is === 'no'
        ? failing(multiplexer.detail, 'multiplexer-missing', session)
        : warning(
            multiplexer.detail,
            `Run \`${session.multiplexer}\` by hand: it may be a moment's trouble.`,
          ),
  folder: ({ session }) => ok(session.cwd),
  client: ({ client, session }) =>
    client === null ? failing(session.client, 'client-missing', session) : ok(client.path),
  'client-version': ({ client, session, oldest, isOutdated }) => {
    if (client === null) return noClient
    const { version } = client
    if (version.is === 'no')
      return failed(version.detail, 'Install it anew: `npm install -g @anthropic-ai/claude-code`.')
    if (version.is === 'unknown')
      return warning(
        version.detail,
        'Run it by hand: `claude --version`. An installation that is under way may be over soon.',
      )
    return isOutdated
      ? failing(`version ${version.value}, ${oldest} is needed`, 'client-outdated', session)
      : ok(version.value)
  },
  login: ({ login, loginFault, session, at }) => {
    if (login === null) return noClient
    if (login.is === 'unknown') return warning(login.detail, 'Run it by hand: `claude auth status`.')
    if (login.is === 'no') return failing(login.detail, 'login-missing', session)
    if (loginFault !== null) return failing(loginFault, 'login-missing', session)
    const { method, expiresAt } = login.value
    if (expiresAt !== null && Date.parse(expiresAt) < at)
      return warning(
        `${method ?? 'signed in'}, until ${expiresAt}`,
        'Run `claude auth login`, which renews it.',
      )
    return ok(`${method ?? 'signed in'}${expiresAt === null ? '' : `, until ${expiresAt}`}`)
  },
  bun: ({ bun, session }) =>
    session.channels.every(({ id }) => pluginKey(id) === null)
      ? null
      : bun === null
        ? failing(session.bun ?? 'not in PATH', 'bun-missing', session)
        : bun.version === null
          ? warning(
              `${bun.path} does not say its version`,
              `Run it by hand: \`${shellWord(bun.path)} --version\`.`,
            )
          : ok(`${bun.version}, ${bun.path}`),
  trust: ({ trusted, session, evidence }) => {
    if (trusted === true) return ok('the client does not ask about the folder')
    if (trusted === null)
      return warning('the client’s own file can’t be read', 'Start `claude` once: it offers to repair it.')
    // Answered at its terminal, and not noted: it asks again at the next start.
    return evidence.client?.file == null
      ? failing('the client will ask about the folder when it starts', 'trust-dialog', session)
      : warning(
          'the client’s own file does not say that the folder is trusted: it asks at its next start',
          remedyFor('trust-dialog', session.name, session.channels[0] ?? null, session.channels),
        )
  },
  feature: (facts) => likely(facts, ['channels-unavailable']) ?? ok('nothing here switches it off'),
  organization: (facts) =>
    likely(facts, ['org-policy', 'not-allowlisted']) ??
    ok('no settings of an organization keep it from listening'),
  terminal: ({ evidence, session }) => {
    if (!evidence.wanted?.want) return skipped(notWanted(session.name))
    const { loop } = evidence.terminal
    return loop === null
      ? skipped('it is being started')
      : ok(`${session.multiplexer}, loop ${loop.pid}, ${evidence.terminal.attached} attached`)
  },
  running: ({ evidence, session, at }, verdict) => {
    const { client, run } = evidence
    if (!evidence.wanted?.want) return skipped(notWanted(session.name))
    if (client === null) return skipped(verdict.detail ?? 'it is being started')
    const since = run === null ? '' : `, for ${formatDuration(Math.max(0, at - run.startedAt))}`
    return ok(`pid ${client.process.pid}${since}`)
  },
  update: ({ evidence: { client } }) => (client === null ? noClient : ok('it runs what is installed')),
  prompts: ({ evidence: { client } }) =>
    client === null
      ? noClient
      : ok(client.file?.activity === 'busy' ? 'Claude is at work' : 'no dialog is open'),
  model: ({ evidence: { client } }) => {
    if (client === null) return noClient
    const answeredAt = client.transcript?.lastAssistantAt ?? null
    return ok(answeredAt === null ? 'nothing has been asked yet' : `it answered last at ${iso(answeredAt)}`)
  },
  told: lookWhoIsTold,
  versions: lookAtVersions,
}

/** What it needs says so, too, and is heard first. */
const noClient = skipped('there is no client')

const notWanted = (name: string): string => `it is not wanted: \`channels up ${name}\` starts it`

/** What may keep it from listening is worth a warning: a client that starts asks anew. */
const likely = ({ likely: all, session }: SessionFacts, reasons: readonly string[]): Look | null => {
  const found = all.find(({ reason }) => reasons.includes(reason))
  return found === undefined
    ? null
    : warning(
        describeSwitch(found, session.name),
        remedyFor(found.reason, session.name, session.channels[0] ?? null, session.channels),
      )
}
