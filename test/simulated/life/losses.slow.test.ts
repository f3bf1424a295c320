import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Home } from '../../sim/home.ts'
import { changeRun } from '../../sim/records.ts'
import { killPane, serverOf, servers } from '../../sim/terminals.ts'
import { clients, pollers, untilLive } from '../../sim/watch.ts'
import {
  channels,
  closeEmpty,
  comesBack,
  expectAnswer,
  loops,
  openLive,
  send,
  untilSession,
  withoutKeeper,
} from './rig.ts'

let home: Home
let conversation: string | null
beforeAll(async () => {
  ;({ home, conversation } = await openLive('before anything is lost'))
})
afterAll(() => closeEmpty(home))

/** As if the client that runs were the next one after so many crashes in a row. */
const setStreak = (streak: number): void => changeRun(home, 'work', () => ({ streak }))

test('without a keeper a crash still restarts, a deaf channel is called deaf, and up mends it', async () => {
  await comesBack(home, ({ client }) => send(client.pid))
  await withoutKeeper(home)
  // As if it were the fifth crash in a row, which is waited after for eight seconds: a busy machine sees that, too.
  setStreak(4)
  const { after } = await comesBack(home, async ({ client }) => {
    send(client.pid)
    // Not live meanwhile, and said why.
    const waiting = await untilSession(home, 'the back-off', ({ restarts }) => restarts.nextAt !== null)
    expect(waiting).toMatchObject({
      state: 'recovering',
      reason: 'client-exited',
      client: null,
      remarks: ['keeper-missing'],
      restarts: { streak: 5, last: { signal: 'SIGKILL' } },
    })
  })
  expect(after).toMatchObject({ client: { conversation }, remarks: ['keeper-missing'] })

  send(after.channels[0]?.evidence.poller?.pid)
  const deaf = await untilSession(home, 'plugin-exited', ({ state, reason }) => {
    expect(state).not.toBe('live')
    return reason === 'plugin-exited'
  })
  expect(deaf).toMatchObject({
    state: 'recovering',
    client: { pid: after.client.pid },
    remarks: ['keeper-missing'],
  })
  await channels(home, 'up')
  const mended = await untilLive(home, { not: after.client.pid })
  expect(mended).toMatchObject({ client: { conversation }, remarks: [] })
  setStreak(0)
})

test('the pane killed: nothing of the old run left, the session back', async () => {
  const run = clients(home)[0]?.env.CHANNELS_RUN
  expect(run).toBeTruthy()
  const { after } = await comesBack(home, () => killPane(home))
  expect(after.client.conversation).toBe(conversation)
  expect(home.processes().filter(({ env }) => env.CHANNELS_RUN === run)).toEqual([])
  expect([clients(home), pollers(home), loops(home), servers(home)].map(({ length }) => length)).toEqual([
    1, 1, 1, 1,
  ])
})

test('the tmux server killed: the session back, one of it', async () => {
  const { after } = await comesBack(home, async () => send(serverOf(home) ?? undefined))
  expect(after).toMatchObject({ client: { conversation }, restarts: { last: { reason: 'terminal-lost' } } })
  expect([clients(home), pollers(home), loops(home), servers(home)].map(({ length }) => length)).toEqual([
    1, 1, 1, 1,
  ])
  await expectAnswer(home, 'after all that')
})
