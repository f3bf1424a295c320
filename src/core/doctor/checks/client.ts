import type { Checks } from './check.ts'

const session = { of: 'session', needs: [], reasons: [] } as const

/** What a session needs before a client is started, whatever its channels. */
export const clientChecks = {
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
} as const satisfies Checks
