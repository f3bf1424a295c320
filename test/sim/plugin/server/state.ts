import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

export type State = { readonly dir: string; readonly token: string; readonly apiRoot: string }

/**
 * Where this bot keeps things and which token it has: `$TELEGRAM_STATE_DIR`, else `channels/telegram` of the config
 * folder; `.env` there is read once, the real environment wins (field notes, section 3). Null, said on stderr, when
 * there is no token.
 */
export const openState = (environment: NodeJS.ProcessEnv): State | null => {
  const config = environment.CLAUDE_CONFIG_DIR ?? join(homedir(), '.claude')
  const dir = environment.TELEGRAM_STATE_DIR ?? join(config, 'channels', 'telegram')
  const settings = { ...readDotEnv(join(dir, '.env')), ...environment }
  const token = settings.TELEGRAM_BOT_TOKEN
  if (token === undefined || token === '') {
    process.stderr.write(
      `telegram channel: TELEGRAM_BOT_TOKEN required\n  set in ${join(dir, '.env')}\n  format: TELEGRAM_BOT_TOKEN=123456789:AAH...\n`,
    )
    return null
  }
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  return { dir, token, apiRoot: settings.TELEGRAM_API_ROOT ?? 'https://api.telegram.org' }
}

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
