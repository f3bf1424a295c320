import { type ChildProcess, spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { withLock } from '../../src/system/lock.ts'
import { exactly, within } from '../patience.ts'
import { eventually, ownFolder, program } from './own.ts'
import { fill, makeReadOnly, smallDisk } from './small-disk.ts'

/** Reads, waits a moment, writes one more: two at once would lose a count. */
const counting = (folder: string) =>
  program(
    folder,
    `import { readFileSync, writeFileSync } from 'node:fs'
     import { withLock } from '../../src/system/lock.ts'
     const [, , file, times, staleMs] = process.argv
     const once = () => withLock(file, async () => {
       const count = Number(readFileSync(file, 'utf8'))
       await new Promise((resolve) => setTimeout(resolve, 2))
       writeFileSync(file, String(count + 1))
     }, { timeoutMs: 60000, staleMs: Number(staleMs) })
     const all = async () => { for (let left = Number(times); left > 0; left -= 1) await once() }
     all().catch((error) => { console.error(error); process.exitCode = 1 })`,
  )

const holding = (folder: string) =>
  program(
    folder,
    `import { withLock } from '../../src/system/lock.ts'
     withLock(process.argv[2], async () => { console.log('held'); await new Promise((resolve) => setTimeout(resolve, 60000)) })`,
  )

const exitOf = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve))

const start = (args: readonly string[]): ChildProcess => {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return child
}

const said = (child: ChildProcess) =>
  new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()))

test('holds the lock while the action runs, and hands its result back', async () => {
  const file = join(ownFolder(), 'below/config.json')
  const result = await withLock(file, async () => {
    expect(existsSync(`${file}.lock`)).toBe(true)
    expect(existsSync(file)).toBe(false)
    return 'done'
  })
  expect(result).toBe('done')
  expect(readdirSync(join(file, '..'))).toEqual([])
})

test('what the action throws comes through, and the lock is free again', async () => {
  const file = join(ownFolder(), 'x')
  await expect(withLock(file, () => Promise.reject(new Error('bug')))).rejects.toThrow('bug')
  expect(existsSync(`${file}.lock`)).toBe(false)
})

test('one after the other, within a process, too', async () => {
  const file = join(ownFolder(), 'x')
  let inside = 0
  let most = 0
  const action = async () => {
    inside += 1
    most = Math.max(most, inside)
    await new Promise((resolve) => setTimeout(resolve, 5))
    inside -= 1
  }
  await Promise.all(Array.from({ length: 10 }, () => withLock(file, action)))
  expect(most).toBe(1)
})

test('20 processes at once lose no count', within(60_000), async () => {
  const folder = ownFolder()
  const file = join(folder, 'count')
  writeFileSync(file, '0')
  const counter = counting(folder)
  const children = Array.from({ length: 20 }, () => start([counter, file, '5', '10000']))
  expect(await Promise.all(children.map(exitOf))).toEqual(children.map(() => 0))
  expect(readFileSync(file, 'utf8')).toBe('100')
})

test('20 processes behind one that was killed while it held the lock', within(60_000), async () => {
  const folder = ownFolder()
  const file = join(folder, 'count')
  writeFileSync(file, '0')
  const counter = counting(folder)
  const holder = start([holding(folder), file])
  await said(holder)
  const children = Array.from({ length: 20 }, () => start([counter, file, '3', '2000']))
  holder.kill('SIGKILL')
  expect(await Promise.all(children.map(exitOf))).toEqual(children.map(() => 0))
  expect(readFileSync(file, 'utf8')).toBe('60')
  expect(readdirSync(folder).filter((name) => name.startsWith('count'))).toEqual(['count'])
})

test('a holder that ends by a signal leaves no lock', async () => {
  const folder = ownFolder()
  const file = join(folder, 'x')
  const holder = start([holding(folder), file])
  await said(holder)
  expect(existsSync(`${file}.lock`)).toBe(true)
  const end = exitOf(holder)
  holder.kill('SIGTERM')
  await end
  expect(existsSync(`${file}.lock`)).toBe(false)
})

test('a lock that others hold: 1, named, with what to do', async () => {
  const file = join(ownFolder(), 'x')
  await withLock(file, async () => {
    const error = await withLock(file, async () => 'never', { timeoutMs: 100 }).catch((each: unknown) => each)
    expect(error).toMatchObject({
      name: 'ExpectedError',
      status: 1,
      hint: expect.stringContaining(`rmdir ${file}.lock`),
    })
    expect(String(error)).toContain(`${file}.lock`)
  })
})

