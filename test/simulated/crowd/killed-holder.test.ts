import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resolveFolders } from '../../../src/system/folders.ts'
import { patience, within } from '../../patience.ts'
import { cli } from '../../sim/cli.ts'
import type { Home } from '../../sim/home.ts'
import { servers } from '../../sim/terminals.ts'
import { until } from '../../sim/until.ts'
import { clients, foldersOf, journal, pollers, untilLive } from '../../sim/watch.ts'
import { allowCrashes, channels, closeEmpty, loops, openSession, withoutKeeper } from '../life/rig.ts'

// Fifty at once behind a holder that was killed: whichever lock it was, they wait until it is stale, and make one client.

let home: Home
beforeAll(async () => {
  home = await openSession()
  allowCrashes(home)
})
afterAll(() => closeEmpty(home))

/** A lock that was not renewed for so long is taken; with what fifty commands take on a machine that does other things, too. */
const staleMs = 10_000
const boundMs = (staleMs + 40_000) * patience

/** Every lock that stands between an order and a client: what is locked, and what is told of it. */
const locks: readonly (readonly [string, (home: Home) => string])[] = [
  ['the one of its starts', (of) => foldersOf(of, 'work').up],
  ['the one of what is wanted', (of) => foldersOf(of, 'work').wanted],
  ["launch's", (of) => foldersOf(of, 'work').lock],
  ["the keeper's", (of) => ownFolders(of).keeper.record],
]

test.each(locks)(
  'fifty that bring it up, and the holder of a lock was killed: %s',
  { timeout: 2 * boundMs },
  async (_, pathIn) => {
    await channels(home, 'down')
    const before = startsOf(home)
    // One that runs takes no lock.
    await withoutKeeper(home)
    await killHolder(pathIn(home))
    await fifty(['up', 'work', '--no-listen'])
    await untilLive(home)
    expectOne()
    expect(startsOf(home) - before).toBe(1)
    await untilNoLock()
  },
)

test('the same where it was a command that was killed in the middle of it', within(2 * boundMs), async () => {
  await channels(home, 'down')
  const before = startsOf(home)
  const lock = `${foldersOf(home, 'work').up}.lock`
  const child = spawn(process.execPath, [cli, 'up', 'work'], { env: home.env, stdio: 'ignore' })
  const ended = new Promise<unknown>((resolve) => child.once('exit', (_, signal) => resolve(signal)))
  await until('it to hold the lock', () => existsSync(lock))
  child.kill('SIGKILL')
  expect(await ended).toBe('SIGKILL')
  expect(existsSync(lock)).toBe(true)
  await fifty(['up', 'work', '--no-listen'])
  await untilLive(home)
  expectOne()
  expect(startsOf(home) - before).toBe(1)
  await untilNoLock()
})

test('fifty that change the configuration, and the holder of its lock was killed: none is lost', {
  timeout: 2 * boundMs,
}, async () => {
  await killHolder(ownFolders(home).configFile)
  // One key each: what one of them writes back over another is missing.
  await fifty((i) => ['set', 'work', `env.KEY_${i}=${i}`])
  const { sessions } = JSON.parse(readFileSync(ownFolders(home).configFile, 'utf8'))
  const changed = Array.from({ length: 50 }, (_, i) => [`KEY_${i}`, `${i}`])
  expect(sessions.work.environment).toMatchObject(Object.fromEntries(changed))
  expect(locksIn(home)).toEqual([])
})

const fifty = async (words: readonly string[] | ((i: number) => readonly string[])): Promise<void> => {
  const began = performance.now()
  const all = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      home.channels(typeof words === 'function' ? words(i) : words, { timeoutMs: boundMs / patience }),
    ),
  )
  expect(performance.now() - began).toBeLessThan(boundMs)
  // On a machine that is this busy the last of them may have waited for a minute: they say so, and change nothing.
  const failed = all.filter(
    ({ code, stderr }) => code !== 0 && !stderr.includes('Another process holds the lock'),
  )
  expect(failed).toEqual([])
  expect(all.some(({ code }) => code === 0)).toBe(true)
}

const expectOne = () =>
  expect([clients(home), pollers(home), loops(home), servers(home)].map(({ length }) => length)).toEqual([
    1, 1, 1, 1,
  ])

const startsOf = (of: Home): number => journal(of).filter(({ type }) => type === 'client-started').length

const ownFolders = (of: Home) => resolveFolders({ CHANNELS_HOME: of.channelsHome }, of.home)

/** A keeper that has just begun may hold its own, or wait until the one that was left behind is stale. */
const untilNoLock = () =>
  until(
    () => `no lock, and there is ${locksIn(home)}`,
    () => locksIn(home).length === 0,
    staleMs + 5_000,
  )

const locksIn = (of: Home): readonly string[] =>
  readdirSync(of.channelsHome, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.lock(\.|$)/.test(name),
  )

const lockfile = createRequire(import.meta.url).resolve('proper-lockfile')

/** Leaves the lock of a process that was killed just after it had taken it. */
const killHolder = async (path: string): Promise<void> => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const script = `require(${JSON.stringify(lockfile)}).lockSync(process.argv[1], { realpath: false, update: 2000 }); setInterval(() => {}, 1e6)`
  const child = spawn(process.execPath, ['-e', script, path], { env: home.env, stdio: 'inherit' })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  await until('it to hold the lock', () => existsSync(`${path}.lock`))
  child.kill('SIGKILL')
  await ended
}
