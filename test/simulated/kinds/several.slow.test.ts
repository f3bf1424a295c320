import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pluginKey } from '../../../src/core/channel.ts'
import { patience } from '../../patience.ts'
import type { DiscordBot } from '../../sim/discord-api/bot.ts'
import { someone } from '../../sim/discord-api/ids.ts'
import { openFakechat } from '../../sim/fakechat.ts'
import { freePort } from '../../sim/other-wards.ts'
import { signal } from '../../sim/processes.ts'
import { until } from '../../sim/until.ts'
import {
  closeMachine,
  expectEcho,
  expectUp,
  live,
  type Machine,
  makeMachine,
  sessionIn,
  setUp,
  untilSession,
  type Ward,
} from '../faults/kit.ts'

let home: Machine
let work: Ward
let bot: DiscordBot
let port: number
beforeAll(async () => {
  home = await makeMachine()
  work = await setUp(home, 'work')
  bot = home.discord.addBot()
  port = await freePort()
})
afterAll(() => closeMachine(home))

/** `channels …`, exit status in front of all it said, on one line. */
const says = async (args: readonly string[], input = ''): Promise<string> => {
  const { code, stdout, stderr } = await home.channels(args, { input })
  return `${code} ${stdout}${stderr}`.replace(/\s+/g, ' ')
}
const add = (kind: 'discord' | 'fakechat', ...flags: readonly string[]) => [
  ...['setup', home.channelOf(kind), '--session', 'work', '--yes', '--no-start'],
  ...flags,
]

const discordEcho = async (text: string): Promise<void> => {
  bot.push(text)
  await bot.waitForSent((sent) => sent.text === `echo: ${text}`, 20_000)
}
const fakechatEcho = async (text: string): Promise<void> => {
  const page = await openFakechat(`http://127.0.0.1:${port}`)
  page.say(text)
  await page.waitForAnswer((seen) => seen.text === `echo: ${text}`, 20_000).finally(page.close)
}

test('a further channel is added to a session, which keeps folder, permissions and what it has', async () => {
  const before = JSON.parse(readFileSync(join(home.channelsHome, 'config.json'), 'utf8')).sessions.work
  expect(await says(add('discord', '--token-stdin', '--allow', someone), bot.token)).toMatch(
    new RegExp(`^0 .*beside: @${work.bot.username}`),
  )
  expect(await says(add('fakechat', '--port', String(port)))).toMatch(/^0 /)
  const after = JSON.parse(readFileSync(join(home.channelsHome, 'config.json'), 'utf8')).sessions.work
  expect(after.channels.map(({ kind }: { kind: string }) => kind)).toEqual([
    'telegram',
    'discord',
    'fakechat',
  ])
  expect({ ...after, channels: null, environment: null }).toEqual({
    ...before,
    channels: null,
    environment: null,
  })
  expect(after.environment).toEqual({ ...before.environment, FAKECHAT_PORT: String(port) })
})

test('all of them are live in one client, and each answers by its own way', async () => {
  await expectUp(
    home,
    'work',
    0,
    `work is live as @${work.bot.username}, @${bot.username}, http://localhost:${port}`,
  )
  const { channels } = await untilSession(home, 'work', { state: 'live' })
  expect(channels.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    'telegram live',
    'discord live',
    'fakechat live',
  ])
  await expectEcho(work, 'one')
  await discordEcho('two')
  await fakechatEcho('three')
  expect(work.bot.sent().filter(({ text }) => /two|three/.test(text))).toEqual([])
})

test('each says when its own last message came', async () => {
  const times = async () =>
    (await untilSession(home, 'work', { state: 'live' })).channels.map(({ lastMessageAt }) => lastMessageAt)
  const before = await times()
  expect(new Set(before).size).toBe(3)
  await expectEcho(work, 'one more')
  const [telegram, ...others] = await times()
  expect(others).toEqual(before.slice(1))
  expect(Date.parse(telegram ?? '')).toBeGreaterThan(Date.parse(before[0] ?? ''))
})

