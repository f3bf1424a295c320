import { type Answer, no, unknown, yes } from '../core/answer.ts'
import type { Platform } from '../core/records.ts'
import { isTable } from '../core/shape.ts'
import type { Request } from '../system/https.ts'
import { discordBotId } from './discord.ts'
import { type DiscordReply, readDiscord } from './discord-call.ts'

/** What a bot belongs to, as its own token lets it see that. */
export type Application = {
  readonly id: string
  /** Whether the Message Content Intent is switched on; without it Discord refuses the plugin's connection. */
  readonly readsMessages: boolean
}

/**
 * Asks Discord about a bot: whose the token is, whether it may read messages, whether it is in any server. `now` is ms
 * since 1970. Never throws; what it could not learn is unknown or null, and the token is in no detail.
 */
export const probeDiscord = async (
  request: Request,
  apiRoot: string,
  token: string,
  now: number,
): Promise<Platform> => {
  const asked: Platform = {
    at: now,
    botId: discordBotId(token),
    token: 'unknown',
    account: null,
    pending: null,
    webhook: null,
    lacks: null,
    detail: null,
  }
  const me = await readDiscord(request, apiRoot, token, '/users/@me')
  if (me.is === 'refused') return { ...asked, token: 'rejected', detail: me.detail }
  if (me.is === 'failed') return { ...asked, detail: me.detail }
  if (!isTable(me.result)) return { ...asked, detail: '/users/@me answered 200' }
  if (me.result.bot !== true)
    return { ...asked, token: 'rejected', detail: 'it is the token of a person’s account' }
  const seen = { ...asked, token: 'accepted', account: accountOf(me.result) } as const
  const application = await readApplication(request, apiRoot, token)
  if (application.is !== 'yes') return { ...seen, detail: application.detail }
  if (!application.value.readsMessages) return { ...seen, lacks: 'message-content' }
  const servers = await readServers(request, apiRoot, token)
  if (servers.is !== 'yes') return { ...seen, detail: servers.detail }
  return servers.value.length === 0 ? { ...seen, lacks: 'server' } : seen
}

/** GATEWAY_MESSAGE_CONTENT, and the same for bots in fewer than 100 servers (Discord's API reference, application flags). */
const messageContentFlags = (1 << 18) | (1 << 19)

/** The application of a bot. No when the token is refused. Never throws. */
export const readApplication = async (
  request: Request,
  apiRoot: string,
  token: string,
): Promise<Answer<Application>> => {
  const reply = await readDiscord(request, apiRoot, token, '/applications/@me')
  if (reply.is !== 'answered') return refusalOf(reply)
  const { id, flags } = isTable(reply.result) ? reply.result : {}
  if (typeof id !== 'string' || !/^\d{15,21}$/.test(id)) return unknown('/applications/@me answered 200')
  // Without any flag the field may be missing.
  const set = typeof flags === 'number' ? flags : 0
  return yes({ id, readsMessages: (set & messageContentFlags) !== 0 })
}

/** The names of servers a bot is in, the first few. No when the token is refused. Never throws. */
export const readServers = async (
  request: Request,
  apiRoot: string,
  token: string,
): Promise<Answer<readonly string[]>> => {
  const reply = await readDiscord(request, apiRoot, token, '/users/@me/guilds?limit=5')
  if (reply.is !== 'answered') return refusalOf(reply)
  if (!Array.isArray(reply.result)) return unknown('/users/@me/guilds answered 200')
  return yes(
    reply.result.map((guild: unknown) =>
      isTable(guild) && typeof guild.name === 'string' ? guild.name : '',
    ),
  )
}

const refusalOf = (reply: Exclude<DiscordReply, { readonly is: 'answered' }>): Answer<never> =>
  reply.is === 'refused' ? no(reply.detail) : unknown(reply.detail)

/** Bots that were named before names became unique have four digits behind theirs. */
const accountOf = ({ username, discriminator }: Readonly<Record<string, unknown>>): string | null => {
  if (typeof username !== 'string' || !/^[\p{L}\p{N}\p{P}\p{S} ]{1,40}$/u.test(username)) return null
  return typeof discriminator === 'string' && /^[1-9]\d{3}$|^0\d{3}$/.test(discriminator)
    ? `@${username}#${discriminator}`
    : `@${username}`
}

/**
 * What the plugin needs in a server, bit by bit (discord 0.0.4's README; Discord's API reference, permissions). 38 is
 * beyond what JavaScript shifts.
 */
const permissions = [
  ['Add Reactions', 6],
  ['View Channels', 10],
  ['Send Messages', 11],
  ['Attach Files', 15],
  ['Read Message History', 16],
  ['Send Messages in Threads', 38],
] as const

/** The address at which a person puts a bot into one of their servers, with these permissions and no other. */
export const inviteLink = (application: string): string => {
  const bits = permissions.reduce((sum, [, bit]) => sum + 2 ** bit, 0)
  return `https://discord.com/oauth2/authorize?client_id=${application}&scope=bot&permissions=${bits}&integration_type=0`
}

export const permissionNames: readonly string[] = permissions.map(([name]) => name)
