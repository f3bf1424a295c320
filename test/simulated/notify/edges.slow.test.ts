import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setClock } from '../../sim/odd-node.ts'
import { signal } from '../../sim/processes.ts'
import { press } from '../../sim/terminals.ts'
import { until } from '../../sim/until.ts'
import { clients, journal, untilNamed } from '../../sim/watch.ts'
import { closeMachine, expectEcho, expectUp, live, type Machine, type Ward } from '../faults/kit.ts'
import { keepEvents, nextNotice, notices, openMachine } from './rig.ts'

// Each edge once, by the bot and by the command, while the client is dead as well; nothing of what was asked for.

let home: Machine
let ward: Ward
let kept: ReturnType<typeof keepEvents>
beforeAll(async () => {
  ;({ home, ward } = await openMachine())
  kept = keepEvents(home)
  await expectUp(home, 'work', 0, 'is live')
  await expectEcho(ward, 'hello')
  const set = await home.channels(['set', 'work', 'notify.to=4242', `notify.command=${kept.command}`])
  expect(set, set.stderr).toMatchObject({ code: 0 })
  expect(set.stdout).toContain('A first message went to telegram:4242')
  // No new client for that.
  expect(set.stdout).not.toContain('restart')
})
afterAll(() => closeMachine(home))

test('a question nobody sees is told after a minute; that it was answered is not', async () => {
  const client = clients(home)[0]?.pid
  ward.bot.push('ask: Which of $(touch x)?')
  // By the keeper: only from then on does it count.
  await untilNamed(home, 'question', 0)
  const before = notices(ward).length
  setClock(home, 57_000)
  expect(await nextNotice(ward, before)).toBe(
    'work waits for you: Claude asks a question at its terminal and waits.\nAnswer it: `channels attach work`.',
  )
  await press(home, ['Enter'])
  await live(home, 'work')
  expect(clients(home)[0]?.pid).toBe(client)
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
  await until('a parked client', () => clients(home).length === 0, 20_000)
  heal()
  ward.bot.push('one that waits')
  await expectUp(home, 'work', 0, 'is live')
  const back = await nextNotice(ward, before + 1)
  expect(back).toMatch(
    /^work is live again\.\nNobody listened from \d\d:\d\d to \d\d:\d\d \(\d+s\): The login of the client has expired/,
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
  await live(home, 'work')
  signal(clients(home)[0]?.pid ?? 0, 'SIGKILL')
  await live(home, 'work', clients(home)[0]?.pid ?? 0)
  for (const command of ['restart', 'down', 'up']) {
    const outcome = await home.channels([command, 'work'])
    expect(outcome, outcome.stderr).toMatchObject({ code: 0 })
  }
  await expectEcho(ward, 'still there')
  expect(notices(ward)).toHaveLength(before)
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
