import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Call, type Outcome, runProgram } from '../../sim/cli.ts'
import type { Home } from '../../sim/home.ts'
import { until } from '../../sim/until.ts'

/** A machine with a systemd user manager of its own: mount and PID namespace, the network is ours. */
export type Manager = {
  /** The home as it is from inside: its commands run there, and pids that they name are those of there. */
  readonly home: Home
  /** Runs a program inside, in the environment of the home's user. */
  readonly run: (words: readonly string[], call?: Partial<Call>) => Promise<Outcome>
  /** `systemctl --user` inside; what it prints, trimmed. */
  readonly systemctl: (...words: readonly string[]) => Promise<string>
  /** `channels` as it was installed at first, and as it is after an upgrade, elsewhere. */
  readonly channels: Home['channels']
  readonly upgraded: Home['channels']
  /** Ends every process inside at once, as a power cut does. */
  readonly close: () => Promise<void>
}

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const driver = fileURLToPath(new URL('manager.sh', import.meta.url))
const isRoot = process.getuid?.() === 0
const runtime = '/run/user/0'
export const installed = '/mnt/channels/bin/channels.js'
/** With all that a unit's syntax gives a meaning. */
export const upgradedTo = '/mnt/an upgrade, 100% $HOME/bin/channels.js'

/** Why no user manager can run on this machine; null where one can. */
export const whyNoManager = async (): Promise<string | null> => {
  if (!['/usr/lib/systemd/systemd', '/lib/systemd/systemd'].some(existsSync)) return 'no systemd is installed'
  const tried = await runProgram('unshare', [...namespaces, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], {
    cwd: '/',
    env: { PATH: process.env.PATH ?? '' },
  }).catch((error: unknown) => ({ code: 1, stderr: String(error) }))
  return tried.code === 0 ? null : `neither root nor user namespaces allow it (${tried.stderr.trim()})`
}

const namespaces = [
  ...(isRoot ? [] : ['--user', '--map-root-user']),
  '--mount',
  '--pid',
  '--fork',
  '--mount-proc',
]

/** Boots it: a manager that has read its units, and has started what is enabled. */
export const bootManager = async (home: Home): Promise<Manager> => {
  const env = { PATH: home.env.PATH ?? '', HOME: home.home, XDG_RUNTIME_DIR: runtime }
  // Goes with us even if we are killed.
  const outer = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', 'unshare', ...namespaces, '--kill-child', driver, repository],
    { cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const said: string[] = []
  for (const stream of [outer.stdout, outer.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => said.push(text))
  try {
    const init = await until('the first process of the namespace', () => childOf(outer))
    const run = runInside(home, init)
    const manager = createManager(home, run, () => close(outer))
    await until(
      () => `a user manager\n${said.join('')}`,
      async () => (await run(['systemctl', '--user', 'is-active', 'default.target'])).stdout === 'active\n',
      30_000,
    )
    return manager
  } catch (error) {
    await close(outer)
    throw new Error(`no manager: ${said.join('')}`, { cause: error })
  }
}

const createManager = (home: Home, run: Manager['run'], close: Manager['close']): Manager => {
  const channelsAt =
    (script: string): Home['channels'] =>
    (args, call) =>
      run([process.execPath, script, ...args], call)
  const channels = channelsAt(installed)
  return {
    home: {
      ...home,
      channels,
      status: async () => JSON.parse((await channels(['status', '--json'])).stdout),
    },
    run,
    systemctl: async (...words) => (await run(['systemctl', '--user', ...words])).stdout.trim(),
    channels,
    upgraded: channelsAt(upgradedTo),
    close,
  }
}

/** As a shell of the user's that `su` opened: nobody told it where the manager's sockets are. */
const runInside =
  (home: Home, init: number): Manager['run'] =>
  (words, call = {}) => {
    const enter = [
      '--target',
      String(init),
      ...(isRoot ? [] : ['--user', '--preserve-credentials']),
      '--mount',
      '--pid',
    ]
    const env = {
      ...home.env,
      ...(words[0] === process.execPath ? {} : { XDG_RUNTIME_DIR: runtime }),
      ...call.env,
    }
    return runProgram(
      'nsenter',
      [...enter, '/bin/sh', '-c', 'cd "$0" && exec "$@"', home.project, ...words],
      {
        cwd: '/',
        ...call,
        env,
      },
    )
  }

const childOf = ({ pid }: ChildProcess): number | null => {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return /^\d+$/.test(children) ? Number(children) : null
}

const close = async (outer: ChildProcess): Promise<void> => {
  if (outer.exitCode !== null || outer.signalCode !== null) return
  const ended = new Promise((resolve) => outer.once('exit', resolve))
  const init = childOf(outer)
  // The first process of a namespace takes all others with it.
  if (init !== null) process.kill(init, 'SIGKILL')
  else outer.kill('SIGKILL')
  await ended
}