test('a lock that is renewed is never taken, however long it is held', async () => {
  const folder = ownFolder()
  const file = join(folder, 'x')
  await withLock(
    file,
    async () => {
      const error = await withLock(file, async () => 'never', { timeoutMs: 4000, staleMs: 2000 }).catch(
        (each: unknown) => each,
      )
      expect(error).toMatchObject({ status: 1 })
    },
    { staleMs: 2000 },
  )
})

test('a lock left behind is taken at once', async () => {
  const file = join(ownFolder(), 'x')
  mkdirSync(`${file}.lock`)
  utimesSync(`${file}.lock`, 1, 1)
  expect(await withLock(file, async () => 'done', { timeoutMs: 0 })).toBe('done')
  expect(existsSync(`${file}.lock`)).toBe(false)
})

test('so it is when the one who was about to take it was killed, too', async () => {
  const folder = ownFolder()
  const file = join(folder, 'x')
  mkdirSync(`${file}.lock`)
  utimesSync(`${file}.lock`, 1, 1)
  const { ino, mtimeMs } = statSync(`${file}.lock`)
  mkdirSync(`${file}.lock.${ino}-${mtimeMs}`)
  expect(await withLock(file, async () => 'done', { timeoutMs: 0 }).catch(() => 'refused')).toBe('refused')
  utimesSync(`${file}.lock.${ino}-${mtimeMs}`, 1, 1)
  expect(await withLock(file, async () => 'done', { timeoutMs: 2000 })).toBe('done')
  expect(readdirSync(folder)).toEqual([])
})

test('a lock that was taken away while held is not released under its new holder', async () => {
  const file = join(ownFolder(), 'x')
  await withLock(
    file,
    async () => {
      utimesSync(`${file}.lock`, 1, 1)
      await eventually(() => false, exactly(1500)).catch(() => undefined)
    },
    { staleMs: 2000 },
  )
  expect(existsSync(`${file}.lock`)).toBe(true)
})

test('full or read-only disk, and a file in the way: 73', async ({ skip }) => {
  const folder = ownFolder()
  writeFileSync(join(folder, 'state'), '')
  await expect(withLock(join(folder, 'state/x'), async () => 1)).rejects.toMatchObject({ status: 73 })
  const disk = smallDisk()
  if (disk === null) return skip()
  fill(disk)
  const full = await withLock(join(disk, 'a/b/c/x'), async () => 'done').catch((error: unknown) => error)
  if (full !== 'done') expect(full).toMatchObject({ status: 73 })
  if (makeReadOnly(disk))
    await expect(withLock(join(disk, 'x'), async () => 1)).rejects.toMatchObject({ status: 73 })
})

test('no permission: 77', async ({ skip }) => {
  if (process.geteuid?.() !== 0) return skip()
  const folder = ownFolder()
  const foreign = program(
    folder,
    `import { withLock } from '../../src/system/lock.ts'
     const [, , open, closed] = process.argv
     // The first one loads what it takes: nobody may not read this program any more.
     withLock(open, async () => process.setuid(65534)).catch(() => undefined)
       .then(() => withLock(closed, async () => 0))
       .catch((error) => { process.exitCode = error.status })`,
  )
  mkdirSync(join(folder, 'closed'), { mode: 0o700 })
  expect(await exitOf(start([foreign, join(folder, 'x'), join(folder, 'closed/x')]))).toBe(77)
})

test('a lock is not taken from a holder that slept with the whole machine', async () => {
  const file = join(ownFolder(), 'x')
  onTestFinished(() => void vi.useRealTimers())
  let waiting: Promise<string> | null = null
  const order: string[] = []
  await withLock(file, async () => {
    waiting = withLock(file, async () => `${order.push('next')}`)
    await new Promise((resolve) => setTimeout(resolve, 300))
    // Of a machine that was suspended only this clock goes on.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 9 * 3_600_000 })
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    order.push('first')
  })
  await waiting
  expect(order).toEqual(['first', 'next'])
})

test('a lock, or a claim on one, from before the clock was set back is stale', async () => {
  const file = join(ownFolder(), 'config.json')
  mkdirSync(`${file}.lock`)
  const ahead = new Date(Date.now() + 3_600_000)
  utimesSync(`${file}.lock`, ahead, ahead)
  const { ino, mtimeMs } = statSync(`${file}.lock`)
  const claim = `${file}.lock.${ino}-${mtimeMs}`
  mkdirSync(claim)
  utimesSync(claim, ahead, ahead)
  expect(await withLock(file, async () => 'got it', { timeoutMs: 5_000 })).toBe('got it')
  expect(existsSync(claim)).toBe(false)
})
