import { type Answer, no, unknown, yes } from '../core/answer.ts'
import { oldestVersions } from '../core/tried-versions.ts'
import type { Run, RunResult } from '../system/run.ts'

/** Channels exist from this client on. */
export const oldestClient = oldestVersions.client

/**
 * Asks a client for its version: `2.1.330 (Claude Code)`. No means that it can't be run at all, unknown that it is not
 * the client or did not answer in time, with what it said instead. Takes 15 s at the most, 18 where it will not end.
 */
export const clientVersion = async (
  run: Run,
  client: string,
  env: Readonly<Record<string, string>>,
): Promise<Answer<string>> => {
  const result = await run(client, ['--version'], { timeoutMs: 15_000, env })
  if (result.notFound) return no(`${client} is not there or can't be executed`)
  if (result.timedOut) return unknown(`\`${client} --version\` did not answer within 15 s`)
  // The system said no: of a file that is being written, say (ETXTBSY), by an update.
  if (result.status === null && result.signal === null)
    return unknown(`${client} can't be started: ${result.stderr}`)
  const [version] = /^\d+\.\d+\.\d+\S*(?= \(Claude Code\))/m.exec(result.stdout) ?? []
  return result.status === 0 && version !== undefined
    ? yes(version)
    : unknown(`\`${client} --version\` answered ${saidIn(result)} (${endOf(result)})`)
}

/** The first line of what it printed: a program that is something else may print megabytes. */
const saidIn = ({ stdout, stderr }: RunResult): string => {
  const said = /\S.*/.exec(stdout)?.[0] ?? /\S.*/.exec(stderr)?.[0]
  return said === undefined ? 'nothing' : JSON.stringify(said.slice(0, 80).trimEnd())
}

const endOf = ({ status, signal }: RunResult): string => signal ?? `exit status ${status}`

/** Below 0 when `a` is older than `b`, 0 when they are the same release. What stands behind the numbers does not count. */
export const compareVersions = (a: string, b: string): number => {
  const [left, right] = [numbersOf(a), numbersOf(b)]
  const difference = [0, 1, 2].map((i) => (left[i] ?? 0) - (right[i] ?? 0)).find((part) => part !== 0)
  return difference ?? 0
}

const numbersOf = (version: string): readonly number[] =>
  (version.match(/\d+/g) ?? []).slice(0, 3).map(Number)
