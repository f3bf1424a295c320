import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  approvedKeys,
  channelKind,
  isDevelopment,
  needsApproval,
  parseChannelId,
  pluginKey,
  serverName,
} from '../../src/core/channel.ts'

test.each([
  [
    'plugin:telegram@claude-plugins-official',
    'telegram',
    'telegram@claude-plugins-official',
    'plugin:telegram:telegram',
  ],
  ['plugin:telegram@a.local_market-2', 'telegram', 'telegram@a.local_market-2', 'plugin:telegram:telegram'],
  [
    'plugin:discord@claude-plugins-official',
    'discord',
    'discord@claude-plugins-official',
    'plugin:discord:discord',
  ],
  ['plugin:imessage@m', 'imessage', 'imessage@m', 'plugin:imessage:imessage'],
  ['plugin:fakechat@m', 'fakechat', 'fakechat@m', 'plugin:fakechat:fakechat'],
  ['plugin:matrix@m', 'custom', 'matrix@m', 'plugin:matrix:matrix'],
  ['server:webhook', 'custom', null, 'webhook'],
  ['server:telegram', 'custom', null, 'telegram'],
])('%s is of kind %s', (id, kind, key, server) => {
  expect(parseChannelId(id)).not.toBeNull()
  expect([channelKind(id), pluginKey(id), serverName({ id, server: null })]).toEqual([kind, key, server])
})

// The client ends with 1 on an untagged entry, and would take what starts with a dash for an option.
test.each([
  '',
  'telegram',
  'plugin:telegram',
  'plugin:@m',
  'plugin:telegram@',
  'plugin:a@b@c',
  'plugin:-x@m',
  'server:',
  'server:--debug',
  'server:a b',
  'server:a/b',
  'Server:a',
  ' server:a',
  'server:a\n',
])('%j is no channel', (id) => {
  expect(parseChannelId(id)).toBeNull()
  expect(channelKind(id)).toBe('custom')
  expect(pluginKey(id)).toBeNull()
})

test('an id that parses is put together again as it was', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,12}$/)
  fc.assert(
    fc.property(word, word, (plugin, marketplace) => {
      expect(parseChannelId(`plugin:${plugin}@${marketplace}`)).toEqual({
        type: 'plugin',
        plugin,
        marketplace,
      })
      expect(parseChannelId(`server:${plugin}`)).toEqual({ type: 'server', server: plugin })
    }),
  )
})

test.each([
  ['plugin:pager@m', false, true],
  ['plugin:pager@m', true, false],
  ['server:pager', false, false],
  ['server:pager', true, false],
])('%s, for development %s: whether it needs approval is %s', (id, development, needs) => {
  const channel = { id, development }
  expect(needsApproval(channel)).toBe(needs)
  expect(approvedKeys([{ id: 'plugin:telegram@m', development: false }, channel])).toEqual(
    needs ? ['telegram@m', 'pager@m'] : [],
  )
})

test.each([
  ['plugin:pager@m', false, false],
  ['plugin:pager@m', true, true],
  // No list of approved ones holds a server.
  ['server:pager', false, true],
  ['server:pager', true, true],
])('%s, set up for development %s: loaded so %s', (id, development, is) => {
  expect(isDevelopment({ id, development })).toBe(is)
})

test('a plugin’s server has a name of its own, a bare one is called as it is', () => {
  expect(serverName({ id: 'plugin:beta@m', server: 'bsrv' })).toBe('plugin:beta:bsrv')
  expect(serverName({ id: 'plugin:beta@m', server: 'beta' })).toBe('plugin:beta:beta')
  expect(serverName({ id: 'server:pager', server: 'other' })).toBe('pager')
  expect(serverName({ id: 'no id', server: 'x' })).toBe('no id')
})
