import type { Answer } from '../core/answer.ts'
import type { Channel, ChannelKind } from '../core/channel.ts'
import type { ChannelEvidence, Poller } from '../core/evidence.ts'
import { kinds, needsConnection } from '../core/kinds.ts'
import { type ProcessId, sameProcess } from '../core/process.ts'
import type { Health } from '../core/records.ts'
import type { World } from '../deps.ts'

/** One that has a connection is looked at again after this; a long poll lasts 30 s, and the next one takes the same. */
const againMs = 30_000
/** One that has none: between two tries a plugin waits 15 s at the most. */
const soonMs = 10_000

/** One that hears by nothing else is not live before its first one: that is looked for this often, for so long. */
const firstMs = { every: 1_000, most: 30_000 } as const

type Looked = {
  readonly process: ProcessId
  readonly at: number
  /** When it was looked at first, and whether it was ever seen to have one. */
  readonly since: number
  readonly ever: boolean
  readonly connected: boolean | null
}

/** Tells whether a poller of ours has a connection to fetch messages by; looks now and then, each time costs a table of sockets. */
export const createConnectionFinder = (world: Pick<World, 'processes' | 'clock'>) => {
  const known = new Map<string, Looked>()
  const look = (before: Looked | null, process: ProcessId, now: number): Looked => {
    const former = sameProcess(before?.process ?? null, process) ? before : null
    const connected = world.processes.connected(process)
    return {
      ...{ process, at: now, connected },
      since: former?.since ?? now,
      ever: connected === true || former?.ever === true,
    }
  }
  return (channelKey: string, kind: ChannelKind, poller: Answer<Poller>): ChannelEvidence['connected'] => {
    // Only a messenger's plugin has one all the time.
    if (kinds[kind].tokenVariable === null) return 'unknown'
    if (poller.is !== 'yes' || poller.value.ours !== 'yes' || poller.value.suspended) return 'unknown'
    const { process } = poller.value
    const before = known.get(channelKey) ?? null
    const now = world.clock.elapsed()
    const looked = isGood(before, process, kind, now) ? before : look(before, process, now)
    known.set(channelKey, looked)
    if (looked.connected === null) return 'unknown'
    return looked.connected ? 'yes' : 'no'
  }
}

const isGood = (
  before: Looked | null,
  process: ProcessId,
  kind: ChannelKind,
  now: number,
): before is Looked => {
  if (before === null || !sameProcess(before.process, process)) return false
  if (before.connected !== false) return now - before.at < againMs
  const isFirst = needsConnection(kind) && !before.ever && now - before.since < firstMs.most
  return now - before.at < (isFirst ? firstMs.every : soonMs)
}

/**
 * Whether the connection of a plugin that hears by nothing else has to be looked at also by who only looks once: until a
 * keeper, whose record is given unless none runs, has seen this very process with one.
 */
export const isUnseen = ({ id, kind }: Channel, poller: Answer<Poller>, health: Health | null): boolean => {
  const known = health?.pollers[id] ?? null
  const isSeen = known?.connected === true && poller.is === 'yes' && sameProcess(known, poller.value.process)
  return needsConnection(kind) && !isSeen
}
