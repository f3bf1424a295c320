import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeMachine, expectUp, live, type Machine, makeMachine, setUp } from '../faults/kit.ts'
import { pollElsewhere } from './elsewhere.ts'

let home: Machine
beforeAll(async () => {
  home = await makeMachine()
})
afterAll(() => closeMachine(home))

test('set up with another bot before it was restarted: that bot is listened for, its own is not', async () => {
  const { bot: former, cwd } = await setUp(home, 'work')
  await expectUp(home, 'work', 0, 'work is live')
  const { bot } = await setUp(home, 'work')
  const client = await live(home, 'work')
  const again = ['setup', home.channel, '--session', 'work', '--cwd', cwd, '--token-stdin', '--yes']
  const stop = pollElsewhere(home, bot.token)
  try {
    expect(await home.channels(again, { input: bot.token })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Another program polls for this bot.*\n.*Nothing was changed/),
    })
  } finally {
    await stop()
  }
  expect(await live(home, 'work')).toBe(client)
  // Nor can another session have the bot as long as this one runs with it.
  const shop = join(home.root, 'shop')
  mkdirSync(shop, { recursive: true })
  const flags = '--session shop --token-stdin --yes --trust --no-pair'.split(' ')
  const others = ['setup', home.channel, '--cwd', shop, ...flags]
  for (const start of [[], ['--no-start']])
    expect(await home.channels([...others, ...start], { input: former.token })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/`work` still runs with this bot.*\n.*`channels restart work`/),
    })
  // Back to the bot that it runs with still: nobody but its own poller would answer.
  const back = await home.channels(again, { input: former.token })
  expect(back, back.stderr).toMatchObject({ code: 0, stderr: expect.not.stringContaining('Listening') })
})
