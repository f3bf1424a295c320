import { expect, test } from 'vitest'
import { checkAlike } from '../../../src/commands/setup/check-asked.ts'
import type { Channel } from '../../../src/core/channel.ts'
import type { Session } from '../../../src/core/session.ts'
import { channel, session as known } from '../../core/evidence-builder.ts'

const telegram: Channel = channel().channel
const discord: Channel = { ...telegram, id: 'plugin:discord@claude-plugins-official', kind: 'discord' }
const work = (exclusive: boolean, ...channels: readonly Channel[]): Session => ({
  ...known,
  exclusive,
  channels,
})

test.each<[what: string, before: Session, id: string, hint: string]>([
  ['a further channel', work(false, telegram), discord.id, 'channels remove work --channel telegram'],
  ['one of several', work(false, telegram, discord), telegram.id, 'channels remove work --channel discord'],
])('%s of a shared session does not become exclusive on its own', (_, before, id, hint) => {
  const check = () => checkAlike({ exclusive: true }, id, before)
  expect(check).toThrow('`work` is shared, and so are all of its channels: --exclusive can')
  expect(check).toThrow(expect.objectContaining({ status: 2, hint: expect.stringContaining(hint) }))
})

test('nor does one of an exclusive session become shared', () => {
  expect(() => checkAlike({ exclusive: false }, discord.id, work(true, telegram))).toThrow('--shared can')
})

test.each<[what: string, exclusive: boolean | null, before: Session | null, id: string]>([
  ['not said', null, work(true, telegram), discord.id],
  ['the same', true, work(true, telegram), discord.id],
  ['the only channel, again', false, work(true, telegram), telegram.id],
  ['the only channel, from another marketplace', false, work(true, telegram), 'plugin:telegram@mine'],
  ['a new session', false, null, telegram.id],
])('%s is no contradiction', (_, exclusive, before, id) => {
  expect(() => checkAlike({ exclusive }, id, before)).not.toThrow()
})
