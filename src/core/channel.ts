export type ChannelKind = 'telegram' | 'discord' | 'imessage' | 'fakechat' | 'custom'

/** One entry for the client's `--channels`. */
export type Channel = {
  /** `plugin:telegram@claude-plugins-official`, or `server:<name>`. */
  readonly id: string
  readonly kind: ChannelKind
  /** Absolute path of the plugin's state folder: token, access, pid file, inbox. */
  readonly stateDir: string
  /** What people call the bot, `@work_bot`; null while nobody told. */
  readonly account: string | null
  /** The digits before the colon of its token: which bot, without the secret. */
  readonly botId: string | null
  /** Not on the approved list, it is loaded as a development channel, whose warning the client shows at every start. */
  readonly development: boolean
  /** Its MCP server's name in the plugin; null: it is called as the plugin is, as in the official ones. */
  readonly server: string | null
  /**
   * Real path of the `.mcp.json` that named the server when setup agreed to it for the person: only what this file names
   * is started unasked. Null: nothing was, or a file named it about which the client does not ask.
   */
  readonly agreedIn: string | null
}

/** Where the approved channels come from. */
export const officialMarketplace = 'claude-plugins-official'

export type PluginChannel = { readonly type: 'plugin'; readonly plugin: string; readonly marketplace: string }
export type ServerChannel = { readonly type: 'server'; readonly server: string }

const word = '[A-Za-z0-9][A-Za-z0-9._-]*'
const pluginPattern = new RegExp(`^plugin:(${word})@(${word})$`)
const serverPattern = new RegExp(`^server:(${word})$`)

/** Takes a channel id apart; null when it is none. The client itself ends with 1 on an untagged entry. */
export const parseChannelId = (id: string): PluginChannel | ServerChannel | null => {
  const [, plugin, marketplace] = pluginPattern.exec(id) ?? []
  if (plugin !== undefined && marketplace !== undefined) return { type: 'plugin', plugin, marketplace }
  const [, server] = serverPattern.exec(id) ?? []
  return server === undefined ? null : { type: 'server', server }
}

/** `telegram@claude-plugins-official` of a plugin channel, as `enabledPlugins` and `claude plugin` name it; null for a server. */
export const pluginKey = (id: string): string | null => {
  const channel = parseChannelId(id)
  return channel?.type === 'plugin' ? `${channel.plugin}@${channel.marketplace}` : null
}

/**
 * Whether a list of approved plugins, the service's or an organization's, decides about a channel: never about one that
 * is loaded as a development channel (seen on 2.1.139 and 2.1.330).
 */
export const needsApproval = (channel: Pick<Channel, 'id' | 'development'>): boolean =>
  !isDevelopment(channel)

/** The plugins of which such a list has to name one, so that anybody is heard; none where one channel needs no approval. */
export const approvedKeys = (channels: readonly Pick<Channel, 'id' | 'development'>[]): readonly string[] =>
  channels.every(needsApproval) ? channels.flatMap(({ id }) => pluginKey(id) ?? []) : []

/**
 * The name the client knows a channel's MCP server by: `plugin:telegram:telegram`, or `<name>` for a bare server. The
 * official plugins call their one server as they are called themselves (field notes, section 2).
 */
export const serverName = ({ id, server }: Pick<Channel, 'id' | 'server'>): string => {
  const channel = parseChannelId(id)
  if (channel === null) return id
  return channel.type === 'plugin' ? `plugin:${channel.plugin}:${server ?? channel.plugin}` : channel.server
}

/** A server's name as it stands in the names of its tools: `mcp__plugin_telegram_telegram__reply` (2.1.139 and 2.1.330). */
export const serverInTools = (server: string): string => server.replace(/[^A-Za-z0-9_-]/g, '_')

/** What a session's channel is called beside its others: its kind, or of own ones, of which there may be several, its id. */
export const shortName = ({ id, kind }: Pick<Channel, 'id' | 'kind'>): string =>
  kind === 'custom' ? id : kind

const officialPlugins: readonly ChannelKind[] = ['telegram', 'discord', 'imessage', 'fakechat']

/** What we know about setting a channel up and probing it, told by the plugin's name, whatever its marketplace. */
export const channelKind = (id: string): ChannelKind => {
  const channel = parseChannelId(id)
  const name = channel?.type === 'plugin' ? channel.plugin : null
  return officialPlugins.find((kind) => kind === name) ?? 'custom'
}

/** Whether the client has to be told to load it as a development channel: no server of `.mcp.json` is on an approved list. */
export const isDevelopment = ({ id, development }: Pick<Channel, 'id' | 'development'>): boolean =>
  development || parseChannelId(id)?.type === 'server'
