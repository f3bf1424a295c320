import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Session } from '../../../src/core/session.ts'
import { closeMachine, type Machine, makeMachine, setUp, type Ward } from '../faults/kit.ts'

/** A machine with a session called `work`, which `channels set` changes. */
export type Work = {
  readonly home: Machine
  readonly work: Ward
  /** Put there and looked for: no shell ever runs a name or a value. */
  readonly trap: string
  readonly set: (...pairs: readonly string[]) => ReturnType<Machine['channels']>
  /** The session as the configuration has it now. */
  readonly stored: () => Session
}

/** `closeMachine` ends it. */
export const makeWork = async (): Promise<Work> => {
  const home = await makeMachine()
  const work = await begin(home).catch(async (error: unknown) => {
    await closeMachine(home)
    throw error
  })
  return {
    ...{ home, work, trap: join(home.root, 'executed') },
    set: (...pairs) => home.channels(['set', 'work', ...pairs]),
    stored: () => {
      const text = readFileSync(join(home.channelsHome, 'config.json'), 'utf8')
      return (JSON.parse(text) as { sessions: Record<string, Session> }).sessions.work as Session
    },
  }
}

const begin = async (home: Machine): Promise<Ward> => {
  const work = await setUp(home, 'work', { env: { HTTPS_PROXY: 'http://secret-proxy.invalid:1' } })
  await home.channels(['set', 'work', 'env.HTTPS_PROXY='])
  return work
}
