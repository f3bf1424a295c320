import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createProcesses, type Processes } from '../../src/system/processes.ts'
import { eventually, ownFolder } from './own.ts'

// The real processes of this machine, once by /proc and once by the same `ps` the macOS side reads.
const sources: readonly (readonly [string, () => Processes])[] =
  process.platform === 'linux'
    ? [
        ['/proc', () => createProcesses('linux')],
        ['ps', () => createProcesses('darwin')],
      ]
    : [['ps', () => createProcesses('darwin')]]

const start = (
  file: string,
  args: readonly string[],
  options: object = {},
): { child: ChildProcess; pid: number } => {
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'], ...options })
  onTestFinished(() => {
    child.kill('SIGCONT')
    child.kill('SIGKILL')
  })
  if (child.pid === undefined) throw new Error(`${file} did not start`)
  return { child, pid: child.pid }
}

const ended = (child: ChildProcess) =>
  new Promise<string | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)))

for (const [name, create] of sources) {
  test(`${name}: finds itself, its parents and its children`, async () => {
    const processes = create()
    const { pid } = start('sleep', ['60'])
    await eventually(() => create().find(pid)?.comm === 'sleep')
    const self = processes.self()
    expect(self.pid).toBe(process.pid)
    expect(processes.find(process.pid)).toMatchObject({ ...self, ppid: process.ppid })
    expect(processes.children(process.pid).map((info) => info.pid)).toContain(pid)
    expect(
      processes
        .ancestors(pid)
        .map((info) => info.pid)
        .slice(0, 2),
    ).toEqual([process.pid, process.ppid])
    expect(processes.all().map((info) => info.pid)).toEqual(expect.arrayContaining([pid, process.pid]))
    expect(processes.find(pid)).toMatchObject({ ppid: process.pid, comm: 'sleep' })
  })

  test(`${name}: several questions about one process are answered together, never by another`, async () => {
    const env = { PATH: process.env.PATH, CHANNELS_RUN: 'r1', EMPTY: '', XCHANNELS_RUN: 'r2' }
    const { pid } = start('sleep', ['62'], { env })
    await eventually(() => create().find(pid)?.comm === 'sleep')
    const processes = create()
    const info = processes.find(pid)
    if (info === null) throw new Error('gone')
    const found = processes.ask(info, ({ command, executable, variables }) => {
      const { CHANNELS_RUN, EMPTY, RUN } = variables('CHANNELS_RUN', 'EMPTY', 'RUN') ?? {}
      return { words: command(), file: executable()?.path.split('/').at(-1), CHANNELS_RUN, EMPTY, RUN }
    })
    expect(found).toMatchObject({ words: ['sleep', '62'], CHANNELS_RUN: 'r1', EMPTY: '', RUN: undefined })
    if (name === '/proc') expect(found?.file).toMatch(/sleep|coreutils|busybox/)
    expect(processes.ask({ ...info, start: 'another' }, ({ command }) => command())).toBeNull()
  })

  test(`${name}: finds those that were called with a text`, async () => {
    const text = `called with ${Math.random()}`
    const { pid } = start('sh', ['-c', 'read line', text])
    await eventually(() => create().command(create().find(pid) ?? { pid, start: '' })?.[0] === 'sh')
    const found = create().calledWith(`read line ${text}`)
    expect(found.map((info) => info.pid)).toEqual([pid])
    // On its way to sleep still, perhaps.
    expect(found).toEqual([{ ...create().find(pid), state: expect.any(String) }])
    expect(create().calledWith(`${text} and more`)).toEqual([])
  })

  test(`${name}: reads command and environment`, async () => {
    const env = { PATH: process.env.PATH, CHANNELS_RUN: 'r1', EMPTY: '', EQUALS: 'a=b', SPACE: 'a b' }
    const { pid } = start('sleep', ['63'], { env })
    await eventually(() => create().find(pid)?.comm === 'sleep')
    const processes = create()
    const info = processes.find(pid)
    if (info === null) throw new Error('gone')
    expect(processes.command(info)).toEqual(['sleep', '63'])
    expect(processes.environment(info)).toMatchObject({
      CHANNELS_RUN: 'r1',
      EMPTY: '',
      EQUALS: 'a=b',
      SPACE: 'a b',
    })
    // Another process that had the pid before it: nothing of this one is told.
    expect(processes.command({ pid, start: 'another' })).toBeNull()
    expect(processes.environment({ pid, start: 'another' })).toBeNull()
  })

  test(`${name}: a stopped process is there, a zombie is gone`, async () => {
    // Its parent, a shell that became sleep, never waits for it.
    const { child, pid } = start('sh', ['-c', 'sleep 64 & echo $!; exec sleep 65'])
    const text = await new Promise<string>((resolve) =>
      child.stdout?.once('data', (data) => resolve(String(data))),
    )
    const below = Number(text)
    const info = create().find(below)
    if (info === null) throw new Error('gone')
    expect(create().signal(info, 'SIGSTOP')).toBe('sent')
    await eventually(() => create().find(below)?.state === 'T')
    expect(create().signal(info, 'SIGCONT')).toBe('sent')
    expect(create().signal(info, 'SIGKILL')).toBe('sent')
    await eventually(() => create().find(below) === null)
    expect(create().find(pid)).not.toBeNull()
    expect(create().signal(info, 'SIGKILL')).toBe('gone')
    expect(create().command(info)).toBeNull()
    expect(create().children(pid)).toEqual([])
  })

  test(`${name}: signals this very process only`, async () => {
    const { child, pid } = start('sleep', ['66'])
    const info = create().find(pid)
    if (info === null) throw new Error('gone')
    expect(create().signal({ pid, start: 'another' }, 'SIGKILL')).toBe('gone')
    expect(create().find(pid)).not.toBeNull()
    const end = ended(child)
    expect(create().signal(info, 'SIGTERM')).toBe('sent')
    expect(await end).toBe('SIGTERM')
    expect(create().find(pid)).toBeNull()
    expect(create().ancestors(pid)).toEqual([])
    expect(create().children(pid)).toEqual([])
  })

  test(`${name}: never signals a group, everybody, or the first process`, () => {
    for (const pid of [0, -1, -process.pid, 1, Number.NaN, 1.5])
      expect(create().signal({ pid, start: 'x' }, 'SIGKILL')).toBe('refused')
  })
}

