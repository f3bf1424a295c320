import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { imageCommand, imageEnvironment, instruction } from '../../docs/running-page.ts'
import { standIns } from '../../sim/build.ts'
import { cli, type Outcome, runProgram } from '../../sim/cli.ts'
import type { Home } from '../../sim/home.ts'
import { signal } from '../../sim/processes.ts'
import { until } from '../../sim/until.ts'

/**
 * The steps of the documented Containerfile without an engine: namespaces of its own for mounts and pids, a root folder of
 * its own in which programs of this machine are mounted, the image's entry point, command, user and variables. The
 * network is this machine's, since the stand-ins for Telegram and the model are there. The volume is the test's home.
 */
export type Container = {
  /** Process 1 inside, as this machine counts. */
  readonly init: number
  /** Runs something in it, as `docker exec` does. */
  readonly exec: (words: readonly string[]) => Promise<Outcome>
  /** SIGTERM to process 1, as every engine stops a container; its exit status, and how long that took. */
  readonly stop: () => Promise<{ readonly code: number | null; readonly ms: number }>
  /** SIGKILL to process 1: all in it is gone at once. */
  readonly kill: () => Promise<void>
  /** What the keeper printed. */
  readonly printed: () => string
  readonly ended: Promise<number | null>
}

/**
 * Rootful: root makes the namespaces, and the image's user is another one. Rootless: somebody who is not root, in a user
 * namespace in which they are called so.
 */
export type Mode = 'rootful' | 'rootless'

const isRoot = process.getuid?.() === 0
/** Who is not root here, as long as the tests are. */
const nobodySpecial = 1000

const unshare = (mode: Mode): readonly [file: string, ...args: readonly string[]] => {
  const spaces = ['--pid', '--fork', '--mount', '--kill-child']
  if (mode === 'rootful') return ['unshare', ...spaces]
  const rootless = ['unshare', '--user', '--map-root-user', ...spaces] as const
  const as = [`--reuid=${nobodySpecial}`, `--regid=${nobodySpecial}`, '--clear-groups']
  return isRoot ? ['setpriv', ...as, ...rootless] : rootless
}

/**
 * Null where a container can be run in that way. Else why not: this machine keeps its users from making namespaces. What
 * is only missing throws, since it can be installed.
 */
export const whyNoContainer = (mode: Mode): string | null => {
  if (process.platform !== 'linux') return 'namespaces are Linux’s'
  if (mode === 'rootful' && !isRoot) return 'the tests are not run by root'
  for (const program of ['unshare', 'nsenter', 'setpriv', 'tini', 'tmux'])
    if (spawnSync('which', [program]).status !== 0)
      throw new Error(`${program} is missing: apt install tini tmux util-linux`)
  const [file, ...args] = unshare(mode)
  const tried = spawnSync(file, [...args, 'mount', '-t', 'tmpfs', 'none', '/mnt'])
  const said = `${tried.stderr}`.trim()
  if (tried.status === 0) return null
  if (/not permitted|denied|No space left/i.test(said))
    return `this machine lets nobody make namespaces: ${said}`
  throw new Error(`${file} ended with ${tried.status}: ${said}`)
}

/** Makes the image: a root folder beside the home, with what the Containerfile installs. */
export const buildImage = (home: Home, mode: Mode): string => {
  const root = join(home.root, 'rootfs')
  for (const folder of ['usr/local/bin', 'etc', 'proc', 'dev', 'tmp', home.root])
    mkdirSync(join(root, folder), { recursive: true })
  chmodSync(join(root, 'tmp'), 0o1777)
  for (const name of ['bin', 'sbin', 'lib', 'lib64'])
    if (lstatSync(`/${name}`, { throwIfNoEntry: false })?.isSymbolicLink())
      symlinkSync(readlinkSync(`/${name}`), join(root, name))
    else mkdirSync(join(root, name))
  // `npm install -g` puts them there.
  const installed = { channels: cli, claude: standIns.claude, bun: standIns.bun, node: process.execPath }
  for (const [name, program] of Object.entries(installed))
    symlinkSync(program, join(root, 'usr/local/bin', name))
  const user = userInside(mode)
  writeFileSync(join(root, 'etc/passwd'), `node:x:${user}:${user}::${home.home}:/bin/sh\n`)
  writeFileSync(join(root, 'etc/group'), `node:x:${user}:\n`)
  writeFileSync(join(root, 'etc/hosts'), '127.0.0.1 localhost\n')
  if (isRoot) own(home.root, mode === 'rootful' ? user : nobodySpecial)
  return root
}

/** The image's user; somebody who is not root has only themselves, who are called root inside. */
const userInside = (mode: Mode): number =>
  mode === 'rootful' ? Number(instruction('USER').split(':')[0]) : 0

const own = (path: string, user: number): void => {
  const stat = lstatSync(path)
  if (stat.isSymbolicLink()) return
  chownSync(path, user, user)
  if (stat.isDirectory()) for (const name of readdirSync(path)) own(join(path, name), user)
}

