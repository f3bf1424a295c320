import { expect, test } from 'vitest'
import { clientEnvironment, storedEnvironment, withInterpreter } from '../../src/claude/environment.ts'
import type { ChannelKind } from '../../src/core/channel.ts'
import { diskOf } from './disk.ts'
import { telegramSession } from './sessions.ts'

const bun = { path: '/home/me/.bun/bin/bun', front: '/state/bun' }
const start = { run: 'r1', bun, interrupted: false }

test('what was stored, the markers, the state folder, and the two switches', () => {
  expect(clientEnvironment({ ...start, session: telegramSession() })).toEqual({
    PATH: '/state/bun:/usr/bin:/bin:/home/me/.bun/bin',
    HOME: '/home/me',
    TELEGRAM_STATE_DIR: '/home/me/.claude/channels/telegram-work',
    CHANNELS_SESSION: 'work',
    CHANNELS_RUN: 'r1',
    CHANNELS_BUN: '/home/me/.bun/bin/bun',
    CLAUDE_CODE_DISABLE_AGENT_VIEW: '1',
    CLAUDE_CODE_RETRY_WATCHDOG: '1',
  })
})

test.each([
  ['Bun added', '/usr/bin', { path: '/b/bun', front: '/f' }, '/f:/usr/bin:/b'],
  ['Bun there', '/b:/usr/bin', { path: '/b/bun', front: '/f' }, '/f:/b:/usr/bin'],
  ['Bun unknown', '/usr/bin', null, '/usr/bin'],
  ['no PATH', '', { path: '/b/bun', front: '/f' }, '/f:/usr/local/bin:/usr/bin:/bin:/b'],
])('PATH: %s', (_, PATH, place, expected) => {
  expect(
    clientEnvironment({ ...start, bun: place, session: telegramSession({ environment: { PATH } }) }).PATH,
  ).toBe(expected)
})

test('no folder that is gone with the shell is stored, nor its temporary one', () => {
  const PATH = '/home/me/.npm/_npx/0f1e/node_modules/.bin:/usr/bin'
  expect(storedEnvironment({ PATH, TMPDIR: '/tmp/nix-shell.x1' }, diskOf([]))).toEqual({ PATH: '/usr/bin' })
  expect(storedEnvironment({ TMPDIR: '/tmp/mine' }, diskOf([]))).toEqual({ TMPDIR: '/tmp/mine' })
})

const nvm = '/home/me/.nvm/versions/node/v18.1.0/bin'
const script = { heads: { [`${nvm}/claude`]: '#!/usr/bin/env node\n' } }

test.each([
  ['Node beside it is added where PATH has none', [`${nvm}/node`], script, `/bin:${nvm}`],
  ['the Node of PATH stays', [`${nvm}/node`, '/bin/node'], script, '/bin'],
  ['no Node anywhere', [], script, '/bin'],
  ['a client that is no script', [`${nvm}/node`], {}, '/bin'],
])('a client that is a script of Node’s: %s', (_, programs, more, expected) => {
  const look = diskOf([`${nvm}/claude`, ...programs], more)
  expect(withInterpreter({ PATH: '/bin' }, `${nvm}/claude`, look)).toEqual({ PATH: expected })
})

test('after an unplanned exit the message being worked on is taken up, unless it is older than 15 minutes', () => {
  expect(clientEnvironment({ ...start, session: telegramSession(), interrupted: true })).toMatchObject({
    CLAUDE_CODE_RESUME_INTERRUPTED_TURN: '1',
    CLAUDE_CODE_RESUME_INTERRUPTED_TURN_MAX_AGE_MS: '900000',
  })
})

const stray = [
  'TMUX',
  'TMUX_PANE',
  'STY',
  'CLAUDECODE',
  'CLAUDE_CODE_MESSAGING_TOKEN',
  'CLAUDE_CODE_SESSION_ID',
  'CLAUDE_CODE_ENTRYPOINT',
  'CLAUDE_PLUGIN_ROOT',
  'CLAUDE_PROJECT_DIR',
  'TELEGRAM_BOT_TOKEN',
  'MY_BOT_TOKEN',
  'CHANNELS_HOME',
  'DISABLE_TELEMETRY',
  'CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC',
  'CLAUDE_CODE_RESUME_INTERRUPTED_TURN',
]

test.each(stray)('%s reaches no client, and is not stored', (name) => {
  const env = clientEnvironment({
    ...start,
    session: telegramSession({ environment: { PATH: '/bin', [name]: 'x' } }),
  })
  expect(env).not.toHaveProperty(name)
  expect(storedEnvironment({ [name]: 'x' })).toEqual({})
})

test.each([
  'PATH',
  'HOME',
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_BASE_URL',
  'CLAUDE_CONFIG_DIR',
  'https_proxy',
  'NO_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'XDG_CACHE_HOME',
  'CLAUDE_CODE_USE_BEDROCK',
  'CLAUDE_CODE_USE_VERTEX',
  'CLAUDE_CODE_MAX_OUTPUT_TOKENS',
  'AWS_PROFILE',
  'CLOUD_ML_REGION',
  'DISABLE_AUTOUPDATER',
  'IS_SANDBOX',
  'TELEGRAM_API_ROOT',
])('%s is stored and reaches the client', (name) => {
  expect(storedEnvironment({ [name]: '/x' })).toEqual({ [name]: '/x' })
  expect(
    clientEnvironment({ ...start, session: telegramSession({ environment: { [name]: '/x' } }) }),
  ).toHaveProperty(name)
})

test.each(['EDITOR', 'SSH_AUTH_SOCK', 'LS_COLORS', 'TERM', 'LANG', 'TELEGRAM_STATE_DIR', 'toString'])(
  '%s is not stored',
  (name) => {
    expect(storedEnvironment({ [name]: 'x' })).toEqual({})
  },
)

test('a variable without a value is not stored', () => {
  expect(storedEnvironment({ HOME: undefined })).toEqual({})
})

test.each([
  ['discord', { DISCORD_STATE_DIR: '/s' }],
  ['imessage', { IMESSAGE_STATE_DIR: '/s' }],
  ['fakechat', {}],
  ['custom', {}],
] satisfies readonly [ChannelKind, object][])('state folder of %s', (kind, expected) => {
  const channels = [
    {
      id: `plugin:${kind}@m`,
      kind,
      stateDir: '/s',
      account: null,
      botId: null,
      development: false,
      server: null,
      agreedIn: null,
    },
  ]
  const env = clientEnvironment({ ...start, session: telegramSession({ channels, environment: {} }) })
  expect(Object.fromEntries(Object.entries(env).filter(([name]) => name.endsWith('_STATE_DIR')))).toEqual(
    expected,
  )
})
