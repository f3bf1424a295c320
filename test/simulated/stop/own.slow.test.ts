import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Home } from '../../sim/home.ts'
import { signal } from '../../sim/processes.ts'
import { until, untilNobody } from '../../sim/until.ts'
import { clients, journal } from '../../sim/watch.ts'
import { openSession, send, succeeded } from '../life/rig.ts'

let home: Home
beforeAll(async () => {
  home = await openSession()
  const cwd = join(home.root, 'page')
  mkdirSync(cwd)
  const flags = ['--session', 'page', '--cwd', cwd, '--trust', '--yes', '--no-start']
  succeeded(await home.channels(['setup', home.channelOf('fakechat'), ...flags]))
})
afterAll(async () => {
  await home?.channels(['run', '--stop'])
  await home?.close()
})

const keeperPid = () => until('a keeper', async () => (await home.status()).keeper?.pid)
const untilAllLive = () => until('both live', async () => (await home.status()).live === 2, 20_000)

/** Runs the keeper, brings both sessions up, tells it to leave. */
const ownAndLeave = async (before: () => void = () => undefined) => {
  const keeper = home.channels(['run', '--own'])
  const pid = await keeperPid()
  succeeded(await home.channels(['up', '--no-listen']))
  await untilAllLive()
  before()
  const at = send(pid, 'SIGTERM')
  const outcome = await keeper
  return { ...outcome, ms: Date.now() - at }
}

test('another keeper in the foreground, with or without --own, refuses', async () => {
  const keeper = home.channels(['run', '--own'])
  const pid = await keeperPid()
  for (const flags of [['--own'], []]) {
    const second = await home.channels(['run', ...flags])
    expect([second.code, second.stderr]).toEqual([
      1,
      expect.stringContaining(`Another keeper runs (pid ${pid}, `),
    ])
  }
  send(pid, 'SIGINT')
  expect((await keeper).code).toBe(0)
})

test('told to leave, it takes both down, leaves nothing, and brings both back', async () => {
  for (let round = 0; round < 2; round += 1) {
    const { code, stdout, ms } = await ownAndLeave()
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^(?:(?:work|page) is down, and still wanted.*\n){2}$/),
    ])
    expect(ms).toBeLessThan(10_000)
    await untilNobody('nothing left', home.processes)
    expect((await home.status()).sessions).toMatchObject([
      { wanted: true, reason: 'taken-down' },
      { wanted: true, reason: 'taken-down' },
    ])
  }
  // Before the second round `up` had nothing to ask for.
  const orders = journal(home).filter((entry) => entry.type === 'asked' && entry.what === 'up')
  expect(orders.length).toBeLessThanOrEqual(2)
})

test('a client that hears nothing and a terminal that hangs: within ten seconds all the same', async () => {
  let deaf: NodeJS.Timeout | undefined
  try {
    const { code, ms } = await ownAndLeave(() => {
      const [client] = clients(home)
      if (client === undefined) throw new Error('no client')
      // Stopped again whenever it is let go on: it can only be killed.
      deaf = setInterval(() => signal(client.pid, 'SIGSTOP'), 1)
      const server = home
        .processes()
        .find(({ comm, argv }) => comm === 'tmux: server' && argv.includes('page'))
      send(server?.pid, 'SIGSTOP')
    })
    expect([code, ms < 10_000, ms]).toEqual([0, true, ms])
    await untilNobody('nothing left', home.processes)
  } finally {
    clearInterval(deaf)
  }
})

test('a plain keeper leaves and touches nothing', async () => {
  const keeper = home.channels(['run'])
  const pid = await keeperPid()
  await untilAllLive()
  const before = clients(home).map(({ pid: each }) => each)
  send(pid, 'SIGTERM')
  expect((await keeper).code).toBe(0)
  expect(clients(home).map(({ pid: each }) => each)).toEqual(before)
})
