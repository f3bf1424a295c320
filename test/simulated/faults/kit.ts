import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import type { ReasonName, State } from '../../../src/core/reasons.ts'
import type { Report, SessionReport } from '../../../src/core/report.ts'
import { patience } from '../../patience.ts'
import { standIns } from '../../sim/build.ts'
import type { Outcome } from '../../sim/cli.ts'
import { type Home, type HomeOptions, makeHome } from '../../sim/home.ts'
import { statusFaults } from '../../sim/status-schema.ts'
import { killServer } from '../../sim/terminals.ts'
import { until } from '../../sim/until.ts'
import { addMarketplace, type Ward } from '../../sim/ward.ts'
import { sockets, tmux } from '../../sim/watch.ts'
import { expectNoSecrets } from './secrets.ts'

export { addMarketplace, setUp, type Ward, type WardOptions } from '../../sim/ward.ts'

/** A home whose every word is remembered: none of it may hold a bot token. */
export type Machine = Home & {
  /** What all calls so far printed. */
  readonly said: () => string
}

export const makeMachine = async (options: Partial<HomeOptions> = {}): Promise<Machine> => {
  const home = await makeHome({ ...standIns, server: 'compiled', ...options })
  const words: string[] = []
  const channels: Home['channels'] = async (args, call) => {
    const outcome = await home.channels(args, call)
    words.push(outcome.stdout, outcome.stderr)
    return outcome
  }
  await addMarketplace(home)
  const status = async () => readReport(await channels(['status', '--json']))
  return { ...home, channels, status, said: () => words.join('\n') }
}

/** `status --json`, which also has to fit the schema. */
export const readReport = ({ stdout, stderr }: Outcome): Report => {
  expect(stdout, stderr).toMatch(/^\{/)
  const report = JSON.parse(stdout) as Report
  expect(statusFaults(report)).toEqual([])
  return report
}

/** A program of this name in a folder of its own: a shell script that ends in becoming the home's, or not at all. */
export const writeProgram = (
  home: Home,
  folder: string,
  name: 'claude' | 'bun',
  ...lines: readonly string[]
): string => {
  const file = join(home.root, 'programs', folder, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, ['#!/bin/sh', ...lines, `exec '${join(home.bin, name)}' "$@"`, ''].join('\n'))
  chmodSync(file, 0o755)
  return file
}

/** Only when it starts a session, not for `--version`, `auth` and `plugin`. */
export const atStart = (...lines: readonly string[]): string =>
  `case $1 in --session-id|--resume) ${lines.join('; ')};; esac`

/** PATH with these folders in front, and without the home's own programs. */
export const pathWith = (...first: readonly string[]): string =>
  [...first, dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':')

export const sessionIn = (report: Report, name: string): SessionReport => {
  const found = report.sessions.find((session) => session.name === name)
  if (found === undefined) throw new Error(`no session ${name} in ${JSON.stringify(report)}`)
  return found
}

/** Looks at one session until it is as wanted; what it was last is said otherwise. */
export const untilSession = async (
  home: Home,
  name: string,
  wanted: { readonly state?: State; readonly reason?: ReasonName | null; readonly not?: number },
  ms = 30_000,
): Promise<SessionReport> => {
  let last: SessionReport | null = null
  const { not, ...rest } = wanted
  try {
    return await until(
      name,
      async () => {
        last = sessionIn(await home.status(), name)
        const { client, ...seen } = last
        const fits = Object.entries(rest).every(([key, value]) => seen[key as keyof typeof rest] === value)
        return fits && (not === undefined || (client !== null && client.pid !== not)) ? last : null
      },
      ms,
    )
  } catch (cause) {
    throw new Error(
      `${name}: ${JSON.stringify(wanted)}, is ${JSON.stringify(last)}\n${await traces(home, name)}`,
      { cause },
    )
  }
}

/** A client pid of a session that is live. */
export const live = async (home: Home, name: string, not?: number): Promise<number> => {
  const { client } = await untilSession(home, name, { state: 'live', ...(not === undefined ? {} : { not }) })
  return client?.pid ?? 0
}

/** For what has to come up, and may take its time beside the tests of others. */
export const unhurried = ['--timeout', `${30 * patience}s`] as const

/** Brings a session up; exit status and what it must say. */
export const expectUp = async (
  home: Home,
  name: string,
  code: number,
  says: string,
  more: readonly string[] = unhurried,
): Promise<void> => {
  const up = await home.channels(['up', name, ...more])
  if (up.code === code && up.stdout.includes(says)) return
  throw new Error(
    `up ${name} is to end with ${code}: ${says}\n${up.code}\n${up.stdout}${up.stderr}${await traces(home, name)}`,
  )
}

/** For the message of a failed test: what stands in a session's terminal, and its last log lines. */
const traces = async (home: Home, name: string): Promise<string> => {
  const screen = await tmux(home, sockets(home, name).session, 'capture-pane', '-p')
  const { stdout } = await home.channels(['logs', name, '-n', '25'])
  return `${screen}\n${stdout}`
}

/** An echo through the channel: it would answer, and does. */
export const expectEcho = async (ward: Ward, text: string, ms = 15_000): Promise<void> => {
  ward.bot.push(text)
  await ward.bot.waitForSent((sent) => sent.text === `echo: ${text}`, ms)
}

/** No keeper from here on, until the next `up`. */
export const withoutKeeper = async (home: Home): Promise<void> => {
  await killServer(home, 'keeper')
  await until('no keeper', async () => (await home.status()).keeper === null)
}

/** For `afterAll`: secrets, then an end that leaves nothing behind. */
export const closeMachine = async (home: Machine | undefined): Promise<void> => {
  if (home === undefined) return
  try {
    expectNoSecrets(home)
  } finally {
    await home.close()
  }
  expect(home.processes()).toEqual([])
}
