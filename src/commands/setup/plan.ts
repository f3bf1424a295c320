import { pluginKey } from '../../core/channel.ts'
import type { Session } from '../../core/session.ts'
import type { Deps, Other } from '../../deps.ts'
import { draftFile } from './draft.ts'

/** Whose bot it is to be, and where its token goes. */
export type BotPlace = {
  readonly name: string
  /** Where its token goes, and the plugin's own folder, where one may stand already. */
  readonly stateDir: string
  readonly usualDir: string
  readonly channel: string
  /** The client's config folder. */
  readonly config: string
}

/** What `setup` found out, before it changes anything. */
export type Plan = {
  readonly session: Session
  readonly token: string
  readonly allow: readonly string[]
  readonly trust: 'trusted' | 'to-record'
  /** Another bot whose token stands where this one goes. */
  readonly replaces: string | null
  /** The host of a webhook that is to be removed. */
  readonly webhook: string | null
  /** The folder of an existing setup that becomes the session's. */
  readonly moveFrom: string | null
  /** Who uses the bot on this machine and is to be ended. */
  readonly takeOver: readonly Other[]
  /** A conversation begun by hand that goes on in the session. */
  readonly conversation: string | null
}

/** What will be done, before it is: the summary that `--yes` agrees to. */
export const describePlan = (plan: Plan): readonly string[] => {
  const { session, allow, trust, replaces, webhook, moveFrom, takeOver, conversation } = plan
  const [channel] = session.channels
  const { skipPermissions, permissionMode } = session
  const rows: readonly (readonly [label: string, text: string | null])[] = [
    ['client', session.client],
    [
      'plugin',
      `${pluginKey(channel?.id ?? '')}, ${session.exclusive ? 'enabled for this session only' : 'left as it is for other sessions'}`,
    ],
    ["bot's state", `${channel?.stateDir} (token, access list, inbox; readable by you only)`],
    ['moved', moveFrom && `${moveFrom} becomes that folder`],
    ['token', replaces && `REPLACES that of another bot, ${replaces}, in that folder`],
    ['webhook', webhook && `that of ${webhook} is REMOVED: what it served gets no more messages`],
    ['ended', takeOver.length === 0 ? null : takeOver.map(describeOther).join('; ')],
    ['conversation', conversation && `${conversation} goes on`],
    [
      'may write',
      allow.length === 0 ? 'those who are in its access list; nobody is added by this' : allow.join(', '),
    ],
    [
      'trust',
      trust === 'trusted'
        ? 'the folder is trusted already'
        : `recorded for ${session.cwd} in the client's own file`,
    ],
    [
      'permissions',
      skipPermissions
        ? 'NONE ARE ASKED FOR: whoever may write to the bot runs anything on this machine, and can read its token'
        : (permissionMode ?? "the client's default"),
    ],
    ['environment', Object.keys(session.environment).join(' ')],
  ]
  return [
    `Session ${session.name}: ${channel?.account ?? 'bot'} answers from ${session.cwd}`,
    ...rows.flatMap(([label, text]) => (text === null ? [] : [`  ${label}: ${text}`])),
  ]
}

/** Every file and folder that is written, with what for: by carrying a plan out and, where it starts, by starting. */
export const touchedFiles = (
  plan: Plan,
  // `asks`: somebody answers, and the answers are kept meanwhile.
  { asks, starts }: { readonly asks: boolean; readonly starts: boolean },
  deps: Deps,
): readonly string[] => {
  const { session, trust } = plan
  const paths = deps.claude.sessionPaths(session)
  const plugins = session.channels.flatMap(({ id }) => pluginKey(id) ?? [])
  const installs = plugins.some((key) => deps.claude.pluginInstalled(paths, key).is !== 'yes')
  const disables = session.exclusive && plugins.some((key) => deps.claude.pluginEnabled(paths, key) !== false)
  return [
    ...session.channels.flatMap(({ stateDir }) => [
      `${stateDir}/.env: the token`,
      `${stateDir}/access.json: who may write`,
    ]),
    ...(installs ? [`${paths.config}/plugins: the plugin, by \`claude plugin install\``] : []),
    ...(installs || disables
      ? [
          `${paths.config}/settings.json: the plugin ${session.exclusive ? 'disabled for other sessions' : 'enabled'}, by \`claude plugin\``,
        ]
      : []),
    ...(trust === 'to-record' ? [`${paths.json}: the folder is trusted`] : []),
    `${deps.folders.configFile}: the session`,
    `${deps.folders.journal}: what happened`,
    ...(starts ? startFiles(session.name, deps) : []),
    ...(asks ? [`${draftFile(deps)}: your answers, until all is done (never the token)`] : []),
  ]
}

const startFiles = (name: string, { folders }: Deps): readonly string[] => {
  const { folder, socket } = folders.session(name)
  const { keeper } = folders
  // A socket whose path would be too long is elsewhere.
  const terminals = new Set([socket, keeper.socket].map((path) => path.slice(0, path.lastIndexOf('/'))))
  return [
    `${folder}: what runs`,
    ...[...terminals].filter((path) => path !== keeper.folder).map((path) => `${path}: its terminal`),
    `${keeper.folder}: the keeper, which looks after it`,
  ]
}

/** Who uses a bot, for people. */
export const describeOther = ({ client, poller, folder }: Other): string =>
  client === null
    ? `plugin process ${poller?.pid}, left over from a session that is gone`
    : `Claude (process ${client.pid})${folder === null ? '' : ` in ${folder}`}`