test('the plugin of one killed while Claude works for another: named, the others not, and all are back', async () => {
  const before = await untilSession(home, 'work', { state: 'live' })
  // Until that turn is over nothing is healed.
  const slow = `slow: ${12 * patience}`
  work.bot.push(slow)
  await until('a busy client', async () => {
    const { client } = sessionIn(await home.status(), 'work')
    return client?.activity === 'busy'
  })
  const pid = before.channels.find(({ kind }) => kind === 'discord')?.evidence.poller?.pid ?? 0
  expect(signal(pid, 'SIGKILL')).toBe(true)
  const sick = await untilSession(home, 'work', { reason: 'plugin-exited' })
  expect(sick.detail).toMatch(/^discord: /)
  expect(sick.channels.map(({ reason }) => reason)).toEqual([null, 'plugin-exited', null])
  await work.bot.waitForSent(({ text }) => text === `echo: ${slow}`, 30_000)
  await live(home, 'work', before.client?.pid ?? 0)
  await discordEcho('back')
  await expectEcho(work, 'here, too')
})

test('the token file of one gone: nothing is started, and the way out is of that one', async () => {
  const file = join(home.home, '.claude', 'channels', 'discord-work', '.env')
  const text = readFileSync(file, 'utf8')
  expect(await says(['down', 'work'])).toMatch(/^0 /)
  rmSync(file)
  const remedy = 'Run `channels token work --channel discord` with the token of its bot.'
  expect(await says(['up', 'work', '--timeout', '20s'])).toContain(remedy)
  const { detail, channels } = await untilSession(home, 'work', { state: 'blocked', reason: 'token-missing' })
  expect(detail).toMatch(/^discord: /)
  expect(channels.map((each) => each.remedy)).toEqual([remedy, remedy, remedy])
  expect(channels.map((each) => each.detail?.startsWith('waits for discord: '))).toEqual([true, false, true])
  writeFileSync(file, text, { mode: 0o600 })
  await live(home, 'work')
  await discordEcho('there again')
})

test('what is meant by one of several has to be said, a code excepted', async () => {
  expect(await says(['access', 'work'])).toMatch(
    /^2 .*several channels: telegram and discord\. Say which: --channel/,
  )
  expect(await says(['access', 'work', '--channel', 'discord'])).toContain(`(id ${someone})`)
  expect(await says(['access', 'work', '--channel', 'fakechat'])).toMatch(
    /^2 .*no channel "fakechat" that keeps a list/,
  )
  await home.channels(['access', 'work', 'policy', 'pairing', '--channel', 'discord'])
  bot.push('let me in', { from: '777777777777777777', username: 'ada' })
  const { text } = await bot.waitForSent((sent) => sent.text.includes('pair '))
  const code = /pair (\w{6})/.exec(text)?.[1] ?? ''
  expect(await says(['pair', 'work', code])).toMatch(/^0 .*777777777777777777.* may write to @/)
  bot.push('and now?', { from: '777777777777777777', username: 'ada' })
  await bot.waitForSent((sent) => sent.text === 'echo: and now?', 20_000)
})

test('the token of one of several is swapped in; the other keeps its own', async () => {
  expect(await says(['token', 'work', '--token-stdin'], bot.rotate('valid'))).toMatch(
    /^2 .*Say which: --channel/,
  )
  const next = bot.rotate()
  expect(await says(['token', 'work', '--token-stdin', '--channel', 'discord'], next)).toMatch(
    /^0 .*live with the new token/,
  )
  await discordEcho('with the new one')
  await expectEcho(work, 'with the old one')
})

test('one of them taken away: its plugin is put back, the others go on after a restart', async () => {
  expect(await says(['remove', 'work', '--channel', 'fakechat', '--yes'])).toMatch(
    /^0 work has no fakechat any more\. Its client still has it; `channels restart work`/,
  )
  expect(await says(['restart', 'work'])).toMatch(/^0 .*work is live again/)
  const { channels } = await untilSession(home, 'work', { state: 'live' })
  expect(channels.map(({ kind }) => kind)).toEqual(['telegram', 'discord'])
  await discordEcho('without the page')
  const settings = JSON.parse(readFileSync(join(home.home, '.claude', 'settings.json'), 'utf8'))
  expect(settings.enabledPlugins).not.toHaveProperty([pluginKey(home.channelOf('fakechat')) ?? ''])
})

test('with the session all of its plugins are put back', async () => {
  const enabled = () =>
    JSON.parse(readFileSync(join(home.home, '.claude', 'settings.json'), 'utf8')).enabledPlugins ?? {}
  const keys = (['telegram', 'discord'] as const).map((kind) => pluginKey(home.channelOf(kind)) ?? '')
  expect(Object.keys(enabled()).sort()).toEqual([...keys].sort())
  expect(await says(['remove', 'work', '--yes', '--purge'])).toMatch(/^0 /)
  expect(enabled()).toEqual({})
  await until('nobody of it', () => home.processes().every(({ env }) => env.CHANNELS_SESSION !== 'work'))
})
