import type { Channel, ChannelKind } from './channel.ts'
import { isKind } from './kinds.ts'
import {
  type DialogSettings,
  defaultDialogs,
  defaultNotify,
  defaultRestart,
  isSessionName,
  type MultiplexerKind,
  type NotifySettings,
  type QuietHours,
  type Recipient,
  type RestartSettings,
  type Session,
} from './session.ts'
import {
  fields,
  fitTo,
  flag,
  list,
  Misfit,
  nullable,
  number,
  oneOf,
  orElse,
  type Shape,
  such,
  table,
  text,
} from './shape.ts'

/** `config.json`: what commands wrote and nobody else (design, section 5). */
export type Settings = {
  readonly version: 1
  readonly sessions: Readonly<Record<string, Session>>
  /** What a plugin's enablement was before `setup` changed it, under `pluginBeforeKey`. */
  readonly plugins: Readonly<Record<string, PluginBefore>>
  /** The folders that a client was told are trusted, under `trustKey`; noted before it is told. */
  readonly trust: Readonly<Record<string, TrustRecorded>>
  /** What `setup` chose last; null: it chose none yet. */
  readonly multiplexer: MultiplexerKind | null
}

/** Stored once per plugin and client config folder, put back with the last exclusive session. */
export type PluginBefore = {
  /** `telegram@claude-plugins-official`. */
  readonly plugin: string
  /** Absolute path of the client's config folder. */
  readonly config: string
  readonly before: 'enabled' | 'disabled' | 'absent'
}

/** Taken back with the last session in that folder or below. */
export type TrustRecorded = {
  /** Absolute path of the client's file that says so. */
  readonly json: string
  readonly folder: string
}

export const emptySettings: Settings = {
  version: 1,
  sessions: {},
  plugins: {},
  trust: {},
  multiplexer: null,
}

/** Where a plugin's earlier state stands in `plugins`. */
export const pluginBeforeKey = (plugin: string, config: string): string => `${plugin} ${config}`

/** Where a trusted folder stands in `trust`. */
export const trustKey = ({ json, folder }: TrustRecorded): string => `${json} ${folder}`

/** The session of that name; `constructor` is a name like any other. */
export const findSession = ({ sessions }: Settings, name: string): Session | null =>
  Object.hasOwn(sessions, name) ? (sessions[name] ?? null) : null

/** Settings from what stood in the file, unknown keys left out, missing ones filled; else the field that is wrong. */
export const checkSettings = (value: unknown): Settings | { readonly problem: string } => {
  const found = fitTo(settings, value)
  return found.fits ? found.value : { problem: found.problem }
}

const absolute = such(text(), (path) => path.startsWith('/'), 'must be an absolute path')

/** What a later release can do with its own kind is not known here: it is taken for a channel of the person's own. */
const kind: Shape<ChannelKind> = (value) => {
  const name = text()(value)
  return isKind(name) ? name : 'custom'
}

const channel: Shape<Channel> = fields<Channel>({
  id: text(),
  kind,
  stateDir: absolute,
  account: nullable(text()),
  botId: nullable(text()),
  // Older releases knew no others but the servers of `.mcp.json`, which always are.
  development: orElse(flag, false),
  server: orElse(nullable(text()), null),
  // Missing means that the client asks.
  agreedIn: orElse(nullable(absolute), null),
})

const positive = such(number, (value) => value > 0, 'must be greater than 0')

const restart: Shape<RestartSettings> = fields<RestartSettings>({
  attempts: orElse(positive, defaultRestart.attempts),
  windowMs: orElse(positive, defaultRestart.windowMs),
  retryMs: orElse(positive, defaultRestart.retryMs),
  updateMs: orElse(nullable(positive), defaultRestart.updateMs),
})

const dialogs: Shape<DialogSettings> = fields<DialogSettings>({
  resume: orElse(oneOf('ask', 'full', 'summary'), defaultDialogs.resume),
  development: orElse(oneOf('ask', 'accept'), defaultDialogs.development),
})

const minute = such(
  number,
  (value) => Number.isInteger(value) && value >= 0 && value < 24 * 60,
  'must be a minute of the day',
)

const notify: Shape<NotifySettings> = fields<NotifySettings>({
  to: nullable(fields<Recipient>({ channel: text(), sender: text() })),
  command: nullable(text()),
  quiet: nullable(fields<QuietHours>({ from: minute, to: minute })),
})

const session: Shape<Session> = fields<Session>({
  name: such(text(), isSessionName, 'must be a session name: letters, digits, - and _, 32 at most'),
  cwd: absolute,
  channels: list(channel),
  multiplexer: orElse(oneOf('tmux', 'screen'), 'tmux'),
  exclusive: orElse(flag, true),
  trustRecorded: orElse(flag, false),
  permissionMode: nullable(text()),
  // Missing means no: the dangerous value never comes from nothing.
  skipPermissions: orElse(flag, false),
  arguments: orElse(list(text()), []),
  environment: orElse(table(text()), {}),
  client: absolute,
  bun: nullable(absolute),
  restart: orElse(restart, defaultRestart),
  dialogs: orElse(dialogs, defaultDialogs),
  notify: orElse(notify, defaultNotify),
})

const plugin: Shape<PluginBefore> = fields<PluginBefore>({
  plugin: text(),
  config: text(),
  before: oneOf('enabled', 'disabled', 'absent'),
})

const trustRecorded: Shape<TrustRecorded> = fields<TrustRecorded>({ json: text(), folder: text() })

const sessions = table(session)
const named: Shape<Readonly<Record<string, Session>>> = (value) => {
  const found = sessions(value)
  const wrong = Object.entries(found).find(([name, each]) => name !== each.name)
  if (wrong === undefined) return found
  throw new Misfit('must be the name it is filed under', `${wrong[0]}.name`)
}

const settings: Shape<Settings> = fields<Settings>({
  version: orElse(oneOf(1), 1),
  sessions: orElse(named, {}),
  plugins: orElse(table(plugin), {}),
  trust: orElse(table(trustRecorded), {}),
  multiplexer: orElse(nullable(oneOf('tmux', 'screen')), null),
})
