import { iso } from '../duration.ts'
import type { Worked } from '../records.ts'
import { triedVersions } from '../tried-versions.ts'
import type { Verdict } from '../verdict.ts'
import { changedSince } from '../worked.ts'
import type { SessionFacts } from './facts.ts'
import { type Look, ok, warning } from './result.ts'

/** A program or plugin, and the version it says it has. */
export type Present = { readonly of: string; readonly version: string }

/** What runs together. */
export const versionsOf = ({
  client,
  channels,
  bun,
  multiplexer,
  session,
  node,
}: SessionFacts): readonly Present[] => [
  ...(client?.version.is === 'yes' ? [{ of: 'client', version: client.version.value }] : []),
  ...channels.flatMap(({ channel, plugin }) =>
    plugin?.is === 'yes' && plugin.value.version !== null
      ? [{ of: channel.kind === 'custom' ? 'plugin' : channel.kind, version: plugin.value.version }]
      : [],
  ),
  ...(bun?.version == null ? [] : [{ of: 'Bun', version: bun.version }]),
  ...(multiplexer.is === 'yes' ? [{ of: session.multiplexer, version: multiplexer.value }] : []),
  { of: 'Node', version: node },
]

/** What is installed beside what was when it was live last: what has changed since may be why it no longer is. */
export const lookAtVersions = (facts: SessionFacts, { state }: Verdict): Look => {
  const versions = versionsOf(facts).map(({ of, version }) => `${of} ${version}`)
  const present = `${versions.join(', ')}${untried(facts)}`
  const worked = facts.evidence.health?.worked ?? null
  if (worked === null) return ok(present)
  const changed = changedSince(worked, presentOf(facts))
  if (changed.length === 0) return ok(`${present}; live with this client and plugin at ${iso(worked.at)}`)
  const found = `since it was live last (${iso(worked.at)}) others are installed: ${changed.join('; ')}`
  return state === 'live' || state === 'stopped'
    ? ok(`${present}; ${found}`)
    : warning(found, `If nothing else is wrong, go back to those${goBackTo(worked.client)}.`)
}

const goBackTo = (client: string | null): string =>
  client === null ? '' : `: \`npm install -g @anthropic-ai/claude-code@${client}\``

/** A newer client is no fault: several come out in a week. But who looks for one wants to know. */
const untried = ({ client }: SessionFacts): string => {
  const present = client?.version.is === 'yes' ? client.version.value : null
  return present === null || triedVersions.client.some((each) => each === present)
    ? ''
    : ` (this client was not tried with this release; up to ${triedVersions.client.at(-1)} were)`
}

const presentOf = ({ client, channels }: SessionFacts): Pick<Worked, 'client' | 'plugins'> => ({
  client: client?.version.is === 'yes' ? client.version.value : null,
  plugins: Object.fromEntries(
    channels.flatMap(({ channel, plugin }) =>
      plugin?.is === 'yes' && plugin.value.version !== null ? [[channel.id, plugin.value.version]] : [],
    ),
  ),
})
