import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { KeeperRecord } from '../../src/core/records.ts'
import type { World } from '../../src/deps.ts'
import { claim, claimOnce, release } from '../../src/keeper/claim.ts'
import { files } from '../../src/system/files.ts'
import { resolveFolders } from '../../src/system/folders.ts'
import { ownFolder } from '../system/own.ts'

const here = 'boot-1 pid:[1]'
const self = { pid: 7, start: '105' }
const now = 1_800_000_000_000
const untold = new AbortController().signal

type Around = {
  /** Other processes that are there: pid and start. */
  readonly others?: Readonly<Record<number, string>>
  /** What happens while it sleeps, by how long it has slept. */
  readonly meanwhile?: (sleptMs: number, world: World) => void
  readonly machine?: string | null
}

const machine = ({ others = {}, meanwhile, machine: named = here }: Around = {}) => {
  const folders = resolveFolders({ CHANNELS_HOME: ownFolder() }, '/nowhere')
  const signals: string[] = []
  let slept = 0
  const starts: Record<number, string> = { ...others, [self.pid]: self.start }
  const world = {
    folders,
    files,
    version: '1.0.0',
    clock: {
      now: () => now + slept,
      elapsed: () => slept,
      sleep: async (ms: number) => {
        slept += ms
        meanwhile?.(slept, world)
      },
    },
    processes: {
      machine: () => named,
      self: () => self,
      find: (pid: number) => (starts[pid] === undefined ? null : { pid, start: starts[pid], state: 'S' }),
      signal: ({ pid }: { pid: number }, name: string) => {
        signals.push(`${pid} ${name}`)
        return 'sent'
      },
    },
    withLock: <T>(_: string, action: () => Promise<T>) => action(),
    journal: { append: () => 'written' },
  } as unknown as World
  return { world, signals, slept: () => slept, end: (pid: number) => delete starts[pid] }
}

const record = (change: Partial<KeeperRecord> = {}): KeeperRecord => ({
  ...{ format: 1, pid: 20, start: '1', version: '1.0.0', since: now, where: 'foreground', machine: here },
  ...change,
})
const write = (world: World, keeper: KeeperRecord, beatAt = now): void => {
  files.writeRecord(world.folders.keeper.record, keeper)
  files.touch(world.folders.keeper.record, beatAt)
}
const written = ({ folders }: World): unknown => JSON.parse(readFileSync(folders.keeper.record, 'utf8'))

test.each<[string, KeeperRecord]>([
  ['of a process that is gone', record()],
  ['of one whose pid somebody else has by now', record({ pid: 30, start: '1' })],
  [
    'of another boot or container, with pid and start of somebody here',
    record({ pid: 30, start: '9', machine: 'x' }),
  ],
  ['that names this very process, from a machine that counts anew', record({ ...self })],
  ['of one that was taking all down', record({ where: 'stopping' })],
  ['of an older release, gone', record({ machine: null })],
])('a record that was left %s keeps nobody', async (_, left) => {
  const { world, slept } = machine({ others: { 30: '9' } })
  write(world, left, now - 3_600_000)
  expect(await claim(world, 'foreground', untold)).toBe('claimed')
  expect(written(world)).toMatchObject({ ...self, where: 'foreground', machine: here })
  expect(slept()).toBe(0)
})

test('of another container that was silent for ten seconds, nobody is there any more', async () => {
  const { world, slept } = machine()
  write(world, record({ machine: 'x' }), now - 1_000)
  expect(await claim(world, 'foreground', untold)).toBe('claimed')
  expect(slept()).toBeGreaterThanOrEqual(10_000)
})

test('one that is at work in another container is not joined', async () => {
  const beats = (ms: number, world: World) => files.touch(world.folders.keeper.record, now + ms)
  const { world, slept } = machine({ meanwhile: beats })
  write(world, record({ machine: 'x' }), now - 1_000)
  await expect(claim(world, 'foreground', untold)).rejects.toMatchObject({
    status: 1,
    message: expect.stringContaining('in another container'),
  })
  expect(slept()).toBeLessThan(3_000)
  expect(written(world)).toMatchObject({ machine: 'x' })
})

test('one that leaves another container meanwhile is followed at once', async () => {
  const leaves = (ms: number, world: World) => {
    if (ms >= 1_000) files.remove(world.folders.keeper.record)
  }
  const { world, slept } = machine({ meanwhile: leaves })
  write(world, record({ machine: 'x' }), now)
  expect(await claim(world, 'foreground', untold)).toBe('claimed')
  expect(slept()).toBeLessThan(2_000)
})

test('where the system names no machine, pid and start decide alone', async () => {
  const { world } = machine({ machine: null, others: { 20: '1' } })
  write(world, record({ machine: 'x' }))
  await expect(claim(world, 'foreground', untold)).rejects.toMatchObject({ status: 1 })
})

test('another one in the foreground is named, and left alone', async () => {
  const { world, signals } = machine({ others: { 20: '1' } })
  write(world, record())
  await expect(claim(world, 'foreground', untold)).rejects.toMatchObject({
    status: 1,
    message: 'Another keeper runs (pid 20, in the foreground).',
  })
  expect(signals).toEqual([])
  expect(await claim(world, 'terminal', untold)).toBe('another')
})

test('one in a terminal is asked to leave, once', async () => {
  const made = machine({
    others: { 20: '1' },
    meanwhile: (ms) => {
      if (ms >= 500) made.end(20)
    },
  })
  write(made.world, record({ where: 'terminal' }))
  expect(await claim(made.world, 'foreground', untold)).toBe('claimed')
  expect(made.signals).toEqual(['20 SIGTERM', '20 SIGCONT'])
})

test('whoever takes all down is waited for, and not disturbed', async () => {
  const made = machine({
    others: { 20: '1' },
    meanwhile: (ms) => {
      if (ms >= 4_000) made.end(20)
    },
  })
  write(made.world, record({ where: 'stopping' }))
  expect(await claim(made.world, 'terminal', untold)).toBe('another')
  expect(await claim(made.world, 'foreground', untold)).toBe('claimed')
  expect(made.signals).toEqual([])
})

test('a keeper takes its own down in its own name; its record goes with it', async () => {
  const { world } = machine()
  expect(await claim(world, 'foreground', untold)).toBe('claimed')
  expect(await claimOnce(world, 'stopping', 'stopping')).toBeNull()
  expect(written(world)).toMatchObject({ ...self, where: 'stopping' })
  await release(world)
  expect(files.exists(world.folders.keeper.record)).toBe(false)
})

test('told to leave while it waits for another container, it is no keeper, and touches nothing', async () => {
  const told = new AbortController()
  const { world, slept } = machine({ meanwhile: () => told.abort() })
  const left = record({ machine: 'x' })
  write(world, left, now)
  expect(await claim(world, 'foreground', told.signal)).toBe('another')
  expect(slept()).toBeLessThan(1_000)
  expect(written(world)).toEqual(left)
})
