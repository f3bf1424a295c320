import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bot } from '../../sim/bot-api/bot.ts'
import { cli, type Outcome, runProgram } from '../../sim/cli.ts'
import { namePager } from '../../sim/other-wards.ts'
import { openTerminal } from '../../sim/terminal.ts'
import { until } from '../../sim/until.ts'
import {
  closeMachine,
  expectEcho,
  expectUp,
  type Machine,
  makeMachine,
  setUp,
  untilSession,
} from '../faults/kit.ts'

/** Where a person reads the manual: `channels` in the PATH, and what its examples name is there. */
export type Desk = {
  readonly home: Machine
  /** Of `site`, once somebody set it up. */
  readonly bot: Bot
  /** A file that holds its token, as `~/bot-token` does. */
  readonly token: string
  /** That it had at first, of which a message is on record; '' where nobody is. */
  readonly conversation: string
}

/** Opens it, with a live session called `site` or none. */
export const openDesk = async (whom: 'site' | 'nobody'): Promise<Desk> => {
  // As people have it: below their home.
  const home = await makeMachine({ env: { CHANNELS_HOME: '' } })
  const program = join(home.bin, 'channels')
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`)
  chmodSync(program, 0o755)
  for (const name of ['site', 'notes', 'pager']) mkdirSync(join(home.home, name))
  namePager(home, join(home.home, 'pager'))
  const token = join(home.home, 'bot-token')
  if (whom === 'nobody') {
    const bot = home.bot.addBot()
    writeFileSync(token, bot.token, { mode: 0o600 })
    return { home, bot, token, conversation: '' }
  }
  const site = await setUp(home, 'site', { flags: ['--allow', '123456789'] })
  const { bot } = site
  writeFileSync(token, bot.token, { mode: 0o600 })
  await expectUp(home, 'site', 0, 'is live')
  const { client } = await untilSession(home, 'site', { state: 'live' })
  await expectEcho(site, 'hello')
  return { home, bot, token, conversation: client?.conversation ?? '' }
}

/** Takes the token's own file away, and closes it: nowhere else may there be a token. */
export const closeDesk = async (desk: Desk | undefined): Promise<void> => {
  if (desk !== undefined) rmSync(desk.token, { force: true })
  await closeMachine(desk?.home)
}

/** Runs a script as a shell does that stops at the first command that fails. */
export const runScript = ({ home }: Desk, script: string, input = ''): Promise<Outcome> =>
  runProgram('/bin/sh', ['-euc', script], { cwd: join(home.home, 'site'), env: home.env, input })

/** Runs a command line in a terminal until its screen shows something, presses keys, and hands back how it ended. */
export const runAtTerminal = async (
  { home }: Desk,
  script: string,
  once: RegExp,
  keys: readonly string[],
): Promise<{ readonly code: number; readonly screen: string }> => {
  const terminal = await openTerminal(home, 'desk', join(home.home, 'site'), script)
  try {
    const shows = async (what: RegExp) => what.exec(await terminal.screen())
    await until(`${script}: ${once}`, () => shows(once), 20_000)
    await terminal.press(...keys)
    const ended = await until(`${script} to end`, () => shows(/\[ended with (\d+)\]/), 20_000)
    return { code: Number(ended[1]), screen: await terminal.screen() }
  } finally {
    await terminal.close()
  }
}

/** A word as a shell takes it for one. */
export const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`
