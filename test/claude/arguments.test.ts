import { expect, test } from 'vitest'
import { checkArguments, checkPermissionMode, clientArguments } from '../../src/claude/arguments.ts'
import { clientSettings } from '../../src/claude/settings.ts'
import type { Channel } from '../../src/core/channel.ts'
import { telegramSession } from './sessions.ts'

const telegram = 'plugin:telegram@claude-plugins-official'
const conversation = '74789351-f505-44ad-9233-884b3b256d7c'
const settings = ['--settings', '/s/settings.json']
const start = { settingsFile: '/s/settings.json', conversation, resume: false }
const server: Channel = {
  id: 'server:mine',
  kind: 'custom',
  stateDir: '/m',
  account: null,
  botId: null,
  development: false,
  server: null,
  agreedIn: null,
}

test.each([
  ['a new conversation', {}, false, ['--session-id', conversation, ...settings, '--channels', telegram]],
  ['an old one', {}, true, ['--resume', conversation, ...settings, '--channels', telegram]],
  [
    'a permission mode',
    { permissionMode: 'acceptEdits' },
    false,
    ['--session-id', conversation, ...settings, '--permission-mode', 'acceptEdits', '--channels', telegram],
  ],
  [
    'no permissions',
    { skipPermissions: true },
    false,
    ['--session-id', conversation, ...settings, '--dangerously-skip-permissions', '--channels', telegram],
  ],
  [
    "the user's own",
    { arguments: ['--model', 'opus', '--add-dir', '/a', '/b'] },
    false,
    [
      '--session-id',
      conversation,
      ...settings,
      '--model',
      'opus',
      '--add-dir',
      '/a',
      '/b',
      '--channels',
      telegram,
    ],
  ],
  [
    "the user's own with a prompt",
    { arguments: ['--verbose', '--', 'hello there'] },
    false,
    ['--session-id', conversation, ...settings, '--verbose', '--channels', telegram, '--', 'hello there'],
  ],
  [
    'a development channel',
    { channels: [server] },
    false,
    ['--session-id', conversation, ...settings, '--dangerously-load-development-channels', 'server:mine'],
  ],
  [
    'two channels',
    { channels: [server, ...telegramSession().channels] },
    false,
    [
      '--session-id',
      conversation,
      ...settings,
      '--dangerously-load-development-channels',
      'server:mine',
      '--channels',
      telegram,
    ],
  ],
  [
    'a plugin that is not approved, in the list for development alone',
    { channels: [{ ...server, id: 'plugin:pager@mine', development: true }, ...telegramSession().channels] },
    false,
    [
      '--session-id',
      conversation,
      ...settings,
      '--dangerously-load-development-channels',
      'plugin:pager@mine',
      '--channels',
      telegram,
    ],
  ],
])('%s', (_, changes, resume, expected) => {
  expect(clientArguments({ ...start, session: telegramSession(changes), resume })).toEqual(expected)
})

// The same in both lists is deaf: the entry of `--channels` counts (seen on 2.1.139 and 2.1.330).
test('each channel stands in one list, whatever it is', () => {
  const development = [false, true]
  const channels = ['plugin:a@m', 'plugin:b@m', 'server:c'].flatMap((id, i) =>
    development.map((each, j) => ({ ...server, id: `${id}${i}${j}`, development: each })),
  )
  const made = clientArguments({ ...start, session: telegramSession({ channels }) })
  for (const { id } of channels) expect(made.filter((word) => word === id)).toHaveLength(1)
  expect(made.slice(made.indexOf('--channels'))).toEqual(['--channels', 'plugin:a@m00', 'plugin:b@m10'])
})

test.each([
  '--resume',
  '-r',
  '--continue',
  '-c',
  '--session-id',
  '--session-id=x',
  '--settings',
  '--settings={}',
  '--channels',
  '--dangerously-load-development-channels',
  '--dangerously-load-development-channels=server:x',
  '--print',
  '-p',
  '--bg',
  '--permission-mode=plan',
  '--dangerously-skip-permissions',
  '--allow-dangerously-skip-permissions',
  '--fork-session',
])('%s is not for the user', (argument) => {
  expect(() => checkArguments(['--model', 'opus', argument])).toThrow(
    expect.objectContaining({ name: 'ExpectedError', status: 2 }),
  )
  expect(() => checkArguments(['--', argument])).not.toThrow()
})

test('permission modes: those of the client, and none that asks for nothing', () => {
  for (const mode of ['default', 'acceptEdits', 'plan', 'auto', 'dontAsk'])
    expect(() => checkPermissionMode(mode)).not.toThrow()
  const refused = (hint: RegExp) => expect.objectContaining({ status: 2, hint: expect.stringMatching(hint) })
  for (const mode of ['', 'bogus', 'Plan', '--yes'])
    expect(() => checkPermissionMode(mode)).toThrow(refused(/default, acceptEdits/))
  expect(() => checkPermissionMode('bypassPermissions')).toThrow(refused(/--dangerously-skip-permissions/))
})

test('everything else is', () => {
  expect(() =>
    checkArguments(['--model', 'opus', '--add-dir', '/a', '--append-system-prompt', 'Answer -p politely']),
  ).not.toThrow()
})

// What these rules do was tried on 2.1.139 and 2.1.330: Read of the photo is allowed unasked, Read, Edit and Write of
// the others and `cat` of them are refused, with permissions skipped, too.
test('settings', () => {
  const dir = '/home/me/.claude/channels/telegram-work'
  const { enabledPlugins, permissions } = clientSettings(telegramSession(), [])
  expect(enabledPlugins).toEqual({ 'telegram@claude-plugins-official': true })
  expect(permissions.allow).toEqual([
    'mcp__plugin_telegram_telegram__reply',
    'mcp__plugin_telegram_telegram__react',
    'mcp__plugin_telegram_telegram__edit_message',
    'mcp__plugin_telegram_telegram__download_attachment',
    `Read(/${dir}/inbox/**)`,
  ])
  for (const secret of ['.env', 'access.json', 'approved/**', 'bot.pid'])
    expect(permissions.deny).toEqual(
      expect.arrayContaining([`Read(/${dir}/${secret})`, `Edit(/${dir}/${secret})`]),
    )
  expect(permissions.deny).toContain(`Bash(*${dir}*.env*)`)
  expect(permissions.deny.some((rule) => rule.startsWith('Write('))).toBe(false)
})

test('a bare server is no plugin, and its tools are named by it', () => {
  const { enabledPlugins, permissions } = clientSettings(telegramSession({ channels: [server] }), [])
  expect(enabledPlugins).toEqual({})
  expect(permissions.allow).toContain('mcp__mine__reply')
})
