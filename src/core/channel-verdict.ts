import { isAffordable, isAtWork } from './budget.ts'
import type { McpLog } from './client.ts'
import { isRecent, isSince } from './duration.ts'
import { judgeEnded } from './ended.ts'
import type { ChannelEvidence, Evidence, Poller } from './evidence.ts'
import { because, type Finding, live, starting } from './finding.ts'
import { kinds, needsConnection } from './kinds.ts'
import { failedReason, skippedReason } from './log-reasons.ts'
import { isOutOfReach, judgePlatform, judgeRefusal } from './platform-verdict.ts'
import { sameProcess } from './process.ts'
import type { PollerRecord } from './records.ts'
import { swapOf } from './update.ts'

/**
 * Exec to "channel registered" takes 1.6 s warm (field notes, section 1); a first start runs `bun install`. After
 * this long without any sign, the client is not going to start its plugin.
 */
export const startGraceMs = 15_000
/** The MCP handshake has its own limit of 30 s in the client. */
export const handshakeGraceMs = 32_000
/** One that is started again on purpose is registered within some milliseconds of its connection (2.1.330). */
const againGraceMs = 1_500
/** The client took 1.9 s from SIGTERM until it was gone (2.1.330). */
const closingGraceMs = 10_000
/** A plugin writes its pid file right after the handshake; one that was seen before is not waited for. */
const pollerGraceMs = 4_000

/** A gateway greets within a second or two; who is turned away tries again. */
const connectGraceMs = 20_000

/** Nobody fetches what has waited this long: a plugin that is well takes it within a moment. */
const pendingMs = 30_000
/** A plugin that is refused tries again after 15 s at the most (telegram 0.0.7); one that gave up never does. */
const silentMs = 90_000
/** A first connection is waited for as long; by then the keeper, which counts from its first look, has said so. */
const firstConnectionMs = silentMs + 10_000
/** A server that failed once is started nowhere for so long (field notes, section 2, needs-auth cache). */
const needsAuthMs = 15 * 60_000

/** Judges one channel of a client that runs and is in no dialog, as if it had no other. */
export const judgeChannel = (channel: ChannelEvidence, evidence: Evidence, now: number): Finding => {
  const { log } = channel
  const startedAt = evidence.run?.startedAt ?? now
  if (log === null) return judgeSilence(channel, now - startedAt, now)
  if (log.registeredAt === null)
    return orNoNetwork(judgeUnregistered(log, channel, log.startedAt ?? startedAt, now), channel)
  if (log.closingAt !== null && isRecent(now - log.closingAt, closingGraceMs))
    return starting('the client closes its plugins')
  return (
    judgePoller(channel, evidence, now, now - log.registeredAt) ??
    judgeToken(evidence) ??
    judgePlatform(channel, now, now - log.registeredAt) ??
    judgeDraining(channel, evidence, now) ??
    judgeConnection(channel, evidence, now - log.registeredAt) ??
    live
  )
}

/**
 * A plugin that needs a connection hears nothing before its first one. A keeper sees one come and go, and tells one that is
 * gone for a moment; with nobody who keeps, a plugin that has none now may be deaf, and may be about to have one.
 */
const judgeConnection = (
  of: ChannelEvidence,
  { keeper, health }: Evidence,
  registeredMs: number,
): Finding | null => {
  const { connected, channel } = of
  if (!needsConnection(channel.kind) || connected === 'yes') return null
  const known = recordOf(of, health)
  // Where nobody can see connections, nobody misses one either.
  if (connected === 'unknown' && (known === null || known.silentSince === null)) return null
  if (keeper !== null && known?.connected) return null
  const { label } = kinds[channel.kind]
  if (!isRecent(registeredMs, keeper === null ? connectGraceMs : firstConnectionMs))
    return because('stale-evidence', `its plugin has no connection to ${label} now`)
  return known?.connected ? null : starting(`its plugin has no connection to ${label} yet`)
}

/** What the keeper wrote down of this very process. */
const recordOf = ({ channel, poller }: ChannelEvidence, health: Evidence['health']): PollerRecord | null => {
  const known = health?.pollers[channel.id] ?? null
  return poller.is === 'yes' && sameProcess(known, poller.value.process) ? known : null
}

/** Whether what it is given to do gets done: messages that wait at the platform, and a connection to fetch them by. */
const judgeDraining = (of: ChannelEvidence, { health, run }: Evidence, now: number): Finding | null => {
  const { platform, log, connected } = of
  if (platform === null || platform.token !== 'accepted') return null
  const { pendingSince: since, pending, at, trouble } = platform
  const listensSince = Math.max(log?.registeredAt ?? 0, log?.lastInboundAt ?? 0, run?.startedAt ?? 0)
  if (since !== null && since > listensSince && at - since >= pendingMs)
    return because('not-draining', `${pending} wait at the platform, for ${seconds(at - since)} or more`)
  const silentSince = connected === 'yes' ? null : (recordOf(of, health)?.silentSince ?? null)
  if (silentSince === null || silentSince > now || at < silentSince) return null
  // Only while the platform can be reached is a plugin to blame; one failure to ask makes it no better than it was.
  if ((trouble === null ? now : at) - silentSince < silentMs) return null
  return because('not-draining', `its plugin has had no connection for ${seconds(now - silentSince)}`)
}

