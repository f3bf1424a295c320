import { askedAtTerminal } from '../asked-at-terminal.ts'
import type { ReasonName } from '../reasons.ts'

/** One condition for a live channel, or for its keeping: what is looked at, and what has to be so first. */
export type Check = {
  /** For people, as the first words of a line. */
  readonly title: string
  /** Whether it is one of the machine, of a session or of each of its channels. */
  readonly of: 'machine' | 'session' | 'channel'
  readonly looksAt: string
  /** Without these it means nothing: it is not checked. */
  readonly needs: readonly CheckName[]
  /** The reasons of the catalogue by which it fails; each reason is that of one check, or of a session's and a channel's. */
  readonly reasons: readonly ReasonName[]
}

const machine = { of: 'machine', needs: [], reasons: [] } as const
const session = { of: 'session', needs: [], reasons: [] } as const
const channel = { of: 'channel', needs: [], reasons: [] } as const

/** What launch looks at before it starts a client. */
const beforeStart = [
  'records',
  'multiplexer',
  'folder',
  'client',
  'client-version',
  'login',
  'bun',
  'trust',
  'feature',
  'organization',
  'plugin',
  'mcp-server',
  'state-folder',
  'token',
  'port',
  'one-session',
] as const

/** Every check of `channels doctor`, in the order it is shown: what others need comes first. */
export const checks = {
  configuration: { ...machine, title: 'configuration', looksAt: 'our configuration file' },
  modes: {
    ...machine,
    title: 'modes',
    looksAt: 'the modes of our folders and of the bots’ state folders, and of the files in them',
  },
  disk: { ...machine, title: 'disk', looksAt: 'the room on the disks of our state and of the client’s' },
  keeper: {
    ...machine,
    title: 'keeper',
    looksAt: 'the keeper’s record, its process, and when it looked last',
  },
  service: {
    ...machine,
    title: 'start at boot',
    looksAt: 'systemd or launchd: the unit or agent, and lingering',
  },
  shell: {
    ...machine,
    title: 'this shell',
    looksAt: 'variables exported here that a `claude` started by hand would go by',
  },
  records: {
    ...session,
    title: 'records',
    looksAt: 'whether the session’s folder in our state can be written',
    reasons: ['state-unwritable'],
  },
  multiplexer: {
    ...session,
    title: 'multiplexer',
    looksAt: 'tmux or screen in the PATH, and its version',
    reasons: ['multiplexer-missing'],
  },
  folder: {
    ...session,
    title: 'folder',
    looksAt: 'the folder Claude works in',
    reasons: ['folder-missing'],
  },
  client: {
    ...session,
    title: 'client',
    looksAt: 'the program that the session is set up with',
    reasons: ['client-missing'],
  },
  'client-version': {
    ...session,
    title: 'client version',
    looksAt: '`claude --version`',
    needs: ['client'],
    reasons: ['client-outdated'],
  },
  login: {
    ...session,
    title: 'login',
    looksAt: '`claude auth status`, and what the model API answered last',
    needs: ['client', 'client-version'],
    reasons: ['login-missing', 'login-expired'],
  },
  bun: {
    ...session,
    title: 'Bun',
    looksAt: 'the Bun that setup found, then the session’s PATH; and the client’s MCP log',
    reasons: ['bun-missing'],
  },
  trust: {
    ...session,
    title: 'trust',
    looksAt: 'what the client’s own file says of the folder, and the client’s screen',
    needs: ['folder'],
    reasons: ['trust-dialog'],
  },
  feature: {
    ...session,
    title: 'channels feature',
    looksAt:
      'the session’s environment, `env` of settings files, the client’s cached feature gate and its MCP log',
    reasons: ['channels-unavailable'],
  },
  organization: {
    ...session,
    title: 'organization',
    looksAt: 'managed settings, and the client’s MCP log',
    reasons: ['org-policy', 'not-allowlisted'],
  },
  plugin: {
    ...channel,
    title: 'plugin',
    looksAt: 'the client’s list of installed plugins, and the plugin’s folder',
    reasons: ['plugin-missing'],
  },
  enabled: {
    ...channel,
    title: 'plugin elsewhere',
    looksAt: 'enabledPlugins of the user’s settings: enabled there, every other `claude` starts it, too',
    needs: ['plugin'],
  },
  'mcp-server': {
    ...channel,
    title: 'MCP server',
    looksAt: '.mcp.json of the folder, the client’s own file and its settings',
    needs: ['folder'],
    reasons: ['server-missing'],
  },
  'state-folder': {
    ...channel,
    title: 'state folder',
    looksAt: 'whether the bot’s state folder can be written',
    reasons: ['state-unwritable'],
  },
  token: {
    ...channel,
    title: 'token',
    looksAt: 'the plugin’s .env, and variables that would take its place',
    needs: ['state-folder'],
    reasons: ['token-missing'],
  },
  platform: {
    ...channel,
    title: 'platform',
    looksAt: 'whether its API answers; asked now',
    needs: ['token'],
    reasons: ['network', 'stale-evidence'],
  },
  clock: {
    ...channel,
    title: 'clock',
    looksAt: 'this machine’s clock beside that of the platform’s answer',
    needs: ['platform'],
  },
  bot: {
    ...channel,
    title: 'bot',
    looksAt: 'whether the platform takes the token; asked now',
    needs: ['platform'],
    reasons: ['token-rejected'],
  },
  'bot-settings': {
    ...channel,
    title: 'bot’s settings',
    looksAt: 'the Message Content Intent, and in which servers the bot is; asked now',
    needs: ['bot'],
    reasons: ['intent-missing', 'no-server'],
  },
  webhook: {
    ...channel,
    title: 'webhook',
    looksAt: 'getWebhookInfo; asked now',
    needs: ['bot'],
    reasons: ['webhook-set'],
  },
  port: {
    ...channel,
    title: 'port',
    looksAt: 'who listens on the port of its page, and the client’s MCP log',
    reasons: ['port-taken'],
  },
  access: {
    ...channel,
    title: 'access',
    looksAt: 'the plugin’s access.json',
    needs: ['state-folder'],
  },
  'one-session': {
    ...channel,
    title: 'one session a bot',
    looksAt: 'the other sessions, and what `up` heard when it listened',
    reasons: ['token-in-use'],
  },
  pollers: {
    ...channel,
    title: 'other pollers',
    looksAt: 'bot.pid, and every process of this machine that runs the plugin, with age and CPU',
    needs: ['one-session'],
    reasons: ['poller-stolen', 'poller-contested'],
  },
  'start-note': {
    ...channel,
    title: 'needs-auth note',
    looksAt: 'the client’s mcp-needs-auth-cache.json, by which it starts a plugin nowhere for 15 minutes',
  },
  terminal: {
    ...session,
    title: 'terminal',
    looksAt: 'the loop’s process, and how its last `channels launch` ended',
    needs: ['records', 'multiplexer'],
    reasons: ['terminal-lost', 'launch-failed', 'records-lost'],
  },
  running: {
    ...session,
    title: 'client runs',
    looksAt: 'the run on record, the client’s process, and what is wanted',
    needs: ['terminal', ...beforeStart],
    reasons: ['client-exited', 'crash-loop', 'client-stopped', 'taken-down'],
  },
  update: {
    ...session,
    title: 'client on disk',
    looksAt: 'the client’s executable, and what its path leads to by now',
    needs: ['running'],
    reasons: ['client-replaced', 'client-updated'],
  },
  prompts: {
    ...session,
    title: 'nobody is asked',
    looksAt: 'the client’s session file, and its screen where that says of a dialog',
    needs: ['running'],
    reasons: askedAtTerminal,
  },
  model: {
    ...session,
    title: 'model answers',
    looksAt: 'the last rows of the transcript',
    needs: ['running', 'prompts'],
    reasons: ['usage-limit', 'model-failing'],
  },
  'plugin-runs': {
    ...channel,
    title: 'plugin runs',
    looksAt: 'the plugin’s process below the client, its bot.pid, and the client’s MCP log',
    needs: ['running', 'prompts', 'model', 'bot', 'bot-settings', 'pollers'],
    reasons: ['plugin-exited', 'plugin-stopped', 'plugin-not-started', 'plugin-failed', 'not-healing'],
  },
  listens: {
    ...channel,
    title: 'client listens',
    looksAt: '`Channel notifications registered` in the client’s MCP log',
    needs: ['plugin-runs'],
    reasons: ['not-a-channel', 'channel-skipped'],
  },
  fetches: {
    ...channel,
    title: 'messages fetched',
    looksAt: 'how many messages wait at the platform, and the plugin’s connection',
    needs: ['listens', 'webhook'],
    reasons: ['not-draining'],
  },
  told: {
    ...session,
    title: 'who is told',
    looksAt: 'who may write to the bot, and what became of the last message to whom `notify.to` names',
    needs: ['records'],
  },
  versions: {
    ...session,
    title: 'versions',
    looksAt: 'the versions it last was live with, and those this release was tried with',
    needs: ['client-version'],
  },
} as const satisfies Readonly<Record<string, { readonly needs: readonly string[] } & Omit<Check, 'needs'>>>

export type CheckName = keyof typeof checks

export const checkNames = Object.keys(checks) as readonly CheckName[]

/** The check by which a reason fails: of a session, or of the channel it is about. */
export const checkOf = (reason: ReasonName, isOfChannel: boolean): CheckName => {
  const named = checkNames.filter((name) => (checks[name].reasons as readonly ReasonName[]).includes(reason))
  const own = named.find((name) => (checks[name].of === 'channel') === isOfChannel) ?? named[0]
  if (own === undefined) throw new Error(`no check fails by ${reason}`)
  return own
}