test.runIf(process.platform === 'linux')(
  '/proc: sees that an executable was replaced, and the folder',
  async () => {
    const folder = ownFolder()
    const file = join(folder, 'client (2)')
    copyFileSync('/bin/sleep', file)
    const { pid } = start(file, ['67'], { cwd: folder })
    const processes = createProcesses('linux')
    await eventually(() => processes.find(pid)?.comm === 'client (2)')
    const info = processes.find(pid)
    if (info === null) throw new Error('gone')
    expect(processes.replaced(info)).toBe(false)
    expect(processes.folder(info)).toBe(folder)
    rmSync(file)
    expect(processes.replaced(info)).toBe(true)
    expect(processes.replaced({ ...info, start: 'another' })).toBe(false)
  },
)

/** A made-up /proc: pid, name, parent, state. */
const madeUp = (...rows: readonly (readonly [number, string, number, string?])[]) => {
  const dir = ownFolder()
  for (const [pid, comm, ppid, state = 'S'] of rows) {
    mkdirSync(join(dir, String(pid), 'task', String(pid)), { recursive: true })
    const rest = `${state} ${ppid} 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ${pid}00 0 0`
    writeFileSync(join(dir, String(pid), 'stat'), `${pid} (${comm}) ${rest}\n`)
  }
  return dir
}

test('/proc: scans where the kernel lists no children', () => {
  const dir = madeUp(
    [1, 'init', 0],
    [10, 'claude', 1],
    [11, 'bun', 10],
    [12, 'bun', 11],
    [13, 'sh', 10, 'Z'],
    [14, 'x', 1],
  )
  mkdirSync(join(dir, 'sys'))
  const processes = createProcesses('linux', { dir })
  expect(processes.children(10).map(({ pid }) => pid)).toEqual([11])
  expect(processes.ancestors(12).map(({ pid }) => pid)).toEqual([11, 10, 1])
  expect(
    processes
      .all()
      .map(({ pid }) => pid)
      .sort(),
  ).toEqual([1, 10, 11, 12, 14].sort())
})

test('/proc: reads the lists of all threads where there are some', () => {
  const dir = madeUp([10, 'claude', 1], [11, 'bun', 10], [12, 'sh', 10], [13, 'not listed', 10])
  writeFileSync(join(dir, '10/task/10/children'), '11 ')
  mkdirSync(join(dir, '10/task/20'))
  writeFileSync(join(dir, '10/task/20/children'), '12 99 ')
  expect(
    createProcesses('linux', { dir })
      .children(10)
      .map(({ pid }) => pid),
  ).toEqual([11, 12])
})

test('/proc: names may hold spaces, parentheses and line ends', () => {
  for (const comm of ['a b', 'a) S 1 (b', '(sd-pam)', ') R 7', 'tmux: server', 'ü', 'a\nb', '']) {
    const processes = createProcesses('linux', { dir: madeUp([10, comm, 3, 'T']) })
    expect(processes.find(10)).toEqual({ pid: 10, comm, ppid: 3, state: 'T', start: '1000' })
  }
})

test('/proc: parents in a circle end the climb', () => {
  const processes = createProcesses('linux', { dir: madeUp([10, 'a', 11], [11, 'b', 10], [12, 'c', 10]) })
  expect(processes.ancestors(12).map(({ pid }) => pid)).toEqual([10, 11])
  expect(processes.ancestors(10).map(({ pid }) => pid)).toEqual([11])
})

test('/proc: cut and garbled lines are no processes', () => {
  const dir = madeUp([10, 'a', 1])
  const stat = readFileSync(join(dir, '10/stat'), 'utf8')
  const processes = createProcesses('linux', { dir })
  for (const text of ['', 'x', '10', '10 (a', ')(', '10 (a) S', stat.slice(0, 20), '\0\0\0']) {
    writeFileSync(join(dir, '10/stat'), text)
    expect(processes.find(10)).toBeNull()
  }
})

test('/proc: environments with odd entries', () => {
  const dir = madeUp([10, 'a', 1])
  const processes = createProcesses('linux', { dir })
  const id = { pid: 10, start: '1000' }
  expect(processes.environment(id)).toBeNull()
  writeFileSync(join(dir, '10/environ'), 'A=1\0A=2\0no equals\0=x\0__proto__=y\0LINES=a\nb\0')
  const environment = processes.environment(id)
  expect(Object.entries(environment ?? {}).sort()).toEqual([
    ['A', '1'],
    ['LINES', 'a\nb'],
    ['__proto__', 'y'],
  ])
  writeFileSync(join(dir, '10/environ'), '')
  expect(processes.environment(id)).toEqual({})
  writeFileSync(join(dir, '10/cmdline'), 'a\0\0c d\0')
  expect(processes.command(id)).toEqual(['a', '', 'c d'])
  writeFileSync(join(dir, '10/cmdline'), '')
  expect(processes.command(id)).toEqual([])
})

test('/proc: a system that does not answer is an error, not a process that is gone', () => {
  const dir = ownFolder()
  mkdirSync(join(dir, '10/stat'), { recursive: true })
  expect(() => createProcesses('linux', { dir }).find(10)).toThrow('EISDIR')
})
