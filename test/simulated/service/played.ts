import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ServiceOrder, service } from '../../../src/commands/service.ts'
import type { Deps } from '../../../src/deps.ts'
import { ExpectedError } from '../../../src/errors.ts'
import { openLaunchd } from '../../../src/service/launchd.ts'
import type { Machine } from '../../../src/service/perform.ts'
import { openSystemd } from '../../../src/service/systemd.ts'
import { files } from '../../../src/system/files.ts'
import { run } from '../../../src/system/run.ts'

export type Played = {
  /** Runs `channels service …`; what it threw stands in `error`. */
  readonly service: (order: ServiceOrder, more?: Partial<Deps>) => Promise<Outcome>
  /** What the service manager was told, without the questions; and forgotten after. */
  readonly told: () => readonly string[]
  /** Where the programs were told that the manager's sockets are. */
  readonly runtimeFolders: () => readonly string[]
  readonly path: (name: string) => string
  readonly has: (name: string) => boolean
  readonly put: (name: string, text: string) => void
  readonly take: (name: string) => void
  readonly close: () => void
}

export type Outcome = {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
  readonly error: ExpectedError | null
}

export const script = '/usr/lib/node_modules/claude-channels/bin/channels.js'
const programs = fileURLToPath(new URL('programs.sh', import.meta.url))

/** A service manager that is played by scripts in PATH, and the commands of ours that talk to it; its user is `me`. */
export const playManager = (
  kind: 'systemd' | 'launchd',
  machine: {
    readonly env?: Readonly<Record<string, string>>
    readonly exists?: (path: string) => boolean
  } = {},
): Played => {
  const root = mkdtempSync(join(tmpdir(), 'chan service '))
  const path = (name: string): string => join(root, name)
  const put = (name: string, text: string): void => {
    mkdirSync(dirname(path(name)), { recursive: true })
    writeFileSync(path(name), text)
  }
  put('calls', '')
  put('pids', '100\n')
  put('inactive', 'inactive\n')
  put('linger', 'Linger=no\n')
  put('environment', `HOME=$'${root}'\nPATH=/bin\n`)
  mkdirSync(path('bin'))
  for (const name of kind === 'systemd' ? ['systemctl', 'loginctl'] : ['launchctl'])
    symlinkSync(programs, path(`bin/${name}`))
  const env = {
    PATH: `${path('bin')}:/usr/bin:/bin`,
    PLAYED: root,
    TMPDIR: tmpdir(),
    XDG_RUNTIME_DIR: path('run'),
    ...machine.env,
  }
  const room: Machine = {
    run,
    env,
    home: root,
    user: { uid: 1000, name: 'me' },
    files: { ...files, exists: machine.exists ?? files.exists },
    clock: quickClock(),
    manual: '/opt/channels/docs/running.md',
  }
  const open = () =>
    kind === 'systemd' ? openSystemd(room) : openLaunchd(room, path('state/keeper/service.log'))
  return {
    service: (order, more = {}) => call(order, { ...createDeps(root, env, open), ...more }),
    told: () => {
      const calls = readFileSync(path('calls'), 'utf8').split('\n')
      put('calls', '')
      return calls.filter((line) => line !== '' && !/ (show|print|show-\w+|print-\w+)( |$)/.test(line))
    },
    runtimeFolders: () => [...new Set(readFileSync(path('runtime'), 'utf8').trim().split('\n'))],
    path,
    has: (name) => existsSync(path(name)),
    put,
    take: (name) => rmSync(path(name), { recursive: true, force: true }),
    close: () => rmSync(root, { recursive: true, force: true }),
  }
}

const call = async (order: ServiceOrder, deps: Deps): Promise<Outcome> => {
  const printed = { stdout: '', stderr: '' }
  const output = {
    ...deps.output,
    print: (line: string) => {
      printed.stdout += `${line}\n`
    },
    say: (line: string) => {
      printed.stderr += `${line}\n`
    },
  }
  try {
    return { status: await service(order, { ...deps, output }), ...printed, error: null }
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error
    return { status: error.status, ...printed, error }
  }
}

/** The keeper that counts is the one that the manager started, unless the file `keeper` names another. */
const createDeps = (root: string, env: Readonly<Record<string, string>>, open: Deps['service']): Deps => {
  const pid = (): number | null => {
    const file = ['keeper', 'pid'].map((name) => join(root, name)).find(existsSync)
    return file === undefined ? null : Number(readFileSync(file, 'utf8'))
  }
  const keeper = (found: number) => ({
    pid: found,
    start: '1',
    version: '1.0.0',
    since: 1_000,
    where: 'foreground',
  })
  const deps = {
    env,
    home: root,
    version: '1.0.0',
    program: { node: process.execPath, script },
    folders: {
      config: join(root, 'config'),
      session: (name: string) => ({ wanted: join(root, name) }),
    },
    files: {
      ...files,
      readRecord: () => ({ want: true }),
      realPath: (path: string) => (path === script ? path : files.realPath(path)),
    },
    seeKeeper: () => {
      const found = pid()
      return found === null ? null : { keeper: keeper(found), suspended: false, lookedAt: 0 }
    },
    processes: {
      machine: () => null,
      find: (found: number) => (found === pid() ? { pid: found, start: '1' } : null),
    },
    claude: { findBun: () => null, findClient: () => '/opt/client/claude' },
    settings: { read: () => ({ sessions: {} }) },
    clock: quickClock(),
    cancelled: new AbortController().signal,
    output: { interactive: () => false },
    keeperEnvironment: () => ({ HOME: root, CHANNELS_HOME: '/home/me/own' }),
    service: open,
    ensureKeeper: async () => {
      throw new Error('nobody asked for a keeper')
    },
  }
  return deps as unknown as Deps
}

/** Whoever waits for 10 s has waited after a few looks. */
const quickClock = () => {
  let elapsed = 0
  return {
    now: () => 61_000,
    elapsed: () => elapsed,
    sleep: async () => {
      elapsed += 2_000
    },
  }
}
