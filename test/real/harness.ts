import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Home, HomeOptions } from '../sim/home.ts'
import { makeHome } from '../sim/home.ts'
import { signal } from '../sim/processes.ts'
import { killServer } from '../sim/terminals.ts'
import { until } from '../sim/until.ts'
import { bunPath, clientPath } from './install.ts'
import type { ClientVersion } from './versions.ts'

export type RealOptions = Pick<HomeOptions, 'env' | 'botApi' | 'gate'> & { readonly version: ClientVersion }

/** A home with the unmodified client and Bun, and the marketplace known to the client, as field notes, section 8 say. */
export const makeRealHome = async ({ version, ...options }: RealOptions): Promise<Home> => {
  const home = await makeHome({ ...options, claude: clientPath(version), bun: bunPath(), server: 'ts' })
  try {
    const added = await home.claude(['plugin', 'marketplace', 'add', `${home.root}/market`])
    expect(added, added.stderr).toMatchObject({ code: 0 })
    return home
  } catch (error) {
    await home.close()
    throw error
  }
}

/** Who writes to the bot unless told otherwise. */
export const sender = '4242'

/** `channels setup` for a session called work. Asks for each tool as a client without auto mode does. */
export const setUp = async (home: Home, ...more: readonly string[]): Promise<void> => {
  const flags = [
    '--session',
    'work',
    '--cwd',
    home.project,
    '--token-stdin',
    '--trust',
    '--allow',
    sender,
    '--yes',
    '--no-start',
  ]
  const modes = ['--permission-mode', 'default']
  const outcome = await home.channels(['setup', home.channel, ...flags, ...modes, ...more], {
    input: `${home.bot.bot.token}\n`,
  })
  expect(outcome, outcome.stderr).toMatchObject({ code: 0 })
}

/** Many kills on purpose within half an hour would be a crash loop; no command changes that limit yet. */
export const allowCrashes = (home: Home): void => {
  const file = join(home.channelsHome, 'config.json')
  const settings = JSON.parse(readFileSync(file, 'utf8')) as {
    sessions: { work: { restart: { attempts: number } } }
  }
  settings.sessions.work.restart.attempts = 1_000
  writeFileSync(file, JSON.stringify(settings))
}

/** A message goes out and its echo comes back. Hands back the text. */
export const expectAnswer = async (home: Home, text: string, ms = 15_000): Promise<void> => {
  home.bot.bot.push(text)
  await home.bot.bot.waitForSent((sent) => sent.text === `echo: ${text}`, ms)
}

/** Set up, and live. */
export const bringUp = async (home: Home, ...flags: readonly string[]): Promise<void> => {
  await setUp(home, ...flags)
  allowCrashes(home)
  const up = await home.channels(['up', 'work'])
  expect(up, up.stdout + up.stderr).toMatchObject({ code: 0 })
}

/** Kills a process outright; says when. */
export const kill = (pid: number): number => {
  const at = Date.now()
  expect(pid).toBeGreaterThan(1)
  expect(signal(pid, 'SIGKILL')).toBe(true)
  return at
}

/** A new client on demand: crashes so far count no longer towards the back-off. */
export const calm = async (home: Home): Promise<void> => {
  const outcome = await home.channels(['restart', 'work'], { timeoutMs: 90_000 })
  expect(outcome, outcome.stdout + outcome.stderr).toMatchObject({ code: 0 })
}

/** Ends the keeper together with the terminal that would bring it back. */
export const withoutKeeper = async (home: Home): Promise<void> => {
  await killServer(home, 'keeper')
  await until('no keeper', async () => (await home.status()).keeper === null)
}
