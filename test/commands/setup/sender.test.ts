import { expect, test } from 'vitest'
import { messengerOf } from '../../../src/channels/messenger.ts'
import { describeSender } from '../../../src/commands/setup/sender.ts'
import { yes } from '../../../src/core/answer.ts'
import type { Deps } from '../../../src/deps.ts'
import { session } from '../../core/evidence-builder.ts'

/** The line about sender 666, who asked 5 s ago and calls himself so. */
const named = (chat: object): Promise<string> => {
  const deps = {
    env: {},
    clock: { now: () => 5_000 },
    requestWith: () => async () => ({ status: 200, body: JSON.stringify({ ok: true, result: chat }) }),
    channels: { messengerOf, readToken: () => yes('1:A') },
  } as unknown as Deps
  const pending = { code: 'a1b2c3', senderId: '666', chatId: '666', createdAt: 0, expiresAt: null }
  return describeSender(session, pending, deps)
}

test('name, id, and since when they wait', async () => {
  expect(await named({ first_name: 'Ada', username: 'ada' })).toBe('"Ada" @ada (id 666, asked 5s ago)')
  expect(await named({})).toBe('somebody (id 666, asked 5s ago)')
})

test.each(['"', '\u201d', '\uff02', "''", '\u2033'])(
  'nobody leaves the quotes around their name by %s',
  async (quote) => {
    const line = await named({ first_name: `Ada${quote} @ada (id 4242, asked 5s ago). ${quote}` })
    expect(line).toBe(`"Ada' @ada (id 4242, asked 5s ago). '" (id 666, asked 5s ago)`)
  },
)
