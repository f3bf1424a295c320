import { renameSync } from 'node:fs'
import { expect } from 'vitest'
import { killPane, killServer, press, screen, serverOf, typeText } from '../sim/terminals.ts'
import { until } from '../sim/until.ts'
import { mcpLogText } from '../sim/watch.ts'
import type { Fault } from './fault.ts'
import { channels, clientOf, type Place, pollerOf, scene, strike } from './scene.ts'
import { stateFile } from './state-file.ts'

/** Processes that somebody, or the machine, ends: each comes back without help. */
export const killed: readonly Fault[] = [
  {
    name: 'client killed',
    says: 'client-exited',
    where: 'both',
    when: 'live',
    heals: 'by itself',
    open: scene(({ home }) => ({ break: async () => strike(await clientOf(home)) })),
  },
  {
    name: 'plugin killed',
    says: 'plugin-exited',
    passes: ['client-exited'],
    where: 'both',
    when: 'live',
    heals: 'by itself',
    open: scene(({ home }) => ({ break: async () => strike(await pollerOf(home)) })),
  },
  {
    name: 'plugin killed during a turn, and started again by its answer',
    says: 'plugin-failed',
    // While Claude is busy nothing is done about its death.
    passes: ['plugin-exited', 'client-exited'],
    // 2.1.330 starts it again only once its tool was used before (seen): it was, by the first echo.
    where: 'both',
    when: 'live',
    heals: 'by itself',
    open: scene(respawned),
  },
  {
    name: 'keeper killed',
    says: 'keeper-missing',
    where: 'both',
    when: 'live',
    heals: 'by itself',
    open: scene(({ home }) => ({ break: async () => strike((await home.status()).keeper?.pid) })),
  },
  {
    name: 'keeper and its terminal killed',
    says: 'keeper-missing',
    where: 'both',
    when: 'live',
    heals: 'once mended',
    open: scene(({ home }) => ({
      break: () => killServer(home, 'keeper'),
      mend: () => channels(home, ['up', 'work']),
    })),
  },
  {
    name: 'all taken down, as by a unit that is stopped',
    says: 'taken-down',
    where: 'both',
    when: 'live',
    heals: 'once mended',
    open: scene(({ home }) => ({
      break: async () => {
        await channels(home, ['run', '--stop'])
        return Date.now()
      },
      mend: () => channels(home, ['up', 'work']),
    })),
  },
  {
    name: 'tmux server killed',
    says: 'terminal-lost',
    passes: ['client-exited'],
    where: 'both',
    when: 'live',
    heals: 'by itself',
    open: scene(({ home }) => ({
      break: async () => strike(serverOf(home) ?? undefined),
    })),
  },
  {
    name: 'pane killed',
    says: 'terminal-lost',
    passes: ['client-exited'],
    where: 'both',
    when: 'live',
    heals: 'by itself',
    open: scene(({ home }) => ({ break: () => killPane(home) })),
  },
  {
    name: 'conversation cleared, then the client killed',
    says: 'client-exited',
    where: 'both',
    when: 'live',
    heals: 'by itself',
    open: scene(cleared),
  },
  {
    name: "the loop's launch fails",
    says: 'launch-failed',
    passes: ['client-exited'],
    where: 'both',
    when: 'live',
    heals: 'once mended',
    open: scene(({ home }) => {
      const launcher = stateFile(home, 'launcher')
      return {
        break: async () => {
          renameSync(launcher, `${launcher}.away`)
          return strike(await clientOf(home))
        },
        mend: () => renameSync(`${launcher}.away`, launcher),
      }
    }),
  },
]

/** `/clear` moves the conversation: what comes back has to be the new one. */
function cleared({ home }: Place) {
  let moved: string | null = null
  return {
    break: async () => {
      const before = await conversationOf(home)
      await typeText(home, '/clear')
      await until('/clear on the screen', async () => (await screen(home)).includes('/clear'))
      await press(home, ['Enter'])
      moved = await until('another conversation', async () => {
        const now = await conversationOf(home)
        return now !== before ? now : null
      })
      return strike(await clientOf(home))
    },
    check: async () => expect(await conversationOf(home)).toBe(moved),
  }
}

/** The client starts the server of a tool it calls anew, and then drops what that hands over. */
function respawned({ home, ward }: Place) {
  const starts = () => mcpLogText(home, ward.cwd).split('Starting connection').length - 1
  let before = 0
  return {
    break: async () => {
      before = starts()
      ward.bot.push('slow: 4')
      await until('a turn', async () => (await home.status()).sessions[0]?.client?.activity === 'busy')
      return strike(await pollerOf(home))
    },
    appears: () => until('another start of it', () => starts() > before, 20_000),
  }
}

const conversationOf = async (home: Place['home']): Promise<string | null> =>
  (await home.status()).sessions[0]?.client?.conversation ?? null
