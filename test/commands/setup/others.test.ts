import { expect, test } from 'vitest'
import { messengerOf } from '../../../src/channels/messenger.ts'
import type { OtherPoller } from '../../../src/channels/other-poller.ts'
import { checkElsewhere } from '../../../src/commands/setup/others.ts'
import type { Ask, Deps } from '../../../src/deps.ts'
import type { ExpectedError } from '../../../src/errors.ts'

const messenger = messengerOf('telegram')
if (messenger === null) throw new Error('no Telegram')

/** Listens with these findings, one after the other; a person says that they have ended it, and nobody says nothing. */
const listen = async (who: 'somebody' | 'nobody', ...findings: readonly OtherPoller[]) => {
  const warned: string[] = []
  let listened = 0
  const ask = {
    say: () => undefined,
    warn: (text: string) => void warned.push(text),
    wait: (_: string, action: () => Promise<unknown>) => action(),
    confirm: async () => true,
  } as unknown as Ask
  const deps = {
    env: {},
    // Of a bot that no session of ours has yet.
    settings: { read: () => ({ sessions: {} }) },
    requestWith: () => undefined,
    channels: {
      findOtherPoller: async () => {
        listened += 1
        return findings[listened - 1]
      },
    },
  } as unknown as Deps
  const bot = { name: 'work', kind: 'telegram', botId: '1', token: '1:A', messenger } as const
  const ended = await checkElsewhere(bot, who === 'somebody' ? ask : null, ask, deps).then(
    () => 'free',
    ({ status, message }: ExpectedError) => ({ status, message }),
  )
  return { listened, warned, ended }
}

test('nobody polls: free', async () => {
  expect(await listen('nobody', { is: 'none' })).toEqual({ listened: 1, warned: [], ended: 'free' })
})

test('what could not be told is said, and is no reason to stop', async () => {
  const { warned, ended } = await listen('nobody', { is: 'unknown', detail: 'getUpdates answered 502' })
  expect(warned).toEqual(['Whether another machine uses the bot could not be told: getUpdates answered 502.'])
  expect(ended).toBe('free')
})

test('somebody polls: 1, and where a person is asked it is listened again', async () => {
  const message = 'Another program polls for this bot, perhaps on another machine.'
  expect((await listen('nobody', { is: 'polls' })).ended).toEqual({ status: 1, message })
  const { listened, ended } = await listen('somebody', { is: 'polls' }, { is: 'none' })
  expect([listened, ended]).toEqual([2, 'free'])
})

test.each(['somebody', 'nobody'] as const)('a webhook nobody knew of, %s asked: 1', async (who) => {
  expect((await listen(who, { is: 'webhook' })).ended).toEqual({
    status: 1,
    message:
      'A webhook is set on this bot: a program there gets its messages, and the plugin would delete it.',
  })
})
