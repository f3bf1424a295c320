import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Home } from '../../sim/home.ts'
import { readProcess, signal } from '../../sim/processes.ts'
import { until } from '../../sim/until.ts'
import { clients, journal, namedAt, pollers, untilLive } from '../../sim/watch.ts'
import {
  channels,
  closeEmpty,
  comesBack,
  expectAnswer,
  openLive,
  send,
  sessionProcesses,
  withoutKeeper,
} from './rig.ts'

let home: Home
let conversation: string | null
beforeAll(async () => {
  ;({ home, conversation } = await openLive('before the kills'))
})
afterAll(() => closeEmpty(home))

test('the client killed: back in the same conversation', async () => {
  let killedAt = 0
  const { after } = await comesBack(home, async ({ client, channels: [channel] }) => {
    const poller = channel?.evidence.poller?.pid ?? 0
    killedAt = send(client.pid)
    // What its plugin fetches before it notices may be lost, and is said to be (the soak counts it).
    await until('both to be gone', () => [client.pid, poller].every((pid) => readProcess(pid) === null))
    home.bot.bot.push('the very moment it died')
  })
  expect(after.client.conversation).toBe(conversation)
  expect(after.restarts).toMatchObject({
    streak: 1,
    last: { reason: 'client-exited', code: null, signal: 'SIGKILL' },
  })
  // The first crash of a streak is not waited after. How soon the next client is there, the real one has to show, alone
  // on the machine: beside the tests of others its start alone was seen to take three seconds.
  const since = journal(home).filter((entry) => entry.at >= killedAt)
  expect(since.map(({ type }) => type)).toContain('client-started')
  expect(since.filter(({ type }) => type === 'waiting')).toEqual([])
  await home.bot.bot.waitForSent(({ text }) => text === 'echo: the very moment it died')
  await expectAnswer(home, 'after the client was killed')
})

test('the keeper killed: another one is there, the client untouched', async () => {
  const { client } = await untilLive(home)
  const keeper = (await home.status()).keeper?.pid
  send(keeper)
  await until('another keeper', async () => {
    const found = (await home.status()).keeper
    return found !== null && found.pid !== keeper ? found : null
  })
  expect(clients(home).map(({ pid }) => pid)).toEqual([client.pid])
})

test('the plugin killed: named, live again with another client', async () => {
  let killedAt = 0
  const { after } = await comesBack(home, ({ channels: [channel] }) => {
    killedAt = send(channel?.evidence.poller?.pid)
  })
  expect(namedAt(home, 'plugin-exited', killedAt)).not.toBeNull()
  expect(after.client.conversation).toBe(conversation)
  // Ended on purpose: no crash.
  expect(after.restarts).toMatchObject({ streak: 1, last: { reason: 'plugin-exited' } })
  expect(pollers(home)).toHaveLength(1)
})

test('the keeper told to leave: gone, and a remark says so; the client untouched', async () => {
  const { client } = await untilLive(home)
  const pid = (await home.status()).keeper?.pid
  await withoutKeeper(home)
  expect(existsSync(join(home.state, 'keeper', 'keeper.json'))).toBe(false)
  expect(journal(home).at(-1)).toMatchObject({ type: 'keeper', what: 'left', pid })
  const report = await home.status()
  expect(report).toMatchObject({
    keeper: null,
    live: 1,
    sessions: [{ state: 'live', remarks: ['keeper-missing'] }],
  })
  expect(clients(home).map(({ pid }) => pid)).toEqual([client.pid])
})

test('what Claude was asked to leave running survives down, and the journal names it', async () => {
  await untilLive(home)
  home.bot.bot.push('run: setsid sleep 1000 > /dev/null 2>&1 & echo started')
  await home.bot.bot.waitForSent(({ text }) => text === 'started')
  const left = await until('the server', () =>
    home.processes().find(({ argv }) => argv.join(' ') === 'sleep 1000'),
  )
  try {
    const down = await channels(home, 'down')
    expect(down.ms).toBeLessThan(10_000)
    expect(sessionProcesses(home)).toEqual([])
    expect(readProcess(left.pid)).not.toBeNull()
    const logs = await channels(home, 'logs')
    expect(logs.stdout).toContain(
      `process ${left.pid} (sleep 1000) runs on: Claude started it and it is no plugin`,
    )
  } finally {
    signal(left.pid, 'SIGKILL')
  }
})
