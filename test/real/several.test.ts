import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DiscordBot } from '../sim/discord-api/bot.ts'
import { someone } from '../sim/discord-api/ids.ts'
import { openFakechat } from '../sim/fakechat.ts'
import type { Home } from '../sim/home.ts'
import { freePort } from '../sim/other-wards.ts'
import { untilNobody } from '../sim/until.ts'
import { clients, pollers, untilLive, untilNamed } from '../sim/watch.ts'
import { untilSession } from '../simulated/faults/kit.ts'
import { allowCrashes, expectAnswer, kill, makeRealHome, setUp } from './harness.ts'
import { someClientVersions } from './versions.ts'

describe.each(someClientVersions)('three channels in one client %s', (version) => {
  let home: Home
  let bot: DiscordBot
  let port: number
  beforeAll(async () => {
    home = await makeRealHome({ version })
    bot = home.discord.addBot()
    port = await freePort()
  })
  afterAll(() => home?.close())

  const add = async (kind: 'discord' | 'fakechat', flags: readonly string[], input = ''): Promise<void> => {
    const args = ['setup', home.channelOf(kind), '--session', 'work', '--yes', '--no-start', ...flags]
    const outcome = await home.channels(args, { input })
    expect(outcome, outcome.stdout + outcome.stderr).toMatchObject({ code: 0 })
  }
  const discord = async (text: string): Promise<void> => {
    bot.push(text)
    await bot.waitForSent((sent) => sent.text === `echo: ${text}`, 20_000)
  }
  const fakechat = async (text: string): Promise<void> => {
    const page = await openFakechat(`http://127.0.0.1:${port}`)
    page.say(text)
    await page.waitForAnswer((shown) => shown.text === `echo: ${text}`, 20_000).finally(page.close)
  }

  test('each is live, and answers by its own way', async () => {
    await setUp(home)
    await add('discord', ['--token-stdin', '--allow', someone], bot.token)
    await add('fakechat', ['--port', String(port)])
    allowCrashes(home)
    const up = await home.channels(['up', 'work'])
    expect(up, up.stdout + up.stderr).toMatchObject({ code: 0 })
    const { channels } = await untilLive(home)
    expect(channels.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'telegram live',
      'discord live',
      'fakechat live',
    ])
    expect(pollers(home)).toHaveLength(3)
    expect(clients(home)).toHaveLength(1)
    await expectAnswer(home, 'by telegram')
    await discord('by discord')
    await fakechat('by its page')
    expect(home.bot.bot.sent().filter(({ text }) => !text.includes('telegram'))).toEqual([])
  })

  test('the plugin of one killed: that one is named, and all are back', async () => {
    const before = await untilLive(home)
    kill(before.channels[1]?.evidence.poller?.pid ?? 0)
    const sick = await untilSession(home, 'work', { reason: 'plugin-exited' })
    expect(sick.detail).toMatch(/^discord: /)
    expect(sick.channels.map(({ reason }) => reason)).toEqual([null, 'plugin-exited', null])
    const after = await untilLive(home, { not: before.client.pid, ms: 30_000 })
    expect(after.client.conversation).toBe(before.client.conversation)
    await discord('back')
    await expectAnswer(home, 'here, too')
  })

  test('the token of one revoked: named, and the others answer on', async () => {
    const at = Date.now()
    bot.revoke()
    // The keeper asks each minute.
    await untilNamed(home, 'token-rejected', at, 70_000)
    const sick = await untilSession(home, 'work', { state: 'blocked', reason: 'token-rejected' })
    expect(sick.detail).toMatch(/^discord: /)
    await fakechat('still there?')
    await expectAnswer(home, 'and you?')
  })

  test('down leaves nothing', async () => {
    expect(await home.channels(['down', 'work'])).toMatchObject({ code: 0 })
    const left = () => home.processes().filter(({ env }) => env.CHANNELS_SESSION === 'work')
    await untilNobody('nothing of the session', left)
    await expect(openFakechat(`http://127.0.0.1:${port}`)).rejects.toThrow('ECONNREFUSED')
  })
})
