import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { someone } from '../../sim/discord-api/ids.ts'
import { setClock } from '../../sim/odd-node.ts'
import type { DiscordWard } from '../../sim/other-wards.ts'
import { signal } from '../../sim/processes.ts'
import { press } from '../../sim/terminals.ts'
import { until } from '../../sim/until.ts'
import { clients, journal, untilNamed } from '../../sim/watch.ts'
import { closeMachine, expectEcho, expectUp, live, type Machine, type Ward } from '../faults/kit.ts'
import { keepEvents, nextNotice, notices, openMachine, setAttempts } from './rig.ts'

// Each edge once, by the bot and by the command, while the client is dead as well; nothing of what was asked for.

let home: Machine
let ward: Ward
let chat: DiscordWard
let kept: ReturnType<typeof keepEvents>
beforeAll(async () => {
  ;({ home, ward, chat } = await openMachine())
  kept = keepEvents(home)
  setAttempts(home, 'chat', 1)
  await Promise.all(['work', 'chat'].map((name) => expectUp(home, name, 0, 'is live')))
  await expectEcho(ward, 'hello')
  chat.bot.push('hello')
  await chat.bot.waitForSent(({ text }) => text === 'echo: hello', 15_000)
  expect(await home.channels(['set', 'chat', `notify.to=${someone}`])).toMatchObject({ code: 0 })
  const set = await home.channels(['set', 'work', 'notify.to=4242', `notify.command=${kept.command}`])
  expect(set, set.stderr).toMatchObject({ code: 0 })
  expect(set.stdout).toContain('A first message went to telegram:4242')
  // No new client for that.
  expect(set.stdout).not.toContain('restart')
})
afterAll(() => closeMachine(home))

test('a question nobody sees is told after a minute; that it was answered is not', async () => {
  const client = await live(home, 'work')
  ward.bot.push('ask: Which of $(touch x)?')
  // By the keeper: only from then on does it count.
  await untilNamed(home, 'question', 0)
  const before = notices(ward).length
  setClock(home, 57_000)
  expect(await nextNotice(ward, before)).toBe(
    'work waits for you: Claude asks a question at its terminal and waits.\nAnswer it: `channels attach work`.',
  )
  await press(home, ['Enter'])
  expect(await live(home, 'work')).toBe(client)
  await until('the event', () => kept.events().length === 1)
  expect(kept.events()).toMatchObject([
    { version: 1, session: 'work', event: 'waiting', state: 'blocked', reason: 'question', gap: null },
  ])
  expect(kept.environment()).not.toMatch(/ANTHROPIC|CLAUDE|TOKEN|AAtest/)
})

test('a login that expired is told while the client is parked; then that it is back, with what waited', async () => {
  const before = notices(ward).length
  const heal = home.model.fail({ status: 401, retry: false })
  ward.bot.push('a secret message that is refused')
  expect(await nextNotice(ward, before, 40_000)).toMatch(
    /^work is blocked: The login of the client has expired; it answers nothing\.\nRun `claude auth login`/,
  )
  await until('a parked client', () => clients(home).length === 1, 20_000)
  heal()
  ward.bot.push('one that waits')
  await expectUp(home, 'work', 0, 'is live')
  const back = await nextNotice(ward, before + 1)
  expect(back).toMatch(
    /^work is live again\.\nNobody listened from \d\d:\d\d to \d\d:\d\d \([\dms ]+\): The login of the client has expired/,
  )
  expect(back).not.toContain('secret')
  await until('the events', () => kept.events().length === 3)
  expect(kept.events().slice(1)).toMatchObject([
    { event: 'blocked', reason: 'login-expired', state: 'blocked' },
    { event: 'back', state: 'live', gap: { reason: 'login-expired', maybeLost: true } },
  ])
})

test('what is asked for, and a client that is back at once, are told to nobody', async () => {
  const before = notices(ward).length
  const client = await live(home, 'work')
  signal(client, 'SIGKILL')
  await live(home, 'work', client)
  for (const command of ['restart', 'down', 'up']) {
    const outcome = await home.channels([command, 'work'])
    expect(outcome, outcome.stderr).toMatchObject({ code: 0 })
  }
  await expectEcho(ward, 'still there')
  expect(notices(ward)).toHaveLength(before)
})

test('a crash loop is told on Discord, directly, once that has its rest; while the client is dead', async () => {
  const client = await live(home, 'chat')
  const before = chat.bot.sent().length
  home.discord.fail({
    ...{ method: 'POST /channels/:id/messages', how: 'refuse', status: 429, times: 1 },
    ...{ description: 'You are being rate limited.', retryAfter: 2 },
  })
  signal(client, 'SIGKILL')
  const told = await chat.bot.waitForSent(({ text }) => text.startsWith('chat gave up'), 20_000)
  expect(told).toMatchObject({ chatId: chat.bot.channelOf(), params: { allowed_mentions: { parse: [] } } })
  expect(told.text).toMatch(
    /^chat gave up for now: The client keeps ending; it is tried again, but seldom\.\n/,
  )
  expect(clients(home)).toHaveLength(1)
  const [refused, sent] = home.discord
    .requests()
    .filter(({ method }) => method === 'POST /channels/:id/messages')
    .slice(-2)
  expect([refused?.status, sent?.status]).toEqual([429, 200])
  expect((sent?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(2_000)
  await expectUp(home, 'chat', 0, 'is live')
  await chat.bot.waitForSent(
    ({ text }) => text.startsWith('chat is live again.\nNobody listened from'),
    20_000,
  )
  expect(chat.bot.sent()).toHaveLength(before + 2)
})

test('no notice, no event and no journal line holds a token or what was on a screen', () => {
  const told = [...notices(ward), ...kept.events().map((event) => JSON.stringify(event))].join('\n')
  expect(told).not.toMatch(/AAtest|secret|Which of|\/home\/|touch/)
  expect(
    journal(home)
      .map((entry) => JSON.stringify(entry))
      .join('\n'),
  ).not.toMatch(/AAtest|secret|Which of/)
  expect(existsSync(join(home.project, 'x'))).toBe(false)
})
