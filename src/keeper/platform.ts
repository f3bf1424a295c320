import type { Answer } from '../core/answer.ts'
import type { Channel } from '../core/channel.ts'
import { kinds } from '../core/kinds.ts'
import type { Platform } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import type { Channels, World } from '../deps.ts'

type Reading = { readonly channels: Pick<Channels, 'readToken'> }

/** The bot's token, as the plugin will find it; null for a kind that has none of its own. */
export const readBotToken = ({ channels }: Reading, { kind, stateDir }: Channel): Answer<string> | null => {
  const variable = kinds[kind].tokenVariable
  return variable === null ? null : channels.readToken(stateDir, variable)
}

type Asking = Reading &
  Pick<World, 'env' | 'clock' | 'requestWith'> & {
    readonly channels: Pick<Channels, 'messengerOf'>
  }

/**
 * Asks the platform of each channel of a session that has one about its bot, by what is read-only (never `getUpdates` on
 * a running bot), and by the proxy the session's client takes. By channel id; a channel without a token is left out.
 */
export const probePlatforms = async (
  world: Asking,
  session: Session,
): Promise<Readonly<Record<string, Platform>>> => {
  const env = { ...world.env, ...session.environment }
  const request = world.requestWith(env)
  const asked = session.channels.flatMap((channel) => {
    const token = readBotToken(world, channel)
    const messenger = world.channels.messengerOf(channel.kind)
    return token?.is === 'yes' && messenger !== null
      ? [{ id: channel.id, token: token.value, messenger }]
      : []
  })
  const answers = asked.map(async ({ id, token, messenger }) => [
    id,
    await messenger.probe(request, messenger.apiRoot(env), token, world.clock.now()),
  ])
  return Object.fromEntries(await Promise.all(answers))
}
