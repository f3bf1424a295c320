import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Bot } from './bot-api/bot.ts'
import type { Outcome } from './cli.ts'
import type { Home } from './home.ts'

/** A session that was set up, and the phone's end of it. */
export type Ward = {
  readonly name: string
  readonly bot: Bot
  readonly cwd: string
  readonly stateDir: string
}

export type WardOptions = {
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly config?: string
}

/** Makes the home's marketplace known to its client. Throws when the client does not take it. */
export const addMarketplace = async (home: Home, env: Record<string, string> = {}): Promise<void> => {
  succeeded(await home.claude(['plugin', 'marketplace', 'add', join(home.root, 'market')], { env }))
}

/** Sets a session up with a bot and a folder of its own. Throws, with what was said, when that is refused. */
export const setUp = async (home: Home, name: string, options: WardOptions = {}): Promise<Ward> => {
  const bot = home.bot.addBot()
  const cwd = join(home.root, `in-${name}`)
  mkdirSync(cwd, { recursive: true })
  const flags = [
    '--session',
    name,
    '--cwd',
    cwd,
    '--token-stdin',
    '--trust',
    '--allow',
    '4242',
    '--yes',
    '--no-start',
  ]
  const mode = ['--permission-mode', 'default']
  succeeded(
    await home.channels(['setup', home.channel, ...flags, ...mode, ...(options.flags ?? [])], {
      input: `${bot.token}\n`,
      env: options.env ?? {},
    }),
  )
  const folder = options.flags?.includes('--shared') ? 'telegram' : `telegram-${name}`
  return { name, bot, cwd, stateDir: join(options.config ?? join(home.home, '.claude'), 'channels', folder) }
}

/** Hands on what exited with 0; else throws what it printed. */
export const succeeded = (outcome: Outcome): Outcome => {
  if (outcome.code === 0) return outcome
  throw new Error(`ended with ${outcome.code}\n${outcome.stdout}${outcome.stderr}`)
}
