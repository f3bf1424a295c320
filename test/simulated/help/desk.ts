import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { officialMarketplace } from '../../../src/core/channel.ts'
import { cli, type Outcome, runProgram } from '../../sim/cli.ts'
import { writeMarketplace } from '../../sim/plugin/marketplace.ts'
import { openTerminal, type Terminal } from '../../sim/terminal.ts'
import { until } from '../../sim/until.ts'
import { succeeded } from '../../sim/ward.ts'
import { type Machine, makeMachine } from '../faults/kit.ts'
import { type Played, playManager } from '../service/played.ts'

/** A machine on which the examples can be typed as they stand in the help. */
export type Desk = {
  readonly home: Machine
  /** Runs a line in bash, in HOME. */
  readonly run: (line: string) => Promise<Outcome>
  /** Runs it in a terminal, where `sees` waits for a text and `ends` for the exit status. */
  readonly sit: (line: string) => Promise<Sitting>
  readonly close: () => Promise<void>
}

export type Sitting = Pick<Terminal, 'press' | 'type'> & {
  readonly sees: (what: RegExp) => Promise<void>
  readonly ends: (code: number) => Promise<void>
}

export const openDesk = async (): Promise<Desk> => {
  const home = await makeMachine()
  const played = playManager('systemd')
  // As for anybody: `telegram` is the official one.
  const market = join(home.root, 'official')
  writeMarketplace(market, { name: officialMarketplace, server: 'compiled' })
  approveOfficial(join(home.home, '.claude.json'))
  succeeded(await home.claude(['plugin', 'marketplace', 'add', market]))
  for (const folder of ['site', 'other']) mkdirSync(join(home.home, folder))
  keepSecret(home, 'bot-token', home.bot.bot.token)
  keepSecret(home, 'discord-token', home.discord.addBot().token)
  playPrograms(home, played)
  const env = { ...home.env, PLAYED: played.path(''), LANG: 'C.UTF-8' }
  let sittings = 0
  return {
    home,
    run: (line) => runProgram('bash', ['-c', line], { cwd: home.home, env, timeoutMs: 30_000 }),
    sit: async (line) => {
      sittings += 1
      const own = `PATH='${home.env.PATH}' PLAYED='${played.path('')}' ${line}`
      const terminal = await openTerminal(home, `desk${sittings}`, home.home, own)
      const sees = async (what: RegExp) => {
        let screen = ''
        const shows = async () => {
          screen = await terminal.screen()
          return what.test(screen.replace(/\s+/g, ' '))
        }
        await until(() => `${what} of ${line}:\n${screen}`, shows, 20_000)
      }
      return {
        press: terminal.press,
        type: terminal.type,
        sees,
        ends: async (code) => {
          await sees(/\[ended with \d+\]/)
          const screen = await terminal.screen()
          await terminal.close()
          expect(screen).toContain(`[ended with ${code}]`)
        },
      }
    },
    close: async () => {
      await home.close()
      played.close()
    },
  }
}

/** A file that holds a token, as `--token-file` wants it. */
export const keepSecret = (home: Machine, name: string, token: string): void => {
  writeFileSync(join(home.home, name), `${token}\n`, { mode: 0o600 })
}

const approveOfficial = (file: string): void => {
  const json = JSON.parse(readFileSync(file, 'utf8'))
  const features = json.cachedGrowthBookFeatures
  const added = ['telegram', 'discord', 'fakechat'].map((plugin) => ({
    marketplace: officialMarketplace,
    plugin,
  }))
  features.tengu_harbor_ledger.push(...added)
  writeFileSync(file, JSON.stringify(json), { mode: 0o600 })
}

/** `channels` in PATH, and a systemctl that starts a real keeper and ends it. */
const playPrograms = (home: Machine, played: Played): void => {
  played.put('environment', `HOME=${home.home}\n`)
  writeScript(join(home.bin, 'channels'), `exec '${process.execPath}' '${cli}' "$@"`)
  writeScript(join(home.bin, 'loginctl'), 'exec "$PLAYED/bin/loginctl" "$@"')
  writeScript(
    join(home.bin, 'systemctl'),
    'case "$*" in',
    '  "--user start "*) setsid channels run >/dev/null 2>&1 </dev/null & echo $! >"$PLAYED/pid"; exit 0 ;;',
    '  "--user stop "*) kill "$(cat "$PLAYED/pid")" ;;',
    'esac',
    'exec "$PLAYED/bin/systemctl" "$@"',
  )
}

const writeScript = (file: string, ...lines: readonly string[]): void => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, ['#!/bin/sh', ...lines, ''].join('\n'))
  chmodSync(file, 0o755)
}
