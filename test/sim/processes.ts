import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { patience } from '../patience.ts'

/** A process that carries a test home in its environment. Linux: read from /proc. */
export type TestProcess = {
  readonly pid: number
  readonly ppid: number
  readonly comm: string
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** When it started, in ms since 1970, to 10 ms. */
  readonly startedAt: number
}

/** The living processes whose HOME is `home`: everything the tests of that home started, orphans included. */
export const processesOf = (home: string): readonly TestProcess[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((found) => found !== null)
    .filter(({ env }) => env.HOME === home)

/** A pid's process, null once it is gone or only a zombie. */
export const readProcess = (pid: number): TestProcess | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ppid, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (state === 'Z' || state === 'X') return null
    return {
      pid,
      ppid: Number(ppid),
      comm: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
      argv: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1),
      env: environmentOf(readFileSync(`/proc/${pid}/environ`, 'utf8')),
      startedAt: bootedAt() + Number(rest[17]) * 10,
    }
  } catch {
    // Gone between two reads, or somebody else's.
    return null
  }
}

/** Ends them all, again and again until none is left: loops start what was ended. Throws when some survive 10 s. */
export const endAll = async (home: string): Promise<void> => {
  const deadline = Date.now() + 10_000 * patience
  for (let quiet = 0; quiet < 3; ) {
    const left = processesOf(home)
    for (const { pid } of left) signal(pid, 'SIGKILL')
    quiet = left.length === 0 ? quiet + 1 : 0
    if (Date.now() > deadline)
      throw new Error(`not to be ended: ${left.map(({ argv }) => argv.join(' ')).join('; ')}`)
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}

/** One letter, such as `T` for stopped; empty once there is no such process. */
export const stateOf = (pid: number): string => {
  if (process.platform !== 'linux')
    return spawnSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' })
      .stdout.trim()
      .slice(0, 1)
  try {
    return /^State:\s*(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? ''
  } catch {
    return ''
  }
}

/** Sends a signal; false when the process is gone. */
export const signal = (pid: number, name: NodeJS.Signals): boolean => {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

const environmentOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text.split('\0').map((pair) => [pair.split('=')[0] ?? '', pair.slice(pair.indexOf('=') + 1)]),
  )

const bootedAt = (): number => Date.now() - Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000
