import { expect, test } from 'vitest'
import { messengerOf } from '../../../src/channels/messenger.ts'
import { chooseMove } from '../../../src/commands/setup/move.ts'
import type { Deps } from '../../../src/deps.ts'

const messenger = messengerOf('telegram')
if (messenger === null) throw new Error('no Telegram')
const token = `123456789:${'A'.repeat(35)}`
const place = {
  name: 'work',
  channel: 'plugin:telegram@claude-plugins-official',
  config: '/home/me/.claude',
  usualDir: '/mnt/telegram',
  stateDir: '/home/me/.claude/channels/telegram-work',
  messenger,
}

const choose = (isOneDisk: boolean, stateDir: string | null = null): Promise<string | null> => {
  const deps = {
    channels: { meantToken: () => token },
    files: { readText: () => '', list: () => [], isOneDisk: () => isOneDisk },
  } as unknown as Deps
  return chooseMove(place, '123456789', { move: true, exclusive: true, stateDir }, null, deps)
}

test('the plugin’s own folder becomes the session’s by a rename', async () => {
  expect(await choose(true)).toBe('/mnt/telegram')
  await expect(choose(true, '/mnt/other')).rejects.toMatchObject({ status: 1 })
})

test('on another disk it is refused before anything is done: no rename goes there', async () => {
  await expect(choose(false)).rejects.toMatchObject({
    status: 1,
    message:
      "This bot's token lies in /mnt/telegram and can't be moved to /home/me/.claude/channels/telegram-work: that is another disk.",
    hint: expect.stringContaining('--shared'),
  })
})
