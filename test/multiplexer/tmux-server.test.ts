import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createTmux } from '../../src/multiplexer/tmux.ts'
import { findServers } from '../../src/multiplexer/tmux-server.ts'
import { systemClock } from '../../src/system/clock.ts'
import { createProcesses } from '../../src/system/processes.ts'
import { replaceFile } from '../../src/system/replace-file.ts'
import { run } from '../../src/system/run.ts'
import { patience } from '../patience.ts'
import { until } from '../sim/until.ts'

const socket = '/Users/a b/state/web'
const place = {
  session: 'web',
  socket,
  screens: '/none',
  attachedFile: '/attached',
  userConfig: { tmux: '/none/tmux.conf', screen: '/none/screenrc' },
}
const lineOf = (at: string, conf = `${at}.conf`) => [
  ...[
    'tmux',
    '-u',
    '-S',
    at,
    '-f',
    conf,
    'new-session',
    '-d',
    '-s',
    'web',
    '-c',
    '/',
    '--',
    'sh',
    '/loop.sh',
  ],
]

/** One server of that command line, as /proc has it on Linux, and as a line of `ps` comes back on macOS. */
const systems = [
  ['Linux', 'tmux: server', (line: readonly string[]) => line],
  ['macOS', 'tmux', (line: readonly string[]) => line.join(' ').split(' ')],
] as const

for (const [system, comm, read] of systems) {
  const found = (line: readonly string[], confs?: readonly string[]): number => {
    const server = { pid: 7, start: '1', ppid: 1, state: 'S', comm }
    return findServers({ processes: { all: () => [server], command: () => read(line) } }, place, confs).length
  }

  test(`${system}: finds the server of a path with a space, with the user's configuration or without`, () => {
    expect(found(lineOf(socket))).toBe(1)
    expect(found(lineOf(socket, `${socket}.plain.conf`))).toBe(1)
    expect(found(lineOf(socket), [`${socket}.conf`])).toBe(1)
    expect(found(lineOf(socket), [`${socket}.plain.conf`])).toBe(0)
  })

  test.each([
    '/Users/a b/state/web2',
    '/Users/a b/state/web 2',
    '/Users/a b/state/web/2',
    '/Volumes/x/Users/a b/state/web',
    '/Volumes/x /Users/a b/state/web',
    '/Users/a',
    'b/state/web',
  ])(`${system}: not the one of %s`, (other) => expect(found(lineOf(other))).toBe(0))

  test(`${system}: not the program it has only just forked`, () => {
    const forked = { pid: 3, start: '2', ppid: 7, state: 'R', comm }
    const server = { pid: 7, start: '1', ppid: 1, state: 'S', comm }
    const processes = { all: () => [forked, server], command: () => read(lineOf(socket)) }
    expect(findServers({ processes }, place).map(({ pid }) => pid)).toEqual([7])
  })

  test(`${system}: not what only has to do with it`, () => {
    expect(found(['tmux', '-u', '-S', socket, 'attach-session', '-t', '=web'])).toBe(0)
    expect(found(['tmux', '-u', '-S', '/other', '-f', `${socket}.conf`, 'new-session', '-d'])).toBe(0)
    expect(found(['vi', `${socket}.conf`])).toBe(0)
  })
}

// Once as this system lists its processes, once by the `ps` of macOS.
test.each([
  ['here', createProcesses(process.platform)],
  ['by ps', createProcesses('darwin')],
])(
  'a lost socket in a folder with a space is asked back, and the server ended: %s',
  async (_, processes) => {
    const folder = mkdtempSync(join(tmpdir(), 'tmux test '))
    const env = { PATH: process.env.PATH ?? '', HOME: folder, LANG: 'C.UTF-8' }
    const tmux = createTmux({ run, program: 'tmux', env, processes, clock: systemClock, replaceFile })
    const own = { ...place, socket: join(folder, 's/web'), attachedFile: join(folder, 'attached') }
    const start = () => tmux.start(own, ['sleep', '600'], { cwd: folder, env, server: null })
    try {
      expect(await start()).toBe('started')
      // A table of `ps` may be as old as 200 ms.
      await until('the server to be listed', () => findServers({ processes }, own).length === 1)
      rmSync(own.socket)
      expect(await start()).toBe('already')
      rmSync(own.socket)
    } finally {
      await tmux.end(own)
      rmSync(folder, { recursive: true, force: true })
    }
    expect(findServers({ processes }, own)).toEqual([])
    // Where the machine is busy, each of some hundred `ps` takes its time.
  },
  60_000 * patience,
)
