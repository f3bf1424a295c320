import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Call, type Outcome, runProgram } from '../../sim/cli.ts'
import type { Home } from '../../sim/home.ts'
import { until } from '../../sim/until.ts'

/** A machine with a systemd user manager of its own: mount and PID namespace. */
export type Manager = Machine & {
  /** The home as it is from inside: its commands run there, and pids that they name are those of there. */
  readonly home: Home
  /** `systemctl --user` inside; what it prints, trimmed. */
  readonly systemctl: (...words: readonly string[]) => Promise<string>
  /** `channels` as it was installed at first, and as it is after an upgrade, elsewhere. */
  readonly channels: Home['channels']
  readonly upgraded: Home['channels']
}

type Machine = {
  /** Runs a program inside, in the environment of the home's user. */
  readonly run: (words: readonly string[], call?: Partial<Call>) => Promise<Outcome>
  /** Ends every process inside at once, as a power cut does. */
  readonly close: () => Promise<void>
}

/** `offline`: without any network, not even the machine's own. */
type Network = 'ours' | 'offline'

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const driver = fileURLToPath(new URL('manager.sh', import.meta.url))
const isRoot = process.getuid?.() === 0
const runtime = '/run/user/0'
export const installed = '/mnt/channels/bin/channels.js'
/** With all that a unit's syntax gives a meaning. */
export const upgradedTo = '/mnt/an upgrade, 100% $HOME/bin/channels.js'

/** Why no user manager can run on this machine; null where one can, as is tried. */
export const whyNoManager = async (): Promise<string | null> => {
  if (!['/usr/lib/systemd/systemd', '/lib/systemd/systemd'].some(existsSync)) return 'no systemd is installed'
  const home = mkdtempSync(join(tmpdir(), 'chan-'))
  const env = { PATH: process.env.PATH ?? '', HOME: home }
  try {
    await (await boot({ home, project: home, env }, 'ours')).close()
    return null
  } catch (error) {
    return `neither root nor user namespaces allow it here: ${String(error)}`
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

/** Boots it: a manager that has read its units, and has started what is enabled. */
export const bootManager = async (home: Home, network: Network = 'ours'): Promise<Manager> => {
  const machine = await boot(home, network)
  const channelsAt =
    (script: string): Home['channels'] =>
    (args, call) =>
      machine.run([process.execPath, script, ...args], call)
  const channels = channelsAt(installed)
  const status: Home['status'] = async () => JSON.parse((await channels(['status', '--json'])).stdout)
  return {
    ...machine,
    home: { ...home, channels, status },
    systemctl: async (...words) => (await machine.run(['systemctl', '--user', ...words])).stdout.trim(),
    channels,
    upgraded: channelsAt(upgradedTo),
  }
}

type Place = Pick<Home, 'home' | 'project' | 'env'>

const boot = async (place: Place, network: Network): Promise<Machine> => {
  const kinds = ['--mount', '--pid', ...(network === 'offline' ? ['--net'] : [])]
  const user = isRoot ? [] : ['--user', '--map-root-user']
  const outer = spawn(
    // Goes with us even if we are killed, and all that is inside with it.
    'setpriv',
    [
      '--pdeathsig',
      'KILL',
      'unshare',
      ...user,
      ...kinds,
      '--fork',
      '--mount-proc',
      '--kill-child',
      driver,
      repository,
    ],
    {
      cwd: '/',
      env: { PATH: place.env.PATH ?? '', HOME: place.home, XDG_RUNTIME_DIR: runtime },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const said: string[] = []
  outer.on('error', (error) => said.push(String(error)))
  for (const stream of [outer.stdout, outer.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => said.push(text))
  try {
    const isOver = () => outer.pid === undefined || outer.exitCode !== null || outer.signalCode !== null
    const init = await until('the first process inside', () => (isOver() ? 'none' : childOf(outer)))
    if (init === 'none') throw new Error('it ended at once')
    const run = runInside(place, init, kinds)
    await until(
      'a user manager',
      async () => {
        const asked = await run(['systemctl', '--user', 'is-active', 'default.target'])
        return isOver() || asked.stdout === 'active\n'
      },
      15_000,
    )
    if (isOver()) throw new Error('it ended')
    return { run, close: () => close(outer) }
  } catch (error) {
    await close(outer)
    throw new Error(`${String(error)}; ${said.join('').trim()}`, { cause: error })
  }
}

/** As a shell of the user's that `su` opened: nobody told our command where the manager's sockets are. */
const runInside =
  ({ project, env }: Place, init: number, kinds: readonly string[]): Machine['run'] =>
  (words, call = {}) => {
    const enter = [
      '--target',
      String(init),
      ...(isRoot ? [] : ['--user', '--preserve-credentials']),
      ...kinds,
    ]
    const sockets = words[0] === process.execPath ? {} : { XDG_RUNTIME_DIR: runtime }
    return runProgram('nsenter', [...enter, '/bin/sh', '-c', 'cd "$0" && exec "$@"', project, ...words], {
      cwd: '/',
      ...call,
      env: { ...env, ...sockets, ...call.env },
    })
  }

const childOf = ({ pid }: ChildProcess): number | null => {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    return /^\d+$/.test(children) ? Number(children) : null
  } catch {
    // It is gone.
    return null
  }
}

const close = async (outer: ChildProcess): Promise<void> => {
  if (outer.pid === undefined || outer.exitCode !== null || outer.signalCode !== null) return
  const ended = new Promise((resolve) => outer.once('exit', resolve))
  const init = childOf(outer)
  // The first process of a namespace takes all others with it.
  if (init === null) outer.kill('SIGKILL')
  else process.kill(init, 'SIGKILL')
  await ended
  removeGroups()
}

/** A manager makes control groups below the one it is started in, and a power cut leaves them there, empty. */
const removeGroups = (): void => {
  const own = [...readFileSync('/proc/self/cgroup', 'utf8').matchAll(/^\d+:(.*?):(.*)$/gm)]
  const folders = own.flatMap(([, controllers = '']) =>
    controllers === '' ? ['', 'unified'] : [controllers.replace(/^name=/, '')],
  )
  // Of several hierarchies it takes the path that it has in systemd's.
  const paths = own.map(([, , path = '']) => path)
  for (const name of ['app.slice', 'background.slice', 'session.slice', 'init.scope'])
    for (const folder of new Set(folders))
      for (const path of new Set(paths)) removeEmpty(join('/sys/fs/cgroup', folder, path, name))
}

/** Innermost first; what is somebody else's has processes in it, and stays. */
const removeEmpty = (folder: string): void => {
  try {
    for (const each of readdirSync(folder, { withFileTypes: true }))
      if (each.isDirectory()) removeEmpty(join(folder, each.name))
    rmdirSync(folder)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
  }
}
