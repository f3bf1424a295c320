import type { ExitStatus } from '../errors.ts'
import { pluginKey } from './channel.ts'
import { type Named, sayWhich } from './which-channel.ts'

/** What a session or channel amounts to (design, section 4). */
export type State = 'live' | 'starting' | 'recovering' | 'blocked' | 'down' | 'stopped' | 'unknown'

/** What the keeper may do about a reason by itself. */
export type Healing =
  /** The loop or launch tries again by itself. */
  | 'loop'
  /** End the client; the loop resumes the conversation. */
  | 'resume'
  /** End the client at rest and keep it ended, so that messages wait at the platform, until it can answer again. */
  | 'park'
  /** Let a suspended plugin go on. */
  | 'continue'
  /** The client tries again by itself. */
  | 'client'
  /** Start the terminal again. */
  | 'terminal'
  /** The next keeper lets it go on. */
  | 'keeper'
  /** Nothing: looked at again, cheaply, each minute. */
  | 'look'

export type Reason = {
  readonly state: State
  /** What has to be observed for it. */
  readonly evidence: string
  /** Named at the latest this long after the fault, in seconds. */
  readonly withinS: number
  readonly healing: Healing
  /** How often it may be healed within which time; null: no limit, or nothing to limit. */
  readonly budget: { readonly times: number; readonly withinMs: number } | null
  /** Whom to tell. */
  readonly tell: 'person' | 'nobody'
  /** For people. */
  readonly sentence: string
  /** What helps; `<session>`, `<channel>` and `<plugin>` stand for the session's name, its channel's id, and its plugin. */
  readonly remedy: string
  /** Who can do that: a command of ours, the person at the machine, somebody else. */
  readonly whose: 'command' | 'person' | 'somebody-else' | 'nobody'
  /** Exit status of `up` when this is what is missing. */
  readonly status: ExitStatus
  /** Client and plugin versions the evidence was seen on. */
  readonly seenOn: string
}

const both = 'client 2.1.197 and 2.1.330, telegram 0.0.7'
const local = 'this machine; no client needed'
const minute = 60_000
/** Each may cost a message; a person who mends and mends is not to be stopped by it. */
const parkings = { times: 6, withinMs: 60 * minute }

const blocked = { state: 'blocked', healing: 'look', budget: null, tell: 'person', status: 1 } as const
const recovering = { state: 'recovering', tell: 'nobody', whose: 'nobody', status: 1 } as const

/**
 * Everything that can be wrong, in one table: verdict, healing and manual read it (design, section 6). Added when a
 * fault is found that none of these names.
 */
