import { askedAtTerminal } from '../../asked-at-terminal.ts'
import type { Checks } from './check.ts'

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

const session = { of: 'session', needs: [], reasons: [] } as const
const channel = { of: 'channel', needs: [], reasons: [] } as const

/** What has to be seen of a client that runs, and of its plugins. */
export const runningChecks = {
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
} as const satisfies Checks