const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`

/** The plugin polls with the token it was started with, which is most likely worth nothing any more. */
const judgeToken = ({ wanted, run }: Evidence): Finding | null =>
  wanted?.by === 'token' && run !== null && wanted.generation > run.generation
    ? starting('the new token is taken as soon as Claude is idle')
    : null

const judgeSilence = (
  { poller, channel, needsAuthAt }: ChannelEvidence,
  forMs: number,
  now: number,
): Finding => {
  if (isRecent(forMs, startGraceMs)) return starting('the client starts its plugin')
  // A log that was not found proves nothing while the plugin itself may be there.
  if (poller.is === 'unknown') return because('stale-evidence', `${channel.id} has no log; ${poller.detail}`)
  if (poller.is === 'yes' && poller.value.ours !== 'no')
    return because('stale-evidence', `process ${poller.value.process.pid} polls, and no log says for whom`)
  const noted = needsAuthAt !== null && isRecent(now - needsAuthAt, needsAuthMs)
  return because(
    'plugin-not-started',
    `no sign of it ${seconds(forMs)} after the client started${noted ? '; it stands in mcp-needs-auth-cache.json' : ''}`,
  )
}

const judgeUnregistered = (log: McpLog, channel: ChannelEvidence, since: number, now: number): Finding => {
  const forMs = now - since
  if (log.skipped !== null) return because(skippedReason[log.skipped.why], log.skipped.text)
  if (log.failed !== null) return because(failedReason[log.failed.why], log.failed.text)
  if (log.connectedAt === null && isRecent(forMs, handshakeGraceMs))
    return starting('the plugin is being started')
  const { connectedAt, respawnedAt } = log
  if (connectedAt !== null && respawnedAt !== null && !isRecent(now - connectedAt, againGraceMs))
    return because('plugin-failed', 'it was started again by a tool call, and Claude does not hear it')
  if (connectedAt !== null && isRecent(forMs, startGraceMs)) return starting('the plugin connects')
  return because('plugin-failed', `${channel.channel.id} never registered`)
}

/**
 * A plugin that could not start while its platform can't be reached: it may be the same network that its packages come by,
 * and another client would hear nothing either. So no try is spent, and one is left for when the network is back.
 */
const orNoNetwork = (found: Finding, { platform }: ChannelEvidence): Finding => {
  const trouble = platform?.trouble ?? null
  return found.reason === 'plugin-failed' && isOutOfReach(trouble)
    ? because('network', `${trouble.detail}; and its plugin could not start: ${found.detail}`)
    : found
}

const judgePoller = (
  of: ChannelEvidence,
  evidence: Evidence,
  now: number,
  registeredMs: number,
): Finding | null => {
  const { poller, slotTakenAt } = of
  const { health, run, wanted, client } = evidence
  if (poller.is === 'yes') {
    const owner = judgeOwner(poller.value, isAffordable('poller-stolen', health?.healed ?? [], now))
    if (owner !== null || !poller.value.suspended) return owner
    // Held for a moment, so that a client at rest can be ended without losing a message.
    const swap = client === null ? null : swapOf(client)
    if (swap !== null && isAtWork(swap, health?.healed ?? [], now))
      return because(swap, 'the client is ended as soon as it is at rest')
    return wanted !== null && run !== null && wanted.generation > run.generation
      ? starting('the client is ended as soon as it is at rest')
      : because('plugin-stopped', `process ${poller.value.process.pid} is suspended`)
  }
  const died =
    poller.is === 'no' &&
    run !== null &&
    (health?.pollers[of.channel.id]?.run === run.run ||
      (slotTakenAt !== null && isSince(slotTakenAt, run.startedAt, now)))
  // Of a client that is ended on purpose the plugin may go first.
  const explained = poller.is === 'no' ? (judgeEnded(evidence) ?? judgeRefusal(of, now)) : null
  if (explained !== null) return explained
  if (poller.is === 'no' && run !== null && isThiefGone(health, run.startedAt, now))
    return because('poller-stolen', 'who took its messages was ended just now')
  if (!died && isRecent(registeredMs, pollerGraceMs)) return starting('the plugin begins to poll')
  if (poller.is === 'no') return because('plugin-exited', poller.detail)
  return because('stale-evidence', `${of.channel.id}: ${poller.detail}`)
}

/** The keeper ended whoever took the messages of this run: that nobody fetches them now is not another fault. */
const isThiefGone = (health: Evidence['health'], since: number, now: number): boolean =>
  isAtWork(
    'poller-stolen',
    (health?.healed ?? []).filter(({ at }) => at >= since),
    now,
  )

const judgeOwner = ({ ours, process, owner }: Poller, healable: boolean): Finding | null => {
  if (ours === 'yes') return null
  if (ours === 'unknown')
    return because('stale-evidence', `whose process ${process.pid} is could not be told`)
  const whose =
    owner === null ? '' : ` of claude ${owner.pid}${owner.folder === null ? '' : ` in ${owner.folder}`}`
  return because(healable ? 'poller-stolen' : 'poller-contested', `process ${process.pid}${whose} polls`)
}
