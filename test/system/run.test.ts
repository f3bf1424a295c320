import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { run, runInteractive } from '../../src/system/run.ts'
import { ownFolder, program } from './own.ts'

const env = { PATH: '/usr/bin:/bin' }
const options = { timeoutMs: 5000, env }
const sh = (text: string, more: object = {}) => run('sh', ['-c', text], { ...options, ...more })

test('hands back what a program printed and how it ended', async () => {
  expect(await sh('echo out; echo err >&2; exit 7')).toEqual({
    status: 7,
    signal: null,
    stdout: 'out\n',
    stderr: 'err\n',
    timedOut: false,
    notFound: false,
  })
  expect(await sh('kill -9 $$')).toMatchObject({ status: null, signal: 'SIGKILL', timedOut: false })
})

test('gives the program this environment and no other', async () => {
  const { stdout } = await run('/usr/bin/env', [], { timeoutMs: 5000, env: { ONLY: 'this' } })
  expect(stdout).toBe('ONLY=this\n')
})

test('keeps arguments apart from the shell', async () => {
  const { stdout } = await run('printf', ['%s|', 'a b', '$HOME', '`id`', "'"], options)
  expect(stdout).toBe("a b|$HOME|`id`|'|")
})

test('stdin is empty without input, and the input with it', async () => {
  expect(await sh('cat; echo end')).toMatchObject({ status: 0, stdout: 'end\n' })
  expect(await sh('cat', { input: 'typed' })).toMatchObject({ status: 0, stdout: 'typed' })
  // A program that doesn't read it is none of our errors.
  expect(await sh('exit 3', { input: 'x'.repeat(1_000_000) })).toMatchObject({ status: 3 })
})

test('says when the program is not there or may not be run', async () => {
  const folder = ownFolder()
  const plain = join(folder, 'plain')
  writeFileSync(plain, '#!/bin/sh\n')
  for (const file of ['no-such-program', join(folder, 'none'), plain, join(plain, 'below')])
    expect(await run(file, [], options)).toMatchObject({ status: null, notFound: true })
  chmodSync(plain, 0o755)
  expect(await run(plain, [], options)).toMatchObject({ status: 0, notFound: false })
})

test('a missing folder is not taken for a missing program', async () => {
  const result = await sh('true', { cwd: '/no/such/folder' })
  expect(result).toMatchObject({ status: null, notFound: false, stderr: '/no/such/folder is not a folder' })
})

test('runs in the folder asked for', async () => {
  const folder = ownFolder()
  expect((await sh('pwd -P', { cwd: folder })).stdout).toBe(`${folder}\n`)
})

test('runs also where the present folder is gone', () => {
  const folder = ownFolder()
  const gone = join(folder, 'gone')
  mkdirSync(gone)
  const file = program(
    folder,
    `import { rmdirSync } from 'node:fs'
     import { run, runInteractive } from '../../src/system/run.ts'
     rmdirSync(process.argv[2])
     const env = { PATH: '/usr/bin:/bin' }
     const { status, stdout } = await run('sh', ['-c', 'pwd'], { timeoutMs: 5000, env })
     console.log(JSON.stringify([status, stdout, await runInteractive('true', [], { env })]))`,
  )
  const { stdout, stderr } = spawnSync(process.execPath, [file, gone], { cwd: gone, encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual([0, '/\n', { status: 0, signal: null }])
})

test('ends with SIGTERM at the timeout', async () => {
  const started = Date.now()
  expect(await sh('echo begun; exec sleep 30', { timeoutMs: 300 })).toMatchObject({
    stdout: 'begun\n',
    signal: 'SIGTERM',
    timedOut: true,
  })
  expect(Date.now() - started).toBeLessThan(3000)
})

test('ends with SIGKILL what ignores SIGTERM', async () => {
  const started = Date.now()
  const result = await sh("trap '' TERM; while :; do sleep 0.1; done", { timeoutMs: 300 })
  expect(result).toMatchObject({ signal: 'SIGKILL', timedOut: true })
  expect(Date.now() - started).toBeLessThan(300 + 3000)
})

test('does not wait for a grandchild that holds the pipes open', async () => {
  const folder = ownFolder()
  const file = join(folder, 'pid')
  onTestFinished(() => {
    process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL')
  })
  const started = Date.now()
  const result = await sh('sleep 60 & echo $! >"$1"; echo done'.replace('$1', file), { timeoutMs: 20_000 })
  expect(result).toMatchObject({ status: 0, stdout: 'done\n', timedOut: false })
  expect(Date.now() - started).toBeLessThan(5000)
})

test('neither does it at the timeout', async () => {
  const folder = ownFolder()
  const file = join(folder, 'pid')
  onTestFinished(() => {
    process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL')
  })
  const started = Date.now()
  const result = await sh(`(trap '' TERM; exec sleep 60) & echo $! >${file}; wait`, { timeoutMs: 300 })
  expect(result).toMatchObject({ timedOut: true })
  expect(Date.now() - started).toBeLessThan(4000)
})

// A process that was held up, or a machine that slept, may have to catch up just then.
test.runIf(process.platform === 'linux')(
  'what a program said is read, though its end is known first and nothing else was done for a second',
  async () => {
    const folder = ownFolder()
    const go = join(folder, 'go')
    const slow = await caught(() => sh(`while [ ! -e '${go}' ]; do sleep 0.01; done; echo words >&2; exit 1`))
    slow.child.once('exit', () => block(1_000))
    // Both ends are collected with the first one's, and the words of the second wait for the next round.
    const first = spawn('sh', ['-c', 'echo first'])
    first.stdout.once('data', () => {
      writeFileSync(go, '')
      blockUntilEnded(slow.child)
    })
    blockUntilEnded(first)
    await once(first, 'exit')
    expect(await slow.result).toMatchObject({ status: 1, stderr: 'words\n', timedOut: false })
  },
)

/** The program that a call starts, as soon as it has, and what becomes of the call. */
const caught = async <T>(
  call: () => Promise<T>,
): Promise<{ readonly child: ChildProcess; readonly result: Promise<T> }> => {
  let note: (message: unknown) => void = () => undefined
  const started = new Promise<ChildProcess>((resolve) => {
    note = (message) => resolve((message as { process: ChildProcess }).process)
  })
  subscribe('child_process', note)
  const result = call()
  const child = await started
  unsubscribe('child_process', note)
  return { child, result }
}

const block = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

/** Until nobody but us has still to hear of it. */
const blockUntilEnded = ({ pid }: ChildProcess): void => {
  while (!/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) block(5)
}

test('reads all of a long output, and bytes that are no UTF-8', async () => {
  const { stdout } = await sh('head -c 5000000 /dev/zero | tr "\\0" x')
  expect(stdout.length).toBe(5_000_000)
  expect((await sh('printf "a\\377b"')).stdout).toBe('a\uFFFDb')
})

test('an argument list too long for the system is an answer, too', async () => {
  const result = await run('true', ['x'.repeat(3_000_000)], options)
  expect(result).toMatchObject({ status: null, notFound: false })
  expect(result.stderr).toContain('E2BIG')
})

test('interactive: status or signal, and 69 for a program that is not there', async () => {
  expect(await runInteractive('sh', ['-c', 'exit 4'], { env })).toEqual({ status: 4, signal: null })
  expect(await runInteractive('sh', ['-c', 'kill -TERM $$'], { env })).toEqual({
    status: null,
    signal: 'SIGTERM',
  })
  await expect(runInteractive('no-such-program', [], { env })).rejects.toMatchObject({ status: 69 })
})
