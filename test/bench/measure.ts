import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

type Environment = Readonly<Record<string, string>>

/**
 * A file of certificates makes Node start later, twice as late with a whole bundle, and a ratio to that is flattered:
 * floors and commands are measured without.
 */
export const withoutCertificates = ({ NODE_EXTRA_CA_CERTS: _, ...env }: Environment): Environment => env

/** A Node that prints nowhere. */
export const startNode = (args: readonly string[], env: Environment): ChildProcess =>
  spawn(process.execPath, args, { env, stdio: 'ignore' })

/** Ends a child of ours and waits for that. */
export const endChild = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill()
  await gone
}

/**
 * Runs Node with each of these arguments in turns, so that what else the machine does falls on all; medians in
 * milliseconds. Not `spawnSync`: the Bot API lives in this process.
 */
export const inTurns = async (
  times: number,
  commands: readonly (readonly string[])[],
  env: Environment,
): Promise<number[]> => {
  const taken = commands.map((): number[] => [])
  for (let i = 0; i < times; i++)
    for (const [k, args] of commands.entries()) {
      const before = performance.now()
      await once(startNode(args, env), 'exit')
      taken[k]?.push(performance.now() - before)
    }
  return taken.map(median)
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Resident memory of a process, in MiB; NaN once it is gone. */
export const mib = (pid: number | undefined): number =>
  Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? Number.NaN) / 1024

/** User and system time a process has taken so far, in milliseconds, to 10 ms; NaN once it is gone. */
export const cpuMs = (pid: number | undefined): number => {
  const fields = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** What share of one core these take while nobody does anything, in per cent, one figure each. */
export const cpuShares = async (pids: readonly number[], forMs: number): Promise<readonly number[]> => {
  const before = { at: performance.now(), cpu: pids.map(cpuMs) }
  await pause(forMs)
  const tookMs = performance.now() - before.at
  return pids.map((pid, i) => ((cpuMs(pid) - (before.cpu[i] ?? Number.NaN)) / tookMs) * 100)
}

/** Time that has to pass since what it costs is being measured; to wait for something, `until`. */
export const pause = (forMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, forMs))

export const ms = (value: number): string => `${value.toFixed(0)} ms`
export const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
