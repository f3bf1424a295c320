import type { Answer } from '../core/answer.ts'
import type { ChannelKind } from '../core/channel.ts'
import type { ChannelEvidence, Poller } from '../core/evidence.ts'
import { kinds } from '../core/kinds.ts'
import { type ProcessId, sameProcess } from '../core/process.ts'
import type { World } from '../deps.ts'

/** One that has a connection is looked at again after this; a long poll lasts 30 s, and the next one takes the same. */
const againMs = 30_000
/** One that has none: between two tries a plugin waits 15 s at the most. */
const soonMs = 10_000

type Looked = { readonly process: ProcessId; readonly at: number; readonly connected: boolean | null }

/** Tells whether a poller of ours has a connection to fetch messages by; looks now and then, each time costs a table of sockets. */
export const createConnectionFinder = (world: Pick<World, 'processes' | 'clock'>) => {
  const known = new Map<string, Looked>()
  return (channelKey: string, kind: ChannelKind, poller: Answer<Poller>): ChannelEvidence['connected'] => {
    // Only a messenger's plugin has one all the time.
    if (kinds[kind].tokenVariable === null) return 'unknown'
    if (poller.is !== 'yes' || poller.value.ours !== 'yes' || poller.value.suspended) return 'unknown'
    const { process } = poller.value
    const before = known.get(channelKey) ?? null
    const looked = isGood(before, process, world.clock.elapsed())
      ? before
      : { process, at: world.clock.elapsed(), connected: world.processes.connected(process) }
    known.set(channelKey, looked)
    if (looked.connected === null) return 'unknown'
    return looked.connected ? 'yes' : 'no'
  }
}

const isGood = (before: Looked | null, process: ProcessId, now: number): before is Looked =>
  before !== null &&
  sameProcess(before.process, process) &&
  now - before.at < (before.connected === false ? soonMs : againMs)
