import { symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buildStandIns } from '../sim/build.ts'
import { type Home, makeHome } from '../sim/home.ts'
import { addMarketplace, setUp, succeeded, type Ward } from '../sim/ward.ts'

const names = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta', 'theta', 'iota', 'kappa'] as const

export const sessionNames = (count: number): readonly [string, ...string[]] => {
  const [first, ...rest] = Array.from(
    { length: count },
    (_, i) => `${names[i % names.length]}${i < names.length ? '' : 'b'}`,
  )
  return [first ?? names[0], ...rest]
}

/** Ends on purpose would be a crash loop by default; a session that is one is to be tried again within the soak. */
const policy = { 'restart.attempts': '12', 'restart.window': '30m', 'restart.retry': '15s' } as const

/** A home with a keeper and these sessions, all live. `tmux` is the absolute path of the one to use. */
export const openStage = async (
  tmux: string,
  sessions: readonly string[],
): Promise<{ readonly home: Home; readonly wards: readonly Ward[] }> => {
  const home = await makeHome({ ...(await buildStandIns()), server: 'compiled' })
  try {
    // The home's PATH has the usual folders only.
    if (!home.env.PATH?.split(':').includes(dirname(tmux))) symlinkSync(tmux, join(home.bin, 'tmux'))
    await addMarketplace(home)
    const wards: Ward[] = []
    for (const [i, name] of sessions.entries()) {
      // One of them as the plugin's README has it: what is another session's is nearer there.
      wards.push(await setUp(home, name, i === 1 ? { flags: ['--shared'] } : {}))
      const settings = Object.entries({ ...policy, model: name }).map(([key, value]) => `${key}=${value}`)
      succeeded(await home.channels(['set', name, ...settings]))
    }
    succeeded(await home.channels(['up']))
    return { home, wards }
  } catch (error) {
    await home.close()
    throw error
  }
}

/** The restart policy of a session, as `channels set` shows it. */
export const policyOf = async (home: Home, session: string): Promise<string> => {
  const { stdout } = succeeded(await home.channels(['set', session]))
  return stdout
    .split('\n')
    .filter((line) => line.includes('restart.'))
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .join('; ')
}
