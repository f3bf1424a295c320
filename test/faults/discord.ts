import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../sim/until.ts'
import type { Fault } from './fault.ts'
import { channels, clientOf, discordScene, pollerOf, strike } from './scene.ts'

const whileLive = { where: 'both', when: 'live', heals: 'once mended' } as const
const byItself = { ...whileLive, heals: 'by itself' } as const
const atStart = { ...whileLive, when: 'start' } as const

/** Discord is asked each minute; a client that is started again comes on top. */
const nextAnswerS = 75

/** A bot at Discord: its plugin ends where Discord refuses it, connects by itself after a loss, and nothing waits there. */
export const discord: readonly Fault[] = [
  {
    ...whileLive,
    name: 'discord: gateway refused for good',
    says: 'not-draining',
    // A plugin that is refused at its first connection ends.
    passes: ['client-exited', 'plugin-exited'],
    becomes: 'plugin-exited',
    backS: 60,
    open: discordScene(({ home, ward }) => {
      let end: (() => void) | null = null
      return {
        break: () => {
          end = home.discord.fail({ method: 'GET /gateway/stream', how: 'reset' })
          ward.bot.dropGateways()
        },
        mend: () => end?.(),
        close: () => end?.(),
      }
    }),
  },
  {
    ...whileLive,
    name: 'discord: no answer',
    says: 'network',
    // Half of its answers are a minute old by then.
    where: 'simulation',
    backS: nextAnswerS,
    open: discordScene(({ home, ward }) => {
      let end: (() => void) | null = null
      return {
        break: () => {
          end = home.discord.fail({ how: 'reset' })
          ward.bot.dropGateways()
        },
        mend: () => end?.(),
        close: () => end?.(),
      }
    }),
  },
  {
    ...whileLive,
    name: 'discord: token revoked',
    says: 'token-rejected',
    open: discordScene(({ home, ward }) => ({
      break: () => ward.bot.revoke(),
      mend: () => channels(home, ['token', 'work', '--token-stdin', '--yes'], `${ward.bot.rotate()}\n`),
    })),
  },
  {
    ...whileLive,
    name: 'discord: intent switched off',
    says: 'intent-missing',
    backS: nextAnswerS,
    open: discordScene(({ ward }) => ({
      break: () => ward.bot.setIntent(false),
      mend: () => ward.bot.setIntent(true),
    })),
  },
  {
    ...whileLive,
    name: 'discord: intent switched off, and its plugin hung up on',
    says: 'intent-missing',
    // Before Discord was asked again.
    passes: ['plugin-exited', 'client-exited'],
    backS: nextAnswerS,
    open: discordScene(({ home, ward }) => ({
      break: async () => {
        ward.bot.setIntent(false)
        return strike(await pollerOf(home))
      },
      mend: () => ward.bot.setIntent(true),
    })),
  },
  {
    ...whileLive,
    name: 'discord: thrown out of its last server',
    says: 'no-server',
    backS: nextAnswerS,
    open: discordScene(({ ward }) => ({
      break: () => ward.bot.setServers([]),
      mend: () => ward.bot.setServers([{ id: '1234567890123456789', name: 'Again' }]),
    })),
  },
  {
    ...atStart,
    name: 'discord: intent missing before the start',
    says: 'intent-missing',
    // Once it is switched on, its plugin is only dead.
    passes: ['plugin-exited', 'client-exited'],
    open: discordScene(({ home, ward }) => ({
      break: () => ward.bot.setIntent(false),
      mend: () => {
        ward.bot.setIntent(true)
        return channels(home, ['up', 'work'])
      },
    })),
  },
  {
    ...atStart,
    name: 'discord: token revoked before the start',
    says: 'token-rejected',
    open: discordScene(({ home, ward }) => ({
      break: () => ward.bot.revoke(),
      mend: () => channels(home, ['token', 'work', '--token-stdin', '--yes'], `${ward.bot.rotate()}\n`),
    })),
  },
  {
    ...atStart,
    name: 'discord: token file gone',
    says: 'token-missing',
    open: discordScene(({ ward }) => {
      const file = join(ward.stateDir, '.env')
      const text = readFileSync(file, 'utf8')
      return {
        break: () => rmSync(file),
        mend: () => writeFileSync(file, text, { mode: 0o600 }),
      }
    }),
  },
  {
    ...atStart,
    heals: 'by itself',
    name: 'discord: needs-auth leftover of the plugin',
    says: null,
    open: discordScene(({ home }) => ({
      break: () =>
        writeFileSync(
          join(home.home, '.claude', 'mcp-needs-auth-cache.json'),
          JSON.stringify({ 'plugin:discord:discord': { timestamp: Date.now(), id: '0'.repeat(16) } }),
        ),
    })),
  },
  {
    ...byItself,
    name: 'discord: gateway dropped once',
    says: null,
    open: discordScene(({ ward }) => ({
      break: async () => {
        const [before] = ward.bot.gateways()
        ward.bot.dropGateways()
        await until('another connection', () =>
          ward.bot.gateways().some(({ since }) => since > (before?.since ?? 0)),
        )
      },
    })),
  },
  {
    ...byItself,
    name: 'discord: plugin killed',
    says: 'plugin-exited',
    passes: ['client-exited'],
    open: discordScene(({ home }) => ({ break: async () => strike(await pollerOf(home)) })),
  },
  {
    ...byItself,
    name: 'discord: plugin stopped (SIGSTOP)',
    says: 'plugin-stopped',
    open: discordScene(({ home }) => ({ break: async () => strike(await pollerOf(home), 'SIGSTOP') })),
  },
  {
    ...byItself,
    name: 'discord: client killed',
    says: 'client-exited',
    open: discordScene(({ home }) => ({ break: async () => strike(await clientOf(home)) })),
  },
]
