import { isDevelopment, pluginKey } from '../../core/channel.ts'
import { kinds } from '../../core/kinds.ts'
import { showRecipient } from '../../core/notify/settings.ts'
import type { Session } from '../../core/session.ts'
import type { Deps } from '../../deps.ts'
import { draftFile } from './draft.ts'
import { nameOfChannel } from './guide.ts'
import { describeOther, type Plan } from './plan.ts'

/** What will be done, before it is: the summary that `--yes` agrees to. */
export const describePlan = (plan: Plan): readonly string[] => {
  const { session, channel, allow, trust, replaces, webhook, moveFrom, takeOver, conversation } = plan
  const { skipPermissions, permissionMode, dialogs } = session
  const { hasAccess, tokenVariable } = kinds[channel.kind]
  const key = pluginKey(channel.id)
  const others = session.channels.filter(({ id }) => id !== channel.id)
  const rows: readonly (readonly [label: string, text: string | null])[] = [
    ['client', session.client],
    [
      'beside',
      others.length === 0
        ? null
        : `${others.map(nameOfChannel).join(', ')}; all of them ${session.exclusive ? 'exclusive' : 'shared'}`,
    ],
    key === null
      ? [
          'MCP server',
          `${channel.id.slice('server:'.length)}, started with the session without being asked about`,
        ]
      : [
          'plugin',
          `${key}, ${session.exclusive ? 'enabled for this session only' : 'left as it is for other sessions'}`,
        ],
    [
      'risk',
      isDevelopment(channel)
        ? 'NOT AN APPROVED CHANNEL: whatever its program hands over is put before Claude as a message'
        : null,
    ],
    [
      'warning',
      isDevelopment(channel)
        ? dialogs.development === 'accept'
          ? 'the client shows one at every start; it is answered for you'
          : 'the client shows one at every start, and waits until you answer it at its terminal'
        : null,
    ],
    [
      "bot's state",
      tokenVariable === null ? null : `${channel.stateDir} (token, access list, inbox; readable by you only)`,
    ],
    ['moved', moveFrom && `${moveFrom} becomes that folder`],
    ['token', replaces && `REPLACES that of another bot, ${replaces}, in that folder`],
    ['webhook', webhook && `that of ${webhook} is REMOVED: what it served gets no more messages`],
    ['ended', takeOver.length === 0 ? null : takeOver.map(describeOther).join('; ')],
    ['conversation', conversation && `${conversation} goes on`],
    [
      'may write',
      !hasAccess
        ? 'whoever reaches it: it keeps no list'
        : allow.length === 0
          ? 'those who are in its access list; nobody is added by this'
          : allow.join(', '),
    ],
    ['told of trouble', session.notify.to && showRecipient(session)],
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
    ['terminal', session.multiplexer === 'tmux' ? null : session.multiplexer],
    ['environment', Object.keys(session.environment).join(' ')],
  ]
  return [
    `Session ${session.name}: ${nameOfChannel(channel)} answers from ${session.cwd}`,
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
    ...(plan.token === null ? [] : [`${plan.channel.stateDir}/.env: the token`]),
    ...(kinds[plan.channel.kind].hasAccess ? [`${plan.channel.stateDir}/access.json: who may write`] : []),
    ...(installs ? [`${paths.config}/plugins: the plugin, by \`claude plugin install\``] : []),
    ...(installs || disables
      ? [
          `${paths.config}/settings.json: the plugin ${session.exclusive ? 'disabled for other sessions' : 'enabled'}, by \`claude plugin\``,
        ]
      : []),
    ...(trust === 'to-record' ? [`${paths.json}: the folder is trusted`] : []),
    `${deps.folders.configFile}: the session`,
    `${deps.folders.journal}: what happened`,
    ...(starts ? startFiles(session, deps) : []),
    ...(asks ? [`${draftFile(deps)}: your answers, until all is done (never the token)`] : []),
  ]
}

const startFiles = ({ name, multiplexer }: Session, { folders }: Deps): readonly string[] => {
  const { folder, socket } = folders.session(name)
  const { keeper } = folders
  // A socket whose path would be too long is elsewhere.
  const sockets = [socket, keeper.socket].map((path) => path.slice(0, path.lastIndexOf('/')))
  const terminals = new Set([...sockets, ...(multiplexer === 'screen' ? [folders.screens] : [])])
  return [
    `${folder}: what runs`,
    ...[...terminals].filter((path) => path !== keeper.folder).map((path) => `${path}: its terminal`),
    `${keeper.folder}: the keeper, which looks after it`,
  ]
}
