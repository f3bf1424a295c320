import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Home } from '../sim/home.ts'
import type { TestProcess } from '../sim/processes.ts'
import { until } from '../sim/until.ts'
import { sockets } from '../sim/watch.ts'
import { configure, ownFile, send, sessionOf } from '../simulated/life/rig.ts'
import { keep } from './keep.ts'
import { lookOften, tellCpu, tellMemory, type Watched, watchKeeper } from './keeper.ts'
import { mib, sum } from './measure.ts'
import { openPlace, succeeded, untilKeeperHasAsked } from './place.ts'

/** What one session costs while nobody does anything: one test goes on where the last ended. */
let home: Home
let watched: Watched
beforeAll(async () => {
  home = await openPlace('tls')
  await succeeded(home.channels(['up', 'work']))
  await untilKeeperHasAsked(home)
})
afterAll(() => home?.close())

test('a session beside its client', async () => {
  const found = besideClient()
  expect(found.length).toBeGreaterThanOrEqual(2)
  keep('beside', sum(found.map(({ pid }) => mib(pid))), tell(found))
})

test('all of ours beside 1 idle session', async () => {
  const found = [...inKeepersTerminal(), ...besideClient()]
  watched = await watchKeeper(
    home,
    found.map(({ pid }) => pid),
  )
  const { share, others } = watched
  keep(
    'idleMemory',
    watched.mib + sum(found.map(({ pid }) => mib(pid))),
    `keeper ${watched.mib.toFixed(1)} + ${tell(found)}`,
  )
  const each = found.map(({ comm }, i) => `${comm} ${others[i]?.toFixed(2)}`).join(' + ')
  keep('idleCpu', share + sum(others), `over a minute: keeper ${share.toFixed(2)} + ${each}`)
}, 90_000)

test('the keeper of 1 session', async () => {
  const looked = await lookOften(home, { looks: 2_000, everyMs: 10, atMostMs: 60_000 })
  keep('keeperMemory1', looked.mib / looked.idleMib, tellMemory(looked, watched))
  keep('keeperCpu1', watched.share, tellCpu(looked, watched))
}, 90_000)

test('a session that waits', async () => {
  const { client } = await sessionOf(home)
  configure(home, (session) => {
    session.client = `${home.root}/gone`
  })
  send(client?.pid)
  await until('the loop to wait', () =>
    readFileSync(ownFile(home, 'run.json'), 'utf8').includes('"client-missing"'),
  )
  // It sleeps a second at a time, each time in another process; between two of them there is none.
  const found = await until('the loop to sleep', () => {
    const all = besideClient().map(({ comm, pid }) => ({ comm, mib: mib(pid) }))
    return all.some(({ comm }) => comm === 'sleep') && all.every((each) => each.mib > 0) ? all : null
  })
  keep(
    'waiting',
    sum(found.map((each) => each.mib)),
    found.map((each) => `${each.comm} ${each.mib.toFixed(1)}`).join(' + '),
  )
})

/** Terminal and loop of the session, and what the loop itself started. */
const besideClient = (): readonly TestProcess[] => {
  const all = home.processes()
  const servers = all.filter(
    ({ comm, argv }) => comm === 'tmux: server' && argv.includes(sockets(home).session),
  )
  const loops = all.filter(({ argv }) => argv[1]?.endsWith('/sessions/work/loop.sh'))
  const below = all.filter(({ ppid, comm }) => comm !== 'claude' && loops.some(({ pid }) => pid === ppid))
  return [...servers, ...loops, ...below]
}

const inKeepersTerminal = (): readonly TestProcess[] =>
  home
    .processes()
    .filter(
      ({ comm, argv }) =>
        (comm === 'tmux: server' && argv.includes(sockets(home).keeper)) ||
        argv[1]?.endsWith('/keeper/loop.sh'),
    )

const tell = (found: readonly TestProcess[]): string =>
  found.map(({ comm, pid }) => `${comm} ${mib(pid).toFixed(1)}`).join(' + ')
