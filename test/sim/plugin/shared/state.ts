import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

export type State = {
  readonly dir: string
  readonly token: string
  /** The variables of `.env` with the real environment on top. */
  readonly settings: Readonly<Record<string, string | undefined>>
}

export type Bot = {
  readonly name: 'telegram' | 'discord'
  /** What the token looks like, for who has none. */
  readonly format: string
  /** The config folder of a plugin that honours `CLAUDE_CONFIG_DIR`; `~/.claude` of one that doesn't. */
  readonly config: string
}

/**
 * Where a bot keeps things and which token it has: `$<NAME>_STATE_DIR`, else `channels/<name>` of the config folder;
 * `.env` there is read once, the real environment wins (field notes, section 3). Null, said on stderr, when there is no
 * token.
 */
export const openState = (bot: Bot, environment: NodeJS.ProcessEnv): State | null => {
  const variables = bot.name.toUpperCase()
  const dir = environment[`${variables}_STATE_DIR`] ?? join(bot.config, 'channels', bot.name)
  const settings = { ...readDotEnv(join(dir, '.env')), ...environment }
  const token = settings[`${variables}_BOT_TOKEN`]
  if (token === undefined || token === '') {
    const [missing, path] = [`${variables}_BOT_TOKEN`, join(dir, '.env')]
    process.stderr.write(
      `${bot.name} channel: ${missing} required\n  set in ${path}\n  format: ${missing}=${bot.format}\n`,
    )
    return null
  }
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  return { dir, token, settings }
}

/** `~/.claude`, whatever `CLAUDE_CONFIG_DIR` says. */
export const homeConfig = (): string => join(homedir(), '.claude')

const readDotEnv = (file: string): Record<string, string> => {
  const text = readText(file)
  if (text === null) return {}
  chmodSync(file, 0o600)
  // Split on \n only and unquoted: `.` does not match a CR, so a line that ends in one is no setting (section 3).
  return Object.fromEntries(
    text
      .split('\n')
      .map((line) => /^(\w+)=(.*)$/.exec(line))
      .flatMap((match) => (match?.[1] === undefined ? [] : [[match[1], match[2] ?? '']])),
  )
}

export const readText = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
