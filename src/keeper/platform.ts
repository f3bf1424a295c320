import type { Answer } from '../core/answer.ts'
import type { Channel } from '../core/channel.ts'
import type { Platform } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import type { Channels, World } from '../deps.ts'

type Reading = { readonly channels: Pick<Channels, 'telegramTokenVariable' | 'readToken'> }

/** The bot's token, as the plugin will find it; null for a kind that has none of its own. */
export const readBotToken = ({ channels }: Reading, { kind, stateDir }: Channel): Answer<string> | null =>
  kind === 'telegram' ? channels.readToken(stateDir, channels.telegramTokenVariable) : null

type Asking = Reading &
  Pick<World, 'env' | 'clock' | 'requestWith'> & {
    readonly channels: Pick<Channels, 'telegramApiRoot' | 'probeTelegram'>
  }

/**
 * Asks the platform of each telegram channel of a session for its bot and webhook (`getMe`, `getWebhookInfo`: read-only;
 * never `getUpdates` on a running bot), by the proxy the session's client takes. By channel id; a channel without a
 * token is left out.
 */
export const probePlatforms = async (
  world: Asking,
  session: Session,
): Promise<Readonly<Record<string, Platform>>> => {
  const env = { ...world.env, ...session.environment }
  const root = world.channels.telegramApiRoot(env)
  const request = world.requestWith(env)
  const asked = session.channels.flatMap((channel) => {
    const token = readBotToken(world, channel)
    return token?.is === 'yes' ? [{ id: channel.id, token: token.value }] : []
  })
  const answers = asked.map(async ({ id, token }) => [
    id,
    await world.channels.probeTelegram(request, root, token, world.clock.now()),
  ])
  return Object.fromEntries(await Promise.all(answers))
}
