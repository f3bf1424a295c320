import { afterAll, beforeAll, expect, test } from 'vitest'
import { patience } from '../../patience.ts'
import type { Home } from '../../sim/home.ts'
import { serverOf, servers } from '../../sim/terminals.ts'
import { clients, journal, pollers, untilLive } from '../../sim/watch.ts'
import { closeEmpty, comesBack, expectAnswer, loops, openSession, send } from '../life/rig.ts'

let home: Home
beforeAll(async () => {
  home = await openSession()
})
afterAll(() => closeEmpty(home))

const fiftyTimes = async () => {
  const all = await Promise.all(
    Array.from({ length: 50 }, () =>
      home.channels(['up', 'work', '--timeout', `${60 * patience}s`], { timeoutMs: 90_000 }),
    ),
  )
  expect(
    all.filter(({ code }) => code !== 0).map(({ code, stdout, stderr }) => ({ code, stdout, stderr })),
  ).toEqual([])
}

const expectOne = () =>
  expect([clients(home), pollers(home), loops(home), servers(home)].map(({ length }) => length)).toEqual([
    1, 1, 1, 1,
  ])

const starts = () => journal(home).filter(({ type }) => type === 'client-started').length

test('fifty that bring it up at once make one client', async () => {
  await fiftyTimes()
  await untilLive(home)
  expectOne()
  expect(starts(), JSON.stringify(journal(home), null, 1)).toBe(1)
  expect(journal(home).filter((entry) => entry.type === 'keeper' && entry.what === 'started')).toHaveLength(1)
})

test('the same right after its tmux server was killed', async () => {
  const { before, after } = await comesBack(home, async () => {
    send(serverOf(home) ?? undefined)
    await fiftyTimes()
  })
  expectOne()
  expect(after.client.conversation).toBe(before.client.conversation)
  await expectAnswer(home, 'one answer')
})
