import { pluginKey, serverName } from '../channel.ts'
import { formatDuration, iso, isWithin } from '../duration.ts'
import { hasToken, keepsList, kinds } from '../kinds.ts'
import { portOf } from '../port.ts'
import { reasons } from '../reasons.ts'
import { remarkFor } from '../remarks.ts'
import { shellWord } from '../shell-word.ts'
import type { CheckName, checks } from './checks.ts'
import type { OneChannel } from './one-channel.ts'
import { lookAtPollers } from './poller-look.ts'
import { failed, failing, type Look, ok, skipped, warning } from './result.ts'

export type ChannelCheck = {
  [Name in CheckName]: (typeof checks)[Name]['of'] extends 'channel' ? Name : never
}[CheckName]

const minute = 60_000
/** Beyond it TLS and what logs tell begin to be wrong. */
const clockFails = 5 * minute
const clockWarns = 30_000
const noteHoldsMs = 15 * minute

/** What each check of a channel amounts to where no reason of the catalogue says that it fails; null: it is not one of this channel. */
export const channelLooks: Readonly<Record<ChannelCheck, (of: OneChannel) => Look | null>> = {
  plugin: ({ own: { plugin } }) =>
    plugin === null
      ? null
      : plugin.is === 'yes'
        ? ok(`${plugin.value.version ?? 'of no version'}, ${plugin.value.root}`)
        : warning(plugin.detail, 'Run `claude plugin list`.'),
  enabled: ({ own, facts: { session } }) => {
    const key = pluginKey(own.channel.id)
    if (key === null) return null
    if (own.brokenSettings !== null)
      return warning(
        `nothing can be made of ${own.brokenSettings}: whether it enables the plugin is not known`,
        `Mend that file: \`claude\`, started by hand, says what is wrong with it.`,
      )
    if (!session.exclusive)
      return ok(
        own.enabled === true
          ? 'shared: every `claude` of yours starts it'
          : 'shared, but your settings do not enable it for other sessions',
      )
    return own.enabled === true
      ? warning(
          `${key} is enabled for you: every other \`claude\` starts it, too`,
          `\`channels doctor ${session.name} --fix\` disables it for all but this session.`,
          [{ do: 'disable-plugin', session: session.name, key }],
        )
      : ok('your settings do not enable it for other sessions')
  },
  'mcp-server': ({ own: { plugin } }) => (plugin === null ? ok('no file says that it is missing') : null),
  'state-folder': ({ own: { channel } }) => (keepsList(channel) ? ok(channel.stateDir) : null),
  token: ({ own: { channel, outdoes, tokenTrouble }, facts: { session } }) => {
    if (!hasToken(channel)) return null
    if (tokenTrouble !== null)
      return failed(
        tokenTrouble,
        `See whose it is, and its mode: \`ls -l ${shellWord(`${channel.stateDir}/.env`)}\`.`,
      )
    return outdoes === null
      ? ok(`${kinds[channel.kind].tokenVariable} in ${channel.stateDir}/.env`)
      : failed(
          `${outdoes.variable} under env in ${outdoes.file} takes the place of the one in ${channel.stateDir}/.env`,
          `Take it out there, then run \`channels restart ${session.name}\`.`,
        )
  },
  platform: ({ own: { channel, platform } }) => {
    if (!hasToken(channel)) return null
    const { label } = kinds[channel.kind]
    if (platform === null) return noAnswer
    return platform.token === 'unknown'
      ? {
          ...failed(
            platform.detail ?? 'no answer',
            'Check the network and the proxy settings of this machine.',
          ),
          reason: 'network',
        }
      : ok(`${label} answers`)
  },
  clock: ({ own: { clockAheadMs: ahead, channel } }) => {
    if (ahead === null) return hasToken(channel) ? skipped('no answer told the time') : null
    const { label } = kinds[channel.kind]
    const off = formatDuration(Math.abs(ahead))
    const found = `${off} ${ahead > 0 ? 'ahead of' : 'behind'} ${label}`
    const remedy =
      'Have the system set its clock: `timedatectl set-ntp true`, or the settings of date and time.'
    if (Math.abs(ahead) > clockFails) return failed(found, remedy)
    return Math.abs(ahead) > clockWarns ? warning(found, remedy) : ok(`within 30s of ${label}’s`)
  },
  bot: ({ own: { channel, platform }, facts: { session } }) => {
    if (!hasToken(channel)) return null
    if (platform === null) return noAnswer
    const { label } = kinds[channel.kind]
    return platform.token === 'rejected'
      ? failing(platform.detail ?? `${label} refuses the token`, 'token-rejected', session, channel)
      : ok(platform.account ?? `${label} takes the token`)
  },
  'bot-settings': ({ own: { channel, platform }, facts: { session } }) => {
    if (channel.kind !== 'discord') return null
    if (platform === null) return noAnswer
    if (platform.lacks === 'message-content')
      return failing(reasons['intent-missing'].sentence, 'intent-missing', session, channel)
    return platform.lacks === 'server'
      ? failing(reasons['no-server'].sentence, 'no-server', session, channel)
      : ok('it may read messages, and is in a server')
  },
  webhook: ({ own: { channel, platform }, facts: { session } }) => {
    if (channel.kind !== 'telegram') return null
    if (platform === null) return noAnswer
    return platform.webhook === null
      ? ok('none is set')
      : failing(`at ${platform.webhook}`, 'webhook-set', session, channel)
  },
  port: ({ own: { channel, listens }, facts: { session } }) => {
    const port = portOf(session, channel)
    if (port === null) return null
    return listens === null
      ? warning(
          `who listens on port ${port} could not be told`,
          `Look yourself before a start: \`sudo lsof -nP -iTCP:${port} -sTCP:LISTEN\` names it.`,
        )
      : ok(`${port}, ${listens ? 'this session’s plugin listens' : 'which nobody has'}`)
  },
  access: (of) => lookAtAccess(of),
  'one-session': ({ own: { channel, alsoIn } }) => {
    if (!hasToken(channel)) return null
    return alsoIn === null
      ? ok('no other session has this bot')
      : warning(
          `session ${alsoIn} has this bot, too: only one of them can be up`,
          `Give one of them a bot of its own: \`channels token ${alsoIn}\`.`,
        )
  },
  pollers: (of) => lookAtPollers(of),
  'start-note': ({ own: { channel, needsAuthAt }, facts: { at, session } }) => {
    if (needsAuthAt === null || !isWithin(needsAuthAt, noteHoldsMs, at)) return ok('none')
    const server = serverName(channel)
    return warning(
      `the client noted at ${iso(needsAuthAt)} that ${server} failed`,
      'A start of `channels` takes the note away first; `channels doctor --fix` does it now.',
      [{ do: 'drop-note', session: session.name, server }],
    )
  },
  'plugin-runs': ({ seen, found }) => {
    if (found?.state === 'starting') return skipped(found.detail ?? 'it starts')
    if (seen?.poller.is === 'yes') return ok(`pid ${seen.poller.value.process.pid}`)
    return skipped(seen?.poller.detail ?? 'nothing was seen of it')
  },
  listens: ({ seen }) =>
    seen?.log?.registeredAt == null
      ? skipped('it has not said so yet')
      : ok(`since ${iso(seen.log.registeredAt)}`),
  fetches: ({ own: { platform, channel } }) =>
    !hasToken(channel)
      ? null
      : platform === null
        ? noAnswer
        : ok(platform.pending === null ? 'nothing is known to wait' : `${platform.pending} wait`),
}

