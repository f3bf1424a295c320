import type { Checks } from './check.ts'

const channel = { of: 'channel', needs: [], reasons: [] } as const

/** What a channel needs before a client is started, and what would keep it deaf after. */
export const channelChecks = {
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
} as const satisfies Checks
