import { kinds } from '../core/kinds.ts'
import type { Delivery } from '../core/notify/delivery.ts'
import type { Session } from '../core/session.ts'
import type { Channels, World } from '../deps.ts'
import { readBotToken } from './platform.ts'

type Telling = Pick<World, 'env' | 'requestWith'> & {
  readonly channels: Pick<Channels, 'readToken' | 'readAccess' | 'messengerOf'>
}

/**
 * Writes to the person whom `notify.to` names by the bot they may write to, as long as they may. Asks what a running bot
 * does not notice, and works without one. Never throws; the token is in no detail.
 */
export const tellPerson = async (world: Telling, session: Session, text: string): Promise<Delivery> => {
  const { to } = session.notify
  const channel = session.channels.find(({ id }) => id === to?.channel)
  const messenger = channel === undefined ? null : world.channels.messengerOf(channel.kind)
  if (to === null || channel === undefined || messenger === null)
    return { is: 'refused', detail: 'the session has no such bot any more' }
  const access = world.channels.readAccess(channel.stateDir, kinds[channel.kind].usualPolicy)
  if (access.is === 'unknown') return { is: 'failed', detail: 'its access list can’t be read' }
  if (access.is === 'no' || !access.value.senders.includes(to.sender))
    return { is: 'refused', detail: 'whom notify.to names may not write to the bot' }
  const token = readBotToken(world, channel)
  if (token?.is === 'unknown') return { is: 'failed', detail: 'its token can’t be read' }
  if (token?.is !== 'yes') return { is: 'refused', detail: 'the bot has no token' }
  const env = { ...world.env, ...session.environment }
  return messenger.notify(world.requestWith(env), messenger.apiRoot(env), token.value, {
    senderId: to.sender,
    text,
  })
}
