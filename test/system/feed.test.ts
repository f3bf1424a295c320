import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { feed } from '../../src/system/feed.ts'
import { patience } from '../patience.ts'
import { until } from '../sim/until.ts'
import { ownFolder } from './own.ts'

const env = { PATH: '/usr/bin:/bin' }
const unstopped = new AbortController().signal
const sh = (script: string, input = 'told\n', timeoutMs = 5_000 * patience, signal = unstopped) =>
  feed('/bin/sh', ['-c', script], { input, timeoutMs, env, signal })

test('gives it the input, this environment and no other', async () => {
  const file = join(ownFolder(), 'got')
  expect(await sh(`cat >'${file}'; env >>'${file}'; pwd >>'${file}'`)).toEqual({ status: 0, end: 'exited' })
  expect(readFileSync(file, 'utf8')).toMatch(/^told\n[\s\S]*PATH=\/usr\/bin:\/bin\n[\s\S]*\/\n$/)
  expect(readFileSync(file, 'utf8')).not.toContain('HOME=')
})

test.each([
  ['that fails', 'exit 7', { status: 7, end: 'exited' }],
  ['that is killed', 'kill -9 $$', { status: null, end: 'exited' }],
  [
    'that floods its output',
    'head -c 50000000 /dev/zero; head -c 5000000 /dev/zero >&2',
    { status: 0, end: 'exited' },
  ],
  ['that is not there', 'nosuchprogram', { status: 127, end: 'exited' }],
])('one %s disturbs nothing', async (_, script, fed) => {
  expect(await sh(script)).toEqual(fed)
})

test('one that reads nothing of much is none of our errors', async () => {
  expect(await sh('exit 0', 'x'.repeat(2_000_000))).toEqual({ status: 0, end: 'exited' })
})

test('one that hangs is ended, with all it started', async () => {
  const folder = ownFolder()
  const script = `sleep 600 & echo $! >'${folder}/child'; trap '' TERM; wait`
  expect(await sh(script, '', 300)).toEqual({ status: null, end: 'timed out' })
  const child = readFileSync(join(folder, 'child'), 'utf8').trim()
  await until('its child to be gone', () => !existsSync(`/proc/${child}/cwd`))
})

const written = async (file: string): Promise<string> => {
  await until('its child to be named', () => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'))
  return readFileSync(file, 'utf8').trim()
}
const isGone = (pid: string) => until('its child to be gone', () => !existsSync(`/proc/${pid}/cwd`))

test('one that is to stop is ended at once, with all it started, and none begins after that', async () => {
  const [file, stop] = [join(ownFolder(), 'child'), new AbortController()]
  const fed = sh(`sleep 600 & echo $! >'${file}'; trap '' TERM; wait`, '', 600_000, stop.signal)
  const child = await written(file)
  stop.abort()
  expect(await fed).toEqual({ status: null, end: 'stopped' })
  await isGone(child)
  expect(await sh(`echo >'${file}.2'`, '', 600_000, stop.signal)).toEqual({ status: null, end: 'stopped' })
  expect(existsSync(`${file}.2`)).toBe(false)
})

test('what one leaves behind has the rest of its time', async () => {
  const file = join(ownFolder(), 'child')
  expect(await sh(`sleep 600 & echo $! >'${file}'`, '', 2_000 * patience)).toEqual({
    status: 0,
    end: 'exited',
  })
  const child = await written(file)
  expect(existsSync(`/proc/${child}/cwd`)).toBe(true)
  await isGone(child)
})

test('what one leaves behind goes with what it belonged to', async () => {
  const [file, stop] = [join(ownFolder(), 'child'), new AbortController()]
  expect(await sh(`sleep 600 & echo $! >'${file}'`, '', 600_000, stop.signal)).toMatchObject({ status: 0 })
  const child = await written(file)
  stop.abort()
  await isGone(child)
})

test.each(['EPERM', 'ESRCH'])('one that hangs and cannot be ended (%s) is not waited for', async (code) => {
  const file = join(ownFolder(), 'pid')
  const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error(code), { code })
  })
  // The shell has written down whom to end before the timeout comes.
  const fed = await sh(`echo $$ >'${file}'; exec sleep 600`, '', 1_000 * patience)
  kill.mockRestore()
  expect(fed).toEqual({ status: null, end: 'timed out' })
  expect(process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL')).toBe(true)
})

test('a shell that is missing is an answer', async () => {
  const fed = await feed('/nowhere/sh', ['-c', 'true'], {
    input: '',
    timeoutMs: 1_000,
    env,
    signal: unstopped,
  })
  expect(fed).toEqual({ status: null, end: 'not started' })
})
