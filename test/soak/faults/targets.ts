import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Home } from '../../sim/home.ts'
import { readProcess, signal, type TestProcess } from '../../sim/processes.ts'
import { until } from '../../sim/until.ts'
import type { Ward } from '../../sim/ward.ts'
import { clients } from '../../sim/watch.ts'
import type { Missed } from './fault.ts'

/** The session's client, once there is one; null after some seconds. */
export const findClient = (home: Home, { name }: Ward): Promise<TestProcess | null> =>
  find('a client', () => clients(home).find(({ env }) => env.CHANNELS_SESSION === name))

/** The plugin process that has the bot, whoever's it is. */
export const pollerOf = ({ stateDir }: Ward): TestProcess | null => {
  const found = readProcess(Number(textOf(join(stateDir, 'bot.pid'))))
  return found?.argv.some((word) => word.endsWith('server.ts')) ? found : null
}

/** The session's own plugin process, once there is one; null after some seconds. */
export const findPoller = (ward: Ward): Promise<TestProcess | null> =>
  find('a plugin', () => {
    const found = pollerOf(ward)
    return found?.env.CHANNELS_SESSION === ward.name ? found : null
  })

/** Signals what was found; what was missed otherwise. */
export const hit = (target: TestProcess | null, name: NodeJS.Signals): Missed | null =>
  target !== null && signal(target.pid, name) ? null : { missed: `nothing there to get ${name}` }

export const isStopped = (pid: number): boolean => {
  const stat = textOf(`/proc/${pid}/stat`)
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')
}

const patienceMs = 6_000

const find = <T>(what: string, look: () => T | null | undefined): Promise<T | null> =>
  until(what, look, patienceMs).then(
    (found) => found as T,
    () => null,
  )

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Nobody has it yet, or no longer.
    return ''
  }
}
