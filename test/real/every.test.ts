import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Home } from '../sim/home.ts'
import { statusFaults } from '../sim/status-schema.ts'
import { press, typeLine } from '../sim/terminals.ts'
import { until, untilNobody } from '../sim/until.ts'
import { type LiveSession, untilKept, untilLive, untilNamed } from '../sim/watch.ts'
import { untilSession } from '../simulated/faults/kit.ts'
import { isSince } from './differences.ts'
import { bringUp, expectAnswer, kill, makeRealHome } from './harness.ts'
import { storyVersions } from './versions.ts'

// What `channels` needs of any client, once through. Two at a time: nothing here is about how long it takes.
describe('the story of client', () => {
  test.concurrent.for(storyVersions)('%s', async (version, { onTestFinished }) => {
    const home = await makeRealHome({ version })
    onTestFinished(home.close)
    // Nothing is allowed beforehand: the client asks, but for what setup lets pass.
    writeFileSync(join(home.home, '.claude', 'settings.json'), '{}')
    await bringUp(home)
    await isLive(home, version)
    await takesALine(home)
    await followsClear(home)
    await survivesItsDeath(home)
    await healsItsPlugin(home)
    await waitsForAPerson(home, version)
    await namesAFailingModel(home)
    await leavesNothing(home)
    await waitsForTrust(home)
  })
})

const isLive = async (home: Home, version: string): Promise<void> => {
  const report = await home.status()
  expect(statusFaults(report)).toEqual([])
  expect(report).toMatchObject({
    live: 1,
    sessions: [
      { state: 'live', reason: null, client: { version }, channels: [{ account: expect.anything() }] },
    ],
  })
  await expectAnswer(home, 'hello')
}

const takesALine = async (home: Home): Promise<void> => {
  await untilIdle(home)
  const sent = await home.channels(['send', 'work', 'a line, é and 漢字'])
  expect(sent, sent.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('has taken it') })
}

const followsClear = async (home: Home): Promise<void> => {
  const before = await untilIdle(home)
  await typeLine(home, '/clear')
  await until('another conversation', async () => {
    const { client } = await untilLive(home)
    return client.conversation !== before.client.conversation
  })
  await expectAnswer(home, 'in the second conversation')
}

const survivesItsDeath = async (home: Home): Promise<void> => {
  const before = await untilIdle(home)
  kill(before.client.pid)
  const after = await untilLive(home, { not: before.client.pid })
  expect(after.client.conversation).toBe(before.client.conversation)
  expect(after.restarts.last).toMatchObject({ reason: 'client-exited', signal: 'SIGKILL' })
  await expectAnswer(home, 'after its death')
}

const healsItsPlugin = async (home: Home): Promise<void> => {
  const before = await untilIdle(home)
  await untilKept(home)
  const at = kill(before.channels[0]?.evidence.poller?.pid ?? 0)
  await untilNamed(home, 'plugin-exited', at)
  const after = await untilLive(home, { not: before.client.pid, ms: 30_000 })
  expect(after.client.conversation).toBe(before.client.conversation)
  await expectAnswer(home, 'after its plugin died')
}

const waitsForAPerson = async (home: Home, version: string): Promise<void> => {
  home.bot.bot.push('run: touch asked-for')
  const asks = await untilSession(home, 'work', { state: 'blocked', reason: 'permission-prompt' })
  const waitingFor = isSince('waiting-for', version) ? 'permission prompt' : 'approve Bash'
  expect(asks.client).toMatchObject({ activity: 'waiting', waitingFor })
  await press(home, ['Escape'])
  await untilIdle(home)
}

const namesAFailingModel = async (home: Home): Promise<void> => {
  home.model.fail({ status: 529 })
  home.bot.bot.push('nobody answers this')
  await untilSession(home, 'work', { state: 'recovering', reason: 'model-failing' })
}

const leavesNothing = async (home: Home): Promise<void> => {
  const down = await home.channels(['down', 'work'])
  expect(down, down.stdout + down.stderr).toMatchObject({ code: 0 })
  await untilNobody('nothing of the session', () =>
    home.processes().filter(({ env }) => env.CHANNELS_SESSION === 'work'),
  )
}

const waitsForTrust = async (home: Home): Promise<void> => {
  const file = join(home.home, '.claude.json')
  const json = JSON.parse(readFileSync(file, 'utf8')) as object
  writeFileSync(file, JSON.stringify({ ...json, projects: {} }))
  const up = await home.channels(['up', 'work', '--timeout', '20'])
  expect(up, up.stderr).toMatchObject({ code: 1, stdout: expect.stringContaining('[trust-dialog]') })
}

const untilIdle = (home: Home): Promise<LiveSession> =>
  until('an idle client', async () => {
    const session = await untilLive(home)
    return session.client.activity === 'idle' ? session : null
  })
