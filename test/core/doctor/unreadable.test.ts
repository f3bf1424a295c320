import { expect, test } from 'vitest'
import type { Channel, ChannelKind } from '../../../src/core/channel.ts'
import { examineSession } from '../../../src/core/doctor/examine.ts'
import { examineUnreadable } from '../../../src/core/doctor/unreadable.ts'
import { hasToken } from '../../../src/core/kinds.ts'
import { evidence, channel as seen, session } from '../evidence-builder.ts'
import { channelFacts, sessionFacts } from './facts-builder.ts'

const examine = (of = session) => examineUnreadable(of, 'Cannot read run.json.', 'Look whose it is.')

test('of a session whose records can’t be read nothing else is said', () => {
  const [first, ...others] = examine()
  expect(first).toMatchObject({ check: 'records', is: 'failed', found: 'Cannot read run.json.' })
  expect(others.every(({ is }) => is === 'not-checked')).toBe(true)
})

test.each<[kind: ChannelKind, id: string]>([
  ['telegram', 'plugin:telegram@claude-plugins-official'],
  ['discord', 'plugin:discord@claude-plugins-official'],
  ['imessage', 'plugin:imessage@claude-plugins-official'],
  ['fakechat', 'plugin:fakechat@claude-plugins-official'],
  ['custom', 'plugin:pager@own'],
  ['custom', 'server:pager'],
])('a session of %s (%s) has the same checks, read or not', (kind, id) => {
  const [first] = session.channels
  if (first === undefined) throw new Error('the session has a channel')
  const own: Channel = { ...first, kind, id }
  const of = { ...session, channels: [own] }
  const plugin = id.startsWith('server:') ? { plugin: null } : {}
  const asked = hasToken(own) ? {} : { platform: null, clockAheadMs: null }
  const read = examineSession(
    sessionFacts({
      session: of,
      evidence: evidence({ session: of, channels: [seen({ channel: own })] }),
      channels: [channelFacts({ channel: own, ...plugin, ...asked })],
    }),
  )
  expect(examine(of).map(({ check }) => check)).toEqual(read.map(({ check }) => check))
})

test('who is told is a check of a session where somebody is', () => {
  const named = { ...session, notify: { ...session.notify, to: { channel: 'plugin:x', sender: '1' } } }
  const isThere = (of: typeof session) => examine(of).some(({ check }) => check === 'told')
  expect([isThere(session), isThere(named)]).toEqual([false, true])
})
