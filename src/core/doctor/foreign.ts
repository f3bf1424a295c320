import type { Channel } from '../channel.ts'
import type { Evidence } from '../evidence.ts'
import type { Other } from '../other.ts'
import type { OtherSeen } from './facts.ts'

/** Whether somebody who uses a channel's bot, or its plugin, is not the session itself: neither its client nor that one's plugin. */
export const isForeign = (
  other: Other & Pick<OtherSeen, 'isLeftOver'>,
  { id }: Pick<Channel, 'id'>,
  evidence: Evidence,
): boolean => {
  const poller = evidence.channels.find(({ channel }) => channel.id === id)?.poller
  const ours = poller?.is === 'yes' && poller.value.ours === 'yes' ? poller.value.process : null
  // One whose wrapper has ended stands below no client any more.
  if (other.poller !== null && other.poller.pid === ours?.pid) return false
  if (other.session !== evidence.session.name) return true
  // Of a client that is on no record nobody knows whether it is another one.
  return other.client === null ? other.isLeftOver : isAnother(other.client.pid, evidence)
}

const isAnother = (pid: number, { client, stray }: Evidence): boolean =>
  client !== null && pid !== client.process.pid && pid !== stray?.pid
