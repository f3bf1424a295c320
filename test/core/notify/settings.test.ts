import { expect, test } from 'vitest'
import type { NotifySettings } from '../../../src/core/session.ts'
import { sessionSettings } from '../../../src/core/session-setting.ts'
import { discordChannel, serverChannel, session } from '../evidence-builder.ts'

const telegram = session.channels[0]?.id ?? ''
const both = { ...session, channels: [...session.channels, discordChannel] }
const change = (of: typeof session, key: string, value: string) => sessionSettings[key]?.change(of, value)

test.each<[typeof session, string, string, Partial<NotifySettings>, string]>([
  [session, 'notify.to', '4242', { to: { channel: telegram, sender: '4242' } }, 'telegram:4242'],
  [session, 'notify.to', 'telegram:4242', { to: { channel: telegram, sender: '4242' } }, 'telegram:4242'],
  [session, 'notify.to', `${telegram}:4242`, { to: { channel: telegram, sender: '4242' } }, 'telegram:4242'],
  [both, 'notify.to', 'discord:184', { to: { channel: discordChannel.id, sender: '184' } }, 'discord:184'],
  [session, 'notify.to', '', { to: null }, ''],
  [session, 'notify.command', 'cat >x; $(touch x)', { command: 'cat >x; $(touch x)' }, 'cat >x; $(touch x)'],
  [session, 'notify.command', ' ', { command: null }, ''],
  [session, 'notify.quiet', '22:00-8:00', { quiet: { from: 1_320, to: 480 } }, '22:00-08:00'],
  [session, 'notify.quiet', '', { quiet: null }, ''],
])('%o %s=%s', (of, key, value, notify, shown) => {
  const after = change(of, key, value)
  expect(after).toEqual({ ...of, notify: { ...of.notify, ...notify } })
  expect(after === undefined || 'fault' in after ? null : sessionSettings[key]?.show(after)).toBe(shown)
})

test.each([
  [session, 'notify.to', 'ada', 'digits only'],
  [session, 'notify.to', '@ada', 'digits only'],
  [session, 'notify.to', 'discord:1', 'no bot called so: telegram:1'],
  [session, 'notify.to', '-1', 'digits only'],
  [both, 'notify.to', '4242', 'several bots: telegram:4242 or discord:4242'],
  [{ ...session, channels: [serverChannel] }, 'notify.to', '1', 'has no bot'],
  [session, 'notify.quiet', 'night', '22:00-08:00'],
] as const)('%o %s=%s is refused', (of, key, value, says) => {
  expect(change(of, key, value)).toEqual({ fault: expect.stringContaining(says) })
})

test('a channel that is gone since is shown by its id', () => {
  const gone = {
    ...session,
    channels: [],
    notify: { ...session.notify, to: { channel: telegram, sender: '1' } },
  }
  expect(sessionSettings['notify.to']?.show(gone)).toBe(`${telegram}:1`)
})