/** What it needs says so, too, and is heard first. */
const noAnswer = skipped('there is no token to ask with')

const lookAtAccess = ({ own: { channel }, seen, facts: { session } }: OneChannel): Look | null => {
  if (!keepsList(channel) || seen === null) return null
  const { access } = seen
  if (access.is === 'unknown')
    return warning(
      access.detail,
      `Mend that file: until then the plugin hears nobody, or whom it heard before.`,
    )
  const policy = access.is === 'yes' ? access.value.policy : kinds[channel.kind].usualPolicy
  const senders = access.is === 'yes' ? access.value.senders.length : 0
  const remark = (name: 'unpaired' | 'policy-open'): string =>
    remarkFor(name, { name: session.name, channels: [{ ...channel, policy, senders }] })
  if (policy === 'pairing' && senders === 0) return warning('nobody may write to it yet', remark('unpaired'))
  if (policy === 'pairing') return warning(`pairing is open, ${people(senders)}`, remark('policy-open'))
  if (policy === 'disabled')
    return warning(
      'its policy is disabled: nobody is heard',
      `\`channels access ${session.name} policy allowlist\` ends that.`,
    )
  if (senders === 0 && kinds[channel.kind].usualPolicy === 'pairing')
    return warning(
      'nobody may write to it',
      `\`channels access ${session.name} allow <id>\`, or \`channels pair ${session.name}\`.`,
    )
  return ok(`${policy}, ${people(senders)}`)
}

const people = (count: number): string => (count === 1 ? '1 may write' : `${count} may write`)
