import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Home } from '../../sim/home.ts'
import { signal } from '../../sim/processes.ts'
import { until, untilNobody } from '../../sim/until.ts'
import { journal, untilLive } from '../../sim/watch.ts'
import {
  channels,
  expectAnswer,
  openLive,
  ownFile,
  readWanted,
  send,
  sessionOf,
  sessionProcesses,
  succeeded,
  untilSession,
} from '../life/rig.ts'

let home: Home
let conversation: string | null
beforeAll(async () => {
  ;({ home, conversation } = await openLive('before the stop'))
})
afterAll(async () => {
  await home?.channels(['run', '--stop'])
  await home?.close()
})

const stop = async () => {
  const outcome = succeeded(await home.channels(['run', '--stop']))
  await untilNobody('nothing of ours left', home.processes)
  return outcome
}

/** Without a unit: `up` starts a keeper, and says nothing to a session that another one is named for. */
const startsKeeper = async () => succeeded(await home.channels(['up', 'work', '--no-wait', '--no-listen']))

test('all is down, nothing is left, and it is still wanted; status says why, and what helps', async () => {
  const before = readWanted(home)
  const outcome = await stop()
  expect(outcome.stdout).toContain('work is down, and still wanted: the next keeper brings it back.')
  expect(outcome.stdout).toContain('The keeper has left.')
  expect(outcome.ms).toBeLessThan(10_000)
  expect(readWanted(home)).toEqual(before)
  expect(existsSync(join(home.state, 'keeper', 'keeper.json'))).toBe(false)
  const session = await sessionOf(home)
  expect(session).toMatchObject({
    wanted: true,
    state: 'down',
    reason: 'taken-down',
    client: null,
    restarts: { streak: 0, last: { reason: 'taken-down' } },
  })
  expect(session.remedy).toContain('`channels up work`')
  expect((await home.channels(['status'])).code).toBe(1)
})

test('nothing runs: it says so, and 0', async () => {
  const outcome = await stop()
  expect(outcome.stdout).toBe('Nothing runs: no session, and no keeper.\n')
  expect(await sessionOf(home)).toMatchObject({ wanted: true, reason: 'taken-down' })
})

test('the next keeper brings it back, in its conversation; for how long nobody listened is said', async () => {
  home.bot.bot.push('while nobody listened')
  const keeper = home.channels(['run'])
  await home.bot.bot.waitForSent(({ text }) => text === 'echo: while nobody listened', 20_000)
  const live = await untilLive(home)
  expect(live.client.conversation).toBe(conversation)
  expect(live.restarts).toMatchObject({ total: 0, streak: 0 })
  const [gap] = (await untilSession(home, 'the gap', ({ gaps }) => gaps.at(-1)?.to != null)).gaps.slice(-1)
  expect(gap).toMatchObject({ reason: 'taken-down', unanswered: 0, maybeLost: false })
  // A unit's keeper leaves, too, and none comes in its place.
  await stop()
  expect((await keeper).code).toBe(0)
  expect(await sessionOf(home)).toMatchObject({ state: 'down', reason: 'taken-down' })
})

test('asked for by a person afterwards, it comes, in its conversation', async () => {
  await channels(home, 'up')
  expect((await untilLive(home)).client.conversation).toBe(conversation)
  await expectAnswer(home, 'after an up')
})

test('asked for while it is taken down, it comes once that is over', async () => {
  const began = Date.now()
  const stopping = home.channels(['run', '--stop'])
  await until('the stop to begin', () =>
    journal(home).some((entry) => entry.type === 'keeper' && entry.what === 'stopping' && entry.at >= began),
  )
  await channels(home, 'up')
  succeeded(await stopping)
  expect((await untilLive(home)).client.conversation).toBe(conversation)
})

test('a keeper that hangs is ended, and does not come back meanwhile', async () => {
  const keeper = (await home.status()).keeper?.pid
  send(keeper, 'SIGSTOP')
  const client = (await untilLive(home)).client.pid
  send(client, 'SIGSTOP')
  await stop()
  expect(await sessionOf(home)).toMatchObject({ wanted: true, state: 'down', reason: 'taken-down' })
  await startsKeeper()
  expect((await untilLive(home)).client.conversation).toBe(conversation)
})

test('killed in the midst of it: what is held comes back with the next keeper, what is not goes on', async () => {
  const killed: boolean[] = []
  for (const afterMs of [0, 300, 900]) {
    await untilLive(home)
    const began = Date.now()
    const stopping = home.channels(['run', '--stop'])
    const stopper = await until('the stop to begin', () =>
      journal(home).findLast(
        (entry) => entry.type === 'keeper' && entry.what === 'stopping' && entry.at >= began,
      ),
    )
    await until('a moment of it', () => Date.now() - stopper.at >= afterMs)
    // A fast one is over by then.
    if (stopper.type === 'keeper') killed.push(signal(stopper.pid, 'SIGKILL'))
    await stopping
    expect(readWanted(home).want).toBe(true)
    await startsKeeper()
    expect((await untilLive(home)).client.conversation).toBe(conversation)
  }
  expect(killed).toContain(true)
  await expectAnswer(home, 'after three stops that were killed')
})

test('the lock of launch held by nobody who lives: all is down all the same, and comes back', async () => {
  await untilLive(home)
  mkdirSync(`${ownFile(home, 'lock')}.lock`)
  const outcome = await stop()
  expect(outcome.stdout).toContain('work is down, and still wanted')
  expect(outcome.ms).toBeLessThan(10_000)
  expect(await sessionOf(home)).toMatchObject({ wanted: true, state: 'down', reason: 'taken-down' })
  const since = Date.now()
  await startsKeeper()
  expect((await untilLive(home, { ms: 40_000 })).client.conversation).toBe(conversation)
  // The end that launch could not put down at once was no crash.
  expect((await sessionOf(home)).restarts).toMatchObject({ streak: 0, last: { reason: 'taken-down' } })
  expect(journal(home).filter((entry) => entry.at >= since && entry.type === 'fault')).toEqual([])
})

test('stopped on purpose, before or after, it stays stopped', async () => {
  await stop()
  await channels(home, 'down')
  const keeper = home.channels(['run'])
  const pid = await until('a keeper', async () => (await home.status()).keeper?.pid)
  await until('its look', () => journal(home).some((e) => e.type === 'state' && e.to === 'stopped'))
  expect(sessionProcesses(home)).toEqual([])
  expect(await sessionOf(home)).toMatchObject({ wanted: false, state: 'stopped' })
  send(pid, 'SIGTERM')
  expect((await keeper).code).toBe(0)
  const outcome = await stop()
  expect(outcome.stdout).toBe('Nothing runs: no session, and no keeper.\n')
})
