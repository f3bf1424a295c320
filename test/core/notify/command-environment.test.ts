import fc from 'fast-check'
import { expect, test } from 'vitest'
import { staysOut } from '../../../src/claude/environment-names.ts'
import { commandEnvironment } from '../../../src/core/notify/command-environment.ts'
import { redact } from '../../../src/core/redact.ts'

const token = '123456789:AAtest0000000000000000000000000000'
const given = (keeper: Record<string, string>, session: Record<string, string> = {}) =>
  commandEnvironment(keeper, session, { staysOut, redact })

test('it has what a program usually has: the session’s, and what that does not store of the keeper’s', () => {
  const keeper = {
    PATH: '/bin',
    HOME: '/root',
    LANG: 'de_DE.UTF-8',
    LC_ALL: 'C.UTF-8',
    TZ: 'Asia/Tokyo',
    EDITOR: 'vi',
  }
  const session = { PATH: '/opt/bin:/bin', HTTPS_PROXY: 'http://127.0.0.1:3128', PAGER_TO: 'ops' }
  expect(given(keeper, session)).toEqual({
    ...{ PATH: '/opt/bin:/bin', HOME: '/root', LANG: 'de_DE.UTF-8', LC_ALL: 'C.UTF-8', TZ: 'Asia/Tokyo' },
    ...{ HTTPS_PROXY: 'http://127.0.0.1:3128', PAGER_TO: 'ops' },
  })
})

test.each([
  ...['TELEGRAM_BOT_TOKEN', 'DISCORD_BOT_TOKEN', 'ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'],
  ...[
    'ANTHROPIC_BASE_URL',
    'CLAUDE_CODE_OAUTH_TOKEN',
    'CLAUDE_CODE_CLIENT_KEY_PASSPHRASE',
    'CLAUDE_CONFIG_DIR',
  ],
  ...[
    'CLAUDECODE',
    'AWS_BEARER_TOKEN_BEDROCK',
    'AWS_SECRET_ACCESS_KEY',
    'OPENAI_API_KEY',
    'my_token',
    'PGPASSWORD',
  ],
  ...['CHANNELS_RUN', 'CHANNELS_SESSION', 'TMUX'],
])('%s does not reach it', (name) => {
  expect(given({ [name]: 'x' }, { PATH: '/bin', [name]: 'x' })).toEqual({ PATH: '/bin' })
})

test('no bot token does, whatever it is called', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (name, before, after) => {
      const held = { [name]: `${before} ${token} ${after}` }
      expect(JSON.stringify(given({ LANG: token }, held))).not.toContain(token)
    }),
  )
})
