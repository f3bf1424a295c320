import { type Channel, type ChannelKind, pluginKey, serverInTools, serverName } from '../core/channel.ts'
import type { Session } from '../core/session.ts'

/** What `clientSettings` makes, as the client's `--settings <file>` takes it. */
export type ClientSettings = {
  readonly enabledPlugins: Readonly<Record<string, true>>
  /** Servers of `.mcp.json` that were agreed to at setup: without this the client asks about them (2.1.139, 2.1.330). */
  readonly enabledMcpjsonServers?: readonly string[]
  readonly permissions: { readonly allow: readonly string[]; readonly deny: readonly string[] }
}

/**
 * The settings a session's client is started with: its own plugins enabled, whatever the user's settings say; the
 * answer tools and the inbox allowed, else the person at the phone sees silence; token, access list and pid file denied
 * (design, section 5; field notes, sections 3 and 4). `agreed`: the servers about which the client is not to ask, as
 * `agreedServers` tells them.
 */
export const clientSettings = (session: Session, agreed: readonly string[]): ClientSettings => ({
  enabledPlugins: Object.fromEntries(
    session.channels.flatMap(({ id }) => {
      const key = pluginKey(id)
      return key === null ? [] : [[key, true as const]]
    }),
  ),
  ...(agreed.length === 0 ? {} : { enabledMcpjsonServers: agreed }),
  permissions: {
    allow: session.channels.flatMap((channel) => [
      ...answerTools(channel),
      pathRule('Read', channel, 'inbox/**'),
    ]),
    deny: [
      ...session.channels.flatMap((channel) =>
        secrets.flatMap((secret) => [
          ...fileTools.map((tool) => pathRule(tool, channel, secret)),
          shellRule(channel, secret),
        ]),
      ),
      ...personOnly.flatMap((command) => [`Bash(*channels ${command}*)`, `Bash(*channels.js ${command}*)`]),
    ],
  },
})

// Rules for Edit are the ones that count for Write, too; a rule for Write gets a warning at start (2.1.330).
const fileTools = ['Read', 'Edit'] as const
const secrets = ['.env', 'access.json', 'approved/**', 'bot.pid'] as const

/**
 * Our own commands that decide who may write and what Claude may do, take a bot away, or speak as the person; they refuse
 * by themselves, too.
 */
const personOnly = ['pair', 'access', 'set', 'setup', 'token', 'send', 'attach', 'remove'] as const

/** The tools by which each plugin answers (their sources: telegram 0.0.7, discord 0.0.4, imessage 0.1.0, fakechat 0.0.1). */
const tools: Readonly<Record<ChannelKind, readonly string[]>> = {
  telegram: ['reply', 'react', 'edit_message', 'download_attachment'],
  discord: ['reply', 'react', 'edit_message', 'download_attachment', 'fetch_messages'],
  imessage: ['reply', 'chat_messages'],
  fakechat: ['reply', 'edit_message'],
  custom: ['reply'],
}

const answerTools = (channel: Channel): readonly string[] =>
  tools[channel.kind].map((tool) => `mcp__${serverInTools(serverName(channel))}__${tool}`)

// `//` begins an absolute path in a rule; what a rule would take for a pattern is escaped.
const pathRule = (tool: string, channel: Channel, below: string): string =>
  `${tool}(/${channel.stateDir.replace(/[\\*?[\]{}()!]/g, '\\$&')}/${below})`

// Without it a shell command that no rule for files sees through (python3, base64) reads the token, unasked when
// permissions are skipped. One that names only the folder still does (`grep -r`), and on 2.1.139 one that changes into
// it first.
const shellRule = (channel: Channel, secret: string): string =>
  `Bash(*${channel.stateDir}*${secret.replace('/**', '')}*)`