export const reasons = {
  'client-missing': {
    ...blocked,
    evidence: 'the configured client is no executable file',
    withinS: 3,
    sentence: 'The Claude Code client is not there.',
    remedy:
      'Install it (npm install -g @anthropic-ai/claude-code), or name it in CHANNELS_CLAUDE, then run `channels up <session>`.',
    whose: 'person',
    status: 69,
    seenOn: local,
  },
  'client-outdated': {
    ...blocked,
    evidence: '`claude --version` is below 2.1.80',
    withinS: 60,
    sentence: 'The Claude Code client is too old for channels.',
    remedy: 'Run `claude update`, then `channels up <session>`.',
    whose: 'person',
    status: 69,
    seenOn: 'documentation, August 2026',
  },
  'multiplexer-missing': {
    ...blocked,
    evidence: 'the terminal multiplexer cannot be executed',
    withinS: 3,
    sentence: 'The terminal multiplexer is not installed.',
    remedy: 'Install tmux (apt install tmux, brew install tmux), then run `channels up <session>`.',
    whose: 'person',
    status: 69,
    seenOn: local,
  },
  'bun-missing': {
    ...blocked,
    // Once it is there, a new start heals; one that fails all the same is not tried for ever.
    budget: { times: 3, withinMs: 10 * minute },
    evidence: 'no `bun` in the PATH of the session, or ENOENT for it in the MCP log',
    withinS: 3,
    sentence: 'Bun, which the plugin runs on, is not in the PATH of this session.',
    remedy:
      'Install Bun (npm install -g bun), then run `channels setup <channel> --session <session>` so that its folder is in the stored PATH.',
    whose: 'person',
    status: 69,
    seenOn: both,
  },
  'plugin-missing': {
    ...blocked,
    evidence: 'installed_plugins.json does not name the plugin, or its folder is gone',
    withinS: 3,
    sentence: 'The channel plugin is not installed.',
    remedy: 'Run `claude plugin install <plugin>`, then `channels up <session>`.',
    whose: 'person',
    status: 69,
    seenOn: both,
  },
  'token-missing': {
    ...blocked,
    // Once it is there, a new start heals; one that fails all the same is not tried for ever.
    budget: { times: 3, withinMs: 10 * minute },
    evidence: 'no token in the plugin’s .env, or the plugin said so in the MCP log',
    withinS: 3,
    sentence: 'There is no bot token where the plugin looks for it.',
    remedy: 'Run `channels token <session>` with the token of its bot.',
    whose: 'command',
    seenOn: both,
  },
  'folder-missing': {
    ...blocked,
    evidence: 'the session’s folder is not there',
    withinS: 3,
    sentence: 'The folder of this session is gone.',
    remedy: 'Put it back, or `channels remove <session>` and set it up with another one.',
    whose: 'person',
    seenOn: local,
  },
  'state-unwritable': {
    ...blocked,
    evidence: 'our state folder or the plugin’s cannot be written',
    withinS: 3,
    sentence: 'A folder that must be written cannot be.',
    remedy: 'Make room on the disk or mend the folder’s owner and mode, then run `channels up <session>`.',
    whose: 'person',
    status: 73,
    seenOn: local,
  },
  'login-missing': {
    ...blocked,
    evidence:
      '`claude auth status` says so, or names a key where the client is older than 2.1.128; or the client shows its login screen, or the MCP log asks for /login',
    withinS: 60,
    sentence: 'The client has no login that channels accept.',
    remedy:
      'Run `claude auth login` (or `claude` and /login), or `claude update` where a key is named that it is too old for; then `channels up <session>`.',
    whose: 'person',
    seenOn: 'client 2.1.330; a key on 2.1.81 to 2.1.112',
  },
  'login-expired': {
    ...blocked,
    healing: 'park',
    budget: parkings,
    evidence:
      'the transcript’s last answer is an API error 401 or 403; or the model API owes one, and the terminal says 401 and that it tries again',
    withinS: 15,
    sentence: 'The login of the client has expired; it answers nothing.',
    remedy:
      'Run `claude auth login`, or /login in any `claude`: the session goes on by itself then. `channels up <session>` tries at once.',
    whose: 'person',
    seenOn: 'client 2.1.139 and 2.1.330',
  },
  'usage-limit': {
    ...blocked,
    healing: 'park',
    budget: parkings,
    evidence:
      'the transcript’s last answer is an API error 429 or a used-up credit; or the model API owes one, and the terminal says limit and that it tries again',
    withinS: 20,
    sentence: 'The usage limit is reached; the client answers nothing until it resets.',
    remedy:
      'Wait for the reset, or raise the limit of the account: it is tried again by itself, and each try may cost one message. `channels up <session>` tries at once.',
    whose: 'somebody-else',
    seenOn: 'client 2.1.139 and 2.1.330',
  },
  'token-rejected': {
    ...blocked,
    evidence: 'Telegram’s getMe or Discord’s /users/@me answers 401, or the plugin said so in the MCP log',
    withinS: 65,
    sentence: 'The bot token is refused.',
    remedy:
      'Get the present one (BotFather: /mybots, the bot, API Token; Discord’s Developer Portal: Bot, Reset Token) and run `channels token <session>` with it.',
    whose: 'command',
    seenOn: both,
  },
  'intent-missing': {
    ...blocked,
    evidence: 'the flags of the bot’s application, which Discord tells, lack the Message Content Intent',
    withinS: 65,
    sentence:
      'The bot may not read messages: its Message Content Intent is off, so Discord refuses the plugin.',
    remedy:
      'Switch it on in Discord’s Developer Portal (the application, Bot, Privileged Gateway Intents), then run `channels up <session>`.',
    whose: 'person',
    seenOn: 'the documentation of Discord’s API; REST stand-in',
  },
  'no-server': {
    ...blocked,
    evidence: 'Discord’s /users/@me/guilds is empty',
    withinS: 65,
    sentence: 'The bot is in no server, so nobody can write to it.',
    remedy: 'Run `channels setup <channel> --session <session>`, which shows the link that invites it.',
    whose: 'person',
    seenOn: 'the documentation of Discord’s API; REST stand-in',
  },
  'port-taken': {
    ...blocked,
    // Once it is free, a new start heals; one that fails all the same is not tried for ever.
    budget: { times: 3, withinMs: 10 * minute },
    evidence: 'another program listens on the port, or the plugin said so in the MCP log',
    withinS: 3,
    sentence: 'The port that this channel listens on is taken by another program.',
    remedy:
      'End that program; or give the channel a port that is free (of fakechat: `channels set <session> env.FAKECHAT_PORT=8899`), then `channels restart <session>`.',
    whose: 'person',
    seenOn: 'fakechat 0.0.1',
  },
  'server-missing': {
    ...blocked,
    evidence:
      'neither .mcp.json of the folder nor the client’s own file names the MCP server, or settings refuse it (disabledMcpjsonServers)',
    withinS: 3,
    sentence: 'The MCP server of this channel is not set up in the client.',
    remedy:
      'Name it in .mcp.json of the session’s folder, or run `claude mcp add`; where settings refuse it, take it out there. Then `channels up <session>`.',
    whose: 'person',
    seenOn: 'client 2.1.139 and 2.1.330',
  },
  'not-a-channel': {
    ...blocked,
    evidence:
      'the MCP log says that the server did not declare the claude/channel capability, speaks a protocol without one, or is of another marketplace than was asked for',
    withinS: 5,
    sentence: 'The client does not take this MCP server for a channel.',
    remedy:
      'Go by what the client says of it: a channel declares `claude/channel` among its experimental capabilities; a plugin of the same name from elsewhere has to be disabled (`claude plugin disable`). Then run `channels up <session>`; if another server is meant, set that one up with `channels setup`.',
    whose: 'person',
    seenOn: 'client 2.1.139 and 2.1.330',
  },
  'channel-skipped': {
    ...blocked,
    evidence: 'the MCP log says that the client skips the channel, in words that no row of ours knows',
    withinS: 5,
    sentence: 'The client does not listen to this channel.',
    remedy:
      'Go by what the client says of it, then run `channels up <session>`. A newer release of `channels` may know those words.',
    whose: 'person',
    seenOn: 'no client so far: for words of a later one',
  },
  'webhook-set': {
    ...blocked,
    evidence: 'getWebhookInfo names a url',
    withinS: 65,
    sentence: 'A webhook is set on this bot, so polling gets nothing.',
    remedy:
      'Run `channels setup <channel> --session <session> --remove-webhook`, remove it where it was set, or use another bot.',
    whose: 'person',
    seenOn: 'Bot API documentation',
  },
  'token-in-use': {
    ...blocked,
    evidence:
      'another session that is wanted has the same bot; or, when `up` listened, another program polled it',
    withinS: 5,
    sentence: 'Something else takes the messages of this bot.',
    remedy:
      'Stop it there, or run `channels token <session>` with the token of another bot; a new token of this one (BotFather: /revoke) ends all others that have it. Then run `channels up <session>`.',
    whose: 'person',
    seenOn: 'the rules of the Bot API; not tried on the real service',
  },
  'trust-dialog': {
    ...blocked,
    evidence: 'the screen shows the trust dialog',
    withinS: 5,
    sentence: 'The client asks whether this folder is trusted.',
    remedy:
      'Run `channels setup <channel> --session <session> --trust`, or answer it: `channels attach <session>`.',
    whose: 'command',
    seenOn: 'client 2.1.139 and 2.1.330',
  },
  'development-dialog': {
    ...blocked,
    // Where `development=accept` was set: three tries a start, then it is the person's.
    budget: { times: 3, withinMs: 10 * minute },
    evidence: 'the screen shows the development channels dialog',
    withinS: 5,
    sentence: 'The client warns about development channels and waits.',
    remedy:
      'Answer it: `channels attach <session>`; `channels set <session> development=accept` answers it at every start.',
    whose: 'person',
    seenOn: 'client 2.1.139 and 2.1.330',
  },
  'mcp-dialog': {
    ...blocked,
    evidence: 'the screen shows the new MCP server dialog',
    withinS: 5,
    sentence: 'The client asks about a new MCP server and waits.',
    remedy: 'Answer it: `channels attach <session>`.',
    whose: 'person',
    seenOn: 'client 2.1.139 and 2.1.330',
  },
  'bypass-dialog': {
    ...blocked,
    evidence: 'the screen shows the bypass permissions dialog',
    withinS: 5,
    sentence: 'The client asks to confirm that permissions are bypassed.',
    remedy: 'Read it and answer it: `channels attach <session>` (its default is No, exit).',
    whose: 'person',
    seenOn: 'client 2.1.139 and 2.1.330',
  },
  'resume-dialog': {
    ...blocked,
    // Where `resume=full` or `resume=summary` was set: three tries a start, then it is the person's.
    budget: { times: 3, withinMs: 10 * minute },
    evidence: 'the screen shows the resume picker',
    withinS: 5,
    sentence: 'The client asks how to resume an old conversation, before there is a session.',
    remedy:
      'Answer it: `channels attach <session>`; `channels set <session> resume=full` (or resume=summary) answers it from then on.',
    whose: 'person',
    seenOn: 'client 2.1.139 and 2.1.330',
  },
  'unknown-dialog': {
    ...blocked,
    evidence: 'the screen shows a menu that no row of the dialog table knows',
    withinS: 5,
    sentence: 'The client shows a dialog that channels does not know.',
    remedy: 'Read it and answer it: `channels attach <session>`.',
    whose: 'person',
    seenOn:
      'none: that is the point; the keeper keeps its screen for a week, in `evidence/` of the session’s folder',
  },
  'permission-prompt': {
    ...blocked,
    evidence: 'the session file says waiting, for a permission prompt',
    withinS: 3,
    sentence: 'Claude asks for a permission and waits.',
    remedy: 'Answer it: `channels attach <session>`.',
    whose: 'person',
    seenOn: 'client 2.1.139 and 2.1.330',
  },
  question: {
    ...blocked,
    evidence: 'the session file says waiting, for something else',
    withinS: 3,
    sentence: 'Claude asks a question at its terminal and waits.',
    remedy: 'Answer it: `channels attach <session>`.',
    whose: 'person',
    seenOn: 'client 2.1.330',
  },
  'channels-unavailable': {
    ...blocked,
    evidence:
      'a variable in the session’s environment or under `env` in a settings file switches it off; or the MCP log says the channels feature is not available',
    withinS: 5,
    sentence: 'The client has the channels feature switched off.',
    remedy:
      'Take out what is named: under `env` of that file, or in the session by `channels set <session> env.NAME=`; it starts by itself then. If nothing is named, the service has not switched channels on for this account yet: `channels up <session>` tries again.',
    whose: 'somebody-else',
    seenOn: both,
  },
  'org-policy': {
    ...blocked,
    evidence:
      'managed settings do not set channelsEnabled to true; or the MCP log says channels are not enabled by org policy',
    withinS: 5,
    sentence: 'The organization has channels switched off.',
    remedy:
      'The administrator of this machine sets channelsEnabled: true in the file that is named, and it starts by itself; if none is named, an owner of the organization switches channels on at claude.ai (Admin settings, Claude Code, Channels), then run `channels up <session>`.',
    whose: 'somebody-else',
    seenOn: both,
  },
  'not-allowlisted': {
    ...blocked,
    evidence:
      'allowedChannelPlugins of managed settings does not name the plugin; or the MCP log says it is not on the approved list',
    withinS: 5,
    sentence: 'The plugin is not on the list of approved channels.',
    remedy:
      'The administrator of this machine adds it to allowedChannelPlugins in the file that is named, and it starts by itself; if none is named, an owner of the organization adds it to the settings at claude.ai, then run `channels up <session>`. Or use an approved plugin.',
    whose: 'somebody-else',
    seenOn: both,
  },
  'client-exited': {
    ...recovering,
    evidence: 'no client process under the loop',
    withinS: 3,
    healing: 'loop',
    budget: null,
    sentence: 'The client ended and is being started again.',
    remedy: 'Nothing to do; `channels logs <session>` says how it ended.',
    seenOn: 'client 2.1.330',
  },
  'plugin-exited': {
    ...recovering,
    evidence: 'the channel is registered, and no plugin process of our client is alive',
    withinS: 3,
    healing: 'resume',
    budget: { times: 5, withinMs: 30 * minute },
    sentence: 'The channel plugin died; the client does not notice.',
    remedy:
      'Nothing to do: the client is resumed as soon as it is idle. `channels restart <session>` does it now.',
    seenOn: both,
  },
  'plugin-stopped': {
    ...recovering,
    evidence: 'the plugin’s process is stopped (SIGSTOP)',
    withinS: 3,
    healing: 'continue',
    budget: { times: 3, withinMs: 10 * minute },
    sentence: 'The process of the channel plugin is suspended, so nobody fetches messages.',
    remedy:
      'Nothing to do while a keeper runs: it lets it go on. `channels restart <session>` starts it anew.',
    seenOn: 'telegram stand-in; state T in /proc',
  },
  'not-draining': {
    ...recovering,
    evidence:
      'messages wait at the platform, no fewer after 30 s, and none came in meanwhile; or the plugin has had no connection for 90 s',
    withinS: 240,
    healing: 'resume',
    budget: { times: 3, withinMs: 30 * minute },
    sentence: 'The channel plugin is there, but does not fetch messages any more.',
    remedy:
      'Nothing to do: the client is resumed as soon as it is idle. If it comes back, another program may poll this bot: `channels down <session>`, a minute later `channels up <session>` looks for one.',
    seenOn: 'telegram 0.0.7 stops polling after eight 409s (its source); Bot API stand-in',
  },
  'client-replaced': {
    ...recovering,
    evidence: 'the executable the client runs was removed or replaced on disk',
    withinS: 3,
    healing: 'resume',
    // On a disk where every client looks replaced, one that is well is not to be ended on and on.
    budget: { times: 3, withinMs: 6 * 60 * minute },
    sentence: 'The client was replaced on disk under this session, and is started anew from there.',
    remedy:
      'Nothing to do: it answers on until it is idle, then it is started anew. `channels restart <session>` does it now.',
    seenOn: 'client 2.1.330, which goes on answering on Linux',
  },
  'model-failing': {
    ...recovering,
    evidence:
      'the client’s last answer is an API error that is neither a login nor a limit, at most ten minutes ago; or it asks again and again',
    withinS: 5,
    healing: 'client',
    budget: null,
    sentence: 'The model API fails; the client can’t answer.',
    remedy:
      'Nothing to do: the client tries again, and with each message. Look at the network and at status.claude.com if it lasts.',
    seenOn: 'client 2.1.330',
  },
  'plugin-not-started': {
    ...recovering,
    evidence: 'no MCP log and no plugin process 15 s after the client started',
    withinS: 20,
    healing: 'resume',
    budget: { times: 3, withinMs: 10 * minute },
    sentence: 'The client never started the channel plugin.',
    remedy: '`channels restart <session>` tries again now; `--fresh` with a new conversation.',
    seenOn: both,
  },
  'plugin-failed': {
    ...recovering,
    evidence:
      'the MCP log says the connection to the plugin failed, or that it was started again and not registered',
    withinS: 5,
    healing: 'resume',
    budget: { times: 3, withinMs: 10 * minute },
    sentence: 'The channel plugin could not start.',
    remedy:
      '`channels logs <session> --source channel` shows what it said; `channels restart <session>` tries again now.',
    seenOn: both,
  },
  'poller-stolen': {
    ...recovering,
    evidence: 'the process in bot.pid is alive and is not our client’s',
    withinS: 3,
    healing: 'resume',
    budget: { times: 3, withinMs: 10 * minute },
    tell: 'person',
    sentence: 'Another Claude session took this bot’s messages and drops them.',
    remedy:
      'Close that session, or set this one up again with --exclusive so that no other session loads the plugin.',
    whose: 'person',
    seenOn: both,
  },
  'terminal-lost': {
    ...recovering,
    evidence: 'the loop’s process is gone',
    withinS: 3,
    healing: 'terminal',
    budget: null,
    sentence: 'The terminal of this session is gone.',
    remedy: 'Nothing to do while a keeper runs; `channels up <session>` brings it back now.',
    seenOn: 'tmux 3.3a',
  },
  'launch-failed': {
    ...recovering,
    evidence: 'the loop lives and `channels launch` failed',
    withinS: 3,
    healing: 'loop',
    budget: null,
    tell: 'person',
    sentence: 'The client could not be started.',
    remedy: 'See launch.log in the session’s state folder, mend the cause, then run `channels up <session>`.',
    whose: 'person',
    seenOn: local,
  },
  'crash-loop': {
    state: 'down',
    evidence:
      'unexplained exits within the time the session allows for them: five within 30 minutes unless set',
    withinS: 3,
    healing: 'loop',
    budget: null,
    tell: 'person',
    sentence: 'The client keeps ending; it is tried again, but seldom.',
    remedy:
      '`channels logs <session> --source terminal` may show why. `channels up <session>` tries now, `channels restart <session> --fresh` in a new conversation.',
    whose: 'person',
    status: 1,
    seenOn: 'client 2.1.330',
  },
  'taken-down': {
    state: 'down',
    healing: 'keeper',
    budget: null,
    tell: 'nobody',
    evidence: 'the session is wanted and held: all sessions were taken down, and no keeper is back yet',
    withinS: 3,
    sentence: 'It was taken down with all other sessions, and comes back with the next keeper.',
    remedy: 'Start the unit or the container again, or run `channels up <session>`.',
    whose: 'command',
    status: 1,
    seenOn: local,
  },
  'not-healing': {
    state: 'down',
    evidence:
      'a channel is deaf again after all that the budget of its reason allows; beside one that is well, after a new start that did not mend it for 2 minutes, or a second one that did not for 10: then the next comes after 10 minutes, 30 minutes, an hour, and every 3 hours from then on',
    withinS: 12,
    healing: 'look',
    budget: null,
    tell: 'person',
    sentence: 'The client was started anew, and its channel is still deaf.',
    remedy:
      '`channels logs <session>` names the cause each time. `channels restart <session>` tries now; with `--fresh` in a new conversation.',
    whose: 'person',
    status: 1,
    seenOn: local,
  },
  'poller-contested': {
    state: 'down',
    evidence: 'the poller was stolen again after three healings within ten minutes',
    withinS: 3,
    healing: 'look',
    budget: null,
    tell: 'person',
    sentence: 'Another session keeps taking this bot’s messages.',
    remedy: 'Close that session, then run `channels restart <session>`.',
    whose: 'person',
    status: 1,
    seenOn: both,
  },
  'stale-evidence': {
    state: 'unknown',
    evidence: 'what would prove it is missing or too old',
    withinS: 60,
    healing: 'look',
    budget: null,
    tell: 'nobody',
    sentence: 'There is not enough evidence to tell.',
    remedy: 'Look again in a minute: `channels status <session>`.',
    whose: 'nobody',
    status: 1,
    seenOn: local,
  },
  'records-lost': {
    state: 'unknown',
    evidence: 'a client runs with the settings of this session, and there is no record of a run',
    withinS: 60,
    healing: 'look',
    budget: null,
    tell: 'person',
    sentence: 'Its client runs on, and what was known of it is gone: somebody removed our state.',
    remedy: 'Run `channels up <session>`, which ends it and starts another, or `channels down <session>`.',
    whose: 'command',
    status: 1,
    seenOn: 'client 2.1.330',
  },
  network: {
    state: 'unknown',
    evidence: 'the platform’s API did not answer twice in a row',
    withinS: 130,
    healing: 'look',
    budget: null,
    tell: 'nobody',
    sentence: 'The platform’s API cannot be reached from here.',
    remedy: 'Check the network and the proxy settings of this machine.',
    whose: 'person',
    status: 69,
    seenOn: local,
  },
  'client-stopped': {
    state: 'unknown',
    evidence: 'the client’s process is stopped (SIGSTOP)',
    withinS: 3,
    healing: 'look',
    budget: null,
    tell: 'person',
    sentence: 'The client is suspended.',
    remedy: 'Run `channels attach <session>`, which continues it.',
    whose: 'command',
    status: 1,
    seenOn: 'client 2.1.330',
  },
} as const satisfies Readonly<Record<string, Reason>>

export type ReasonName = keyof typeof reasons

export const isReason = (name: string): name is ReasonName => Object.hasOwn(reasons, name)

/** The remedy of a reason as it can be typed: for this session, and of all its channels the one that it is about. */
export const remedyFor = (
  name: ReasonName,
  session: string,
  channel: Named | null = null,
  all: readonly Named[] = [],
): string =>
  sayWhich(reasons[name].remedy, channel, all)
    .replaceAll('<session>', session)
    .replaceAll('<channel>', channel?.id ?? 'telegram')
    .replaceAll('<plugin>', pluginKey(channel?.id ?? '') ?? '')