/** Read-only, at their own places: what of this machine stands in for the image's files. */
const mounted = (): readonly string[] => {
  const repository = fileURLToPath(new URL('../../../', import.meta.url))
  const usr = readdirSync('/usr').filter((name) => name !== 'local')
  const outside = [repository, dirname(dirname(process.execPath))].filter((path) => !isIn(path, '/usr'))
  const plain = ['bin', 'sbin', 'lib', 'lib64'].filter(
    (name) => lstatSync(`/${name}`, { throwIfNoEntry: false })?.isDirectory() ?? false,
  )
  return [...usr.map((name) => `/usr/${name}`), ...plain.map((name) => `/${name}`), ...outside]
    .filter((path) => lstatSync(path).isDirectory())
    .map((path) => path.replace(/\/$/, ''))
}

const isIn = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`)

/** Runs the image with the home as its volume; `command` in place of its own. */
export const runImage = async (
  home: Home,
  root: string,
  mode: Mode,
  command: readonly string[] = imageCommand(),
): Promise<Container> => {
  const script = join(home.root, 'enter.sh')
  writeFileSync(script, enterScript(home, root, mode))
  const env = variables(home)
  const [file, ...args] = unshare(mode)
  const child = spawn(file, [...args, '/bin/sh', script, ...command], {
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
  const ended = endOf(child)
  const init = await until(
    () => `process 1 of the container: ${printed}`,
    () => {
      if (child.exitCode !== null) throw new Error(`the container ended with ${child.exitCode}: ${printed}`)
      return childOf(child.pid ?? 0, command[0] ?? '')
    },
  )
  return {
    init,
    printed: () => printed,
    ended,
    exec: (words) => {
      const user = userInside(mode)
      const into = [...(mode === 'rootful' ? [] : ['--user']), '--pid', '--mount']
      const as = user === 0 ? [] : ['--setuid', `${user}`, '--setgid', `${user}`]
      const target = [
        '--target',
        `${init}`,
        ...into,
        `--root=/proc/${init}/root`,
        `--wd=${home.project}`,
        ...as,
      ]
      const pairs = Object.entries(env).map(([name, value]) => `${name}=${value}`)
      return runProgram('nsenter', [...target, '--', 'env', '-i', ...pairs, ...words], {
        cwd: '/',
        env: { PATH: '/usr/bin:/bin' },
      })
    },
    stop: async () => {
      const began = Date.now()
      signal(init, 'SIGTERM')
      return { code: await ended, ms: Date.now() - began }
    },
    kill: async () => {
      signal(init, 'SIGKILL')
      await ended
    },
  }
}

/** Mounts what belongs there, then becomes the command: it is process 1. */
const enterScript = (home: Home, root: string, mode: Mode): string => {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
  const bind = (path: string) => [
    `mkdir -p ${quote(root + path)}`,
    `mount --rbind ${quote(path)} ${quote(root + path)}`,
  ]
  const user = userInside(mode)
  const pairs = Object.entries(variables(home)).map(([name, value]) => quote(`${name}=${value}`))
  const as = user === 0 ? '' : `--userspec=${user}:${user} --groups= `
  return [
    'set -e',
    'mount --make-rprivate /',
    ...mounted().flatMap(bind),
    ...bind('/dev'),
    // What is below the home, but for the image itself: that would be in itself.
    ...readdirSync(home.root)
      .filter((name) => !['rootfs', 'enter.sh'].includes(name))
      .flatMap((name) => bind(join(home.root, name))),
    `mount -t proc proc ${quote(`${root}/proc`)}`,
    `cd ${quote(home.project)}`,
    `exec chroot ${as}${quote(root)} env -i ${pairs.join(' ')} "$@"`,
    '',
  ].join('\n')
}

/** The image's variables, and what a test's home adds; its own HOME is where this machine's tests look for it. */
const variables = (home: Home): Readonly<Record<string, string>> => ({
  ...imageEnvironment(),
  ...home.env,
  PATH: `/usr/local/bin:${home.env.PATH}`,
})

const endOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    child.once('exit', (code) => resolve(code))
  })

/** The child that has become its command; a shell before that. */
const childOf = (parent: number, program: string): number | null => {
  const path = `/proc/${parent}/task/${parent}/children`
  const pids = existsSync(path) ? readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number) : []
  return pids.find((pid) => readCommand(pid)[0] === program) ?? null
}

const readCommand = (pid: number): readonly string[] => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return []
  }
}

/** The processes in a container that have ended and were reaped by nobody, by name and number. */
export const zombies = async (container: Container): Promise<readonly string[]> => {
  const { stdout } = await container.exec(['sh', '-c', 'cat /proc/[0-9]*/stat 2>/dev/null; true'])
  return stdout
    .split('\n')
    .filter((line) => / \(.*\) Z /.test(line))
    .map((line) => line.slice(0, line.indexOf(')') + 1))
}
