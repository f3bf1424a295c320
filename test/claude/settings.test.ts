import { expect, test } from 'vitest'
import { clientSettings } from '../../src/claude/settings.ts'
import type { Channel } from '../../src/core/channel.ts'
import { telegramSession } from './sessions.ts'

const channel = (id: string, change: Partial<Channel> = {}): Channel => ({
  ...{ id, kind: 'custom', stateDir: '/s', account: null, botId: null, development: true, server: null },
  agreedIn: null,
  ...change,
})
const settings = (...channels: readonly Channel[]) => clientSettings(telegramSession({ channels }), [])

// With it neither version asks about these servers; without it both do, at every start.
test('the servers that were agreed to are named, and no other channel is', () => {
  const channels = [channel('server:pager'), channel('plugin:pager@mine'), channel('server:a.b')]
  const made = clientSettings(telegramSession({ channels }), ['a.b'])
  expect(made.enabledMcpjsonServers).toEqual(['a.b'])
  expect(made.enabledPlugins).toEqual({ 'pager@mine': true })
})

test('without one the settings say nothing of servers', () => {
  expect(clientSettings(telegramSession(), [])).not.toHaveProperty('enabledMcpjsonServers')
  expect(settings(channel('server:pager'))).not.toHaveProperty('enabledMcpjsonServers')
})

test.each<[Channel, readonly string[]]>([
  [
    channel('plugin:discord@m', { kind: 'discord' }),
    ['reply', 'react', 'edit_message', 'download_attachment', 'fetch_messages'].map(
      (tool) => `mcp__plugin_discord_discord__${tool}`,
    ),
  ],
  [
    channel('plugin:imessage@m', { kind: 'imessage' }),
    ['mcp__plugin_imessage_imessage__reply', 'mcp__plugin_imessage_imessage__chat_messages'],
  ],
  [
    channel('plugin:fakechat@m', { kind: 'fakechat' }),
    ['mcp__plugin_fakechat_fakechat__reply', 'mcp__plugin_fakechat_fakechat__edit_message'],
  ],
  [channel('plugin:pager@m', { server: 'bsrv' }), ['mcp__plugin_pager_bsrv__reply']],
  [channel('plugin:my.pager@m'), ['mcp__plugin_my_pager_my_pager__reply']],
  [channel('server:my.pager'), ['mcp__my_pager__reply']],
])('$id answers by its own tools', (each, tools) => {
  expect(settings(each).permissions.allow).toEqual([...tools, 'Read(//s/inbox/**)'])
})

test('the token of each channel is denied, where several are', () => {
  const { deny } = settings(
    channel('plugin:discord@m', { kind: 'discord', stateDir: '/d' }),
    channel('plugin:telegram@m', { kind: 'telegram', stateDir: '/t' }),
  ).permissions
  for (const dir of ['/d', '/t'])
    expect(deny).toEqual(
      expect.arrayContaining([`Read(/${dir}/.env)`, `Edit(/${dir}/access.json)`, `Bash(*${dir}*.env*)`]),
    )
})

test("what is the person's alone is denied, `remove` and `attach` among it, and what only looks or starts is not", () => {
  const { deny } = clientSettings(telegramSession(), []).permissions
  for (const command of ['pair', 'access', 'set', 'setup', 'token', 'send', 'attach', 'remove'])
    expect(deny).toEqual(
      expect.arrayContaining([`Bash(*channels ${command}*)`, `Bash(*channels.js ${command}*)`]),
    )
  expect(deny.join()).not.toMatch(/channels (status|logs|list|up|down|restart)\*/)
})
