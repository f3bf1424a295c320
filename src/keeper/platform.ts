import type { Platform } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import type { World } from '../deps.ts'

/**
 * Asks the platform of each telegram channel of a session for its bot and webhook (`getMe`, `getWebhookInfo`: read-only;
 * never `getUpdates` on a running bot). By channel id; a channel without a token is left out.
 */
export const probePlatforms = async (
  world: World,
  session: Session,
): Promise<Readonly<Record<string, Platform>>> => {
  const root = world.channels.telegramApiRoot({ ...world.env, ...session.environment })
  const asked = session.channels.flatMap((channel) => {
    const token =
      channel.kind === 'telegram' ? world.channels.readToken(channel.stateDir, 'TELEGRAM_BOT_TOKEN') : null
    return token?.is === 'yes' ? [{ id: channel.id, token: token.value }] : []
  })
  const answers = asked.map(async ({ id, token }) => [
    id,
    await world.channels.probeTelegram(world.request, root, token, world.clock.now()),
  ])
  return Object.fromEntries(await Promise.all(answers))
}
