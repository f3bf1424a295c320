import { no } from '../core/answer.ts'
import { type Channel, serverName } from '../core/channel.ts'
import type { ClientPaths } from '../core/client.ts'
import type { ChannelEvidence } from '../core/evidence.ts'
import { kinds } from '../core/kinds.ts'
import { ofBot } from '../core/platform.ts'
import type { ProcessInfo } from '../core/process.ts'
import type { Health, Run } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import type { LookWorld } from '../deps.ts'
import { createConnectionFinder, isUnseen } from './connection.ts'
import { createLogReader } from './log-reader.ts'
import { createPollerFinder } from './poller.ts'

/** Whose channel it is, with what a look has found of that session so far. */
export type Around = {
  readonly session: Session
  readonly paths: ClientPaths
  /** Where one was found. */
  readonly client: ProcessInfo | null
  readonly run: Run | null
  readonly health: Health | null
}

/**
 * A reader of what is to be seen of one channel: the log of its plugin, who polls, its access list, what its platform said
 * last. `keeps`: see `createGatherer`; `isKept` tells whether a keeper looks after the session.
 */
export const createChannelReader = (world: LookWorld, keeps: boolean, isKept: () => boolean) => {
  const readLog = createLogReader(world)
  const findPoller = createPollerFinder(world)
  const findConnection = createConnectionFinder(world)
  return (channel: Channel, { session, paths, client, run, health }: Around): ChannelEvidence => {
    const log = run === null || client === null ? null : readLog(session, channel, paths, run, client)
    const poller = findPoller(session, channel, client, run, health)
    return {
      channel,
      log,
      poller,
      connected:
        keeps || isUnseen(channel, poller, isKept() ? health : null)
          ? findConnection(`${session.name} ${channel.id}`, channel.kind, poller)
          : 'unknown',
      // Only of a plugin that shows no sign of life it says why.
      needsAuthAt:
        log === null && client !== null ? world.claude.readNeedsAuth(paths, serverName(channel)) : null,
      slotTakenAt:
        poller.is === 'no' && kinds[channel.kind].pollerBy === 'pid file'
          ? world.channels.slotTakenAt(channel.stateDir)
          : null,
      access: accessOf(world, channel),
      platform: ofBot(health?.platform[channel.id] ?? null, channel.botId),
    }
  }
}

const accessOf = (world: LookWorld, { kind, stateDir }: Channel): ChannelEvidence['access'] =>
  kinds[kind].hasAccess
    ? world.channels.readAccess(stateDir, kinds[kind].usualPolicy)
    : no(`${kinds[kind].label} hears whoever reaches it`)
