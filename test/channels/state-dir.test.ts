import { expect, test } from 'vitest'
import { stateDirFor } from '../../src/channels/state-dir.ts'
import { channelKind } from '../../src/core/channel.ts'

const paths = { config: '/config', json: '', logs: '', home: '/home/me' }
const dirOf = (id: string, exclusive: boolean, env: Readonly<Record<string, string>> = {}) =>
  stateDirFor(env, paths, { channel: { id, kind: channelKind(id) }, session: 'work', exclusive })

// Only telegram goes by CLAUDE_CONFIG_DIR; fakechat can't be told (telegram 0.0.7, the others by their sources).
test.each([
  ['plugin:telegram@m', '/config/channels/telegram-work', '/config/channels/telegram'],
  ['plugin:discord@m', '/config/channels/discord-work', '/home/me/.claude/channels/discord'],
  ['plugin:imessage@m', '/config/channels/imessage-work', '/home/me/.claude/channels/imessage'],
  ['plugin:fakechat@m', '/home/me/.claude/channels/fakechat', '/home/me/.claude/channels/fakechat'],
  ['plugin:pager@m', '/home/me/.claude/channels/pager', '/home/me/.claude/channels/pager'],
  ['server:pager', '/home/me/.claude/channels/pager', '/home/me/.claude/channels/pager'],
])('%s: exclusive, and shared', (id, exclusive, shared) => {
  expect([dirOf(id, true), dirOf(id, false)]).toEqual([exclusive, shared])
})

test.each([
  ['plugin:telegram@m', 'TELEGRAM_STATE_DIR'],
  ['plugin:discord@m', 'DISCORD_STATE_DIR'],
  ['plugin:imessage@m', 'IMESSAGE_STATE_DIR'],
])('%s: shared it is where %s says, exclusive it is not', (id, variable) => {
  const usual = dirOf(id, false)
  expect(dirOf(id, false, { [variable]: '/s/../t/' })).toBe('/t')
  expect(dirOf(id, false, { [variable]: '' })).toBe(usual)
  expect(dirOf(id, true, { [variable]: '/s' })).toBe(dirOf(id, true))
  for (const relative of ['bots', './bots', '../bots', '~/bots']) {
    expect(() => dirOf(id, false, { [variable]: relative })).toThrow(
      expect.objectContaining({
        status: 2,
        message: expect.stringContaining(`${variable} is "${relative}"`),
        hint: expect.stringContaining('whole path'),
      }),
    )
    // What is not asked is not refused.
    expect(dirOf(id, true, { [variable]: relative })).toBe(dirOf(id, true))
  }
})

test('no variable of another kind counts', () => {
  const env = {
    ...{ TELEGRAM_STATE_DIR: '/t', DISCORD_STATE_DIR: '/d', IMESSAGE_STATE_DIR: '/i' },
    ...{ FAKECHAT_STATE_DIR: '/f', PAGER_STATE_DIR: '/p' },
  }
  expect(dirOf('plugin:discord@m', false, env)).toBe('/d')
  for (const id of ['plugin:fakechat@m', 'plugin:pager@m', 'server:telegram'])
    expect(dirOf(id, false, env)).toBe(dirOf(id, false))
})
