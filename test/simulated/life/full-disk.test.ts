import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Run } from '../../../src/core/records.ts'
import type { Home } from '../../sim/home.ts'
import { until } from '../../sim/until.ts'
import { clients, sockets, tmux, untilLive } from '../../sim/watch.ts'
import { channels, closeEmpty, expectAnswer, openSession, ownFile, send, withoutKeeper } from './rig.ts'

let home: Home
let mounted = false
beforeAll(async () => {
  home = await openSession()
  const aside = join(home.root, 'aside')
  cpSync(home.channelsHome, aside, { recursive: true })
  const options = ['-t', 'tmpfs', '-o', 'size=2m,nr_inodes=200,mode=700', 'tmpfs', home.channelsHome]
  mounted = process.platform === 'linux' && spawnSync('mount', options, { stdio: 'ignore' }).status === 0
  if (mounted) cpSync(aside, home.channelsHome, { recursive: true })
})
afterAll(async () => {
  makeRoom()
  await channels(home, 'down')
  await withoutKeeper(home)
  if (mounted) spawnSync('umount', ['-l', home.channelsHome])
  await closeEmpty(home)
})

const filler = () => join(home.channelsHome, 'filler')

const makeRoom = () => {
  for (const name of readdirSync(home.channelsHome))
    if (name.startsWith('filler')) rmSync(join(home.channelsHome, name))
}

/** To the last byte, and to the last file: neither a lock folder nor a record can be made any more. */
const fill = () => {
  const full = (write: () => void): boolean => {
    try {
      write()
      return false
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return true
      throw error
    }
  }
  for (let size = 65_536; size >= 1; size = Math.floor(size / 16))
    while (!full(() => writeFileSync(filler(), Buffer.alloc(size), { flag: 'a' })));
  for (let i = 0; !full(() => writeFileSync(`${filler()}-${i}`, '')); i++);
}

/** As if the client had been started that much earlier. */
const makeOlder = (ms: number) => {
  const file = ownFile(home, 'run.json')
  const run = JSON.parse(readFileSync(file, 'utf8')) as Run
  const startedAt = run.startedAt - ms
  writeFileSync(file, JSON.stringify({ ...run, startedAt }))
  utimesSync(file, startedAt / 1_000, startedAt / 1_000)
}

test('a full disk: the client killed is back in the same conversation, and a crash loop is no hot loop', async (context) => {
  if (!mounted) return context.skip()
  await channels(home, 'up')
  await expectAnswer(home, 'before the disk is full')
  const before = await untilLive(home)
  // As after a minute of life: two starts within thirty seconds would be a hot loop.
  makeOlder(60_000)
  fill()
  const killedAt = send(before.client.pid)
  await until('another client', () => clients(home).some(({ pid }) => pid !== before.client.pid))
  const after = await untilLive(home, { not: before.client.pid })
  expect(after.client.conversation).toBe(before.client.conversation)
  // Judged by its own logs, though the run on record began before: with those of the client before, it would have lost
  // its plugin already and be ended.
  expect(Date.parse(after.client.since ?? '')).toBeGreaterThanOrEqual(killedAt)
  await expectAnswer(home, 'with a full disk')

  send(after.client.pid)
  await until('a line that says why it waits', async () =>
    (await tmux(home, sockets(home).session, 'capture-pane', '-p')).includes('The disk is full or read-only'),
  )
  expect(clients(home)).toEqual([])

  makeRoom()
  await until(
    'the end of the client',
    async () => (await home.status()).sessions[0]?.reason === 'client-exited',
  )
  await channels(home, 'up')
  expect((await untilLive(home)).client.conversation).toBe(before.client.conversation)
})
