import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openTerminal } from '../sim/terminal.ts'
import { until } from '../sim/until.ts'
import { journal, pollers, sockets, tmux } from '../sim/watch.ts'
import type { Machine } from '../simulated/faults/kit.ts'
import type { Fault } from './fault.ts'
import { change, channels, pollerOf, scene, wrapped } from './scene.ts'

/** Who takes the bot on the same machine. */
export const thieves: readonly Fault[] = [
  {
    name: 'thief: another session takes the bot',
    says: 'poller-stolen',
    passes: ['client-exited'],
    where: 'both',
    when: 'live',
    heals: 'by itself',
    open: scene(
      ({ home }) => ({ break: async () => (await steal(home, 'thief')).at }),
      () => ({ flags: ['--shared'] }),
    ),
  },
  {
    name: 'background fork',
    says: 'poller-stolen',
    passes: ['client-exited'],
    where: 'both',
    when: 'live',
    heals: 'by itself',
    open: scene(
      ({ home }) => ({
        break: async () => {
          const before = await pollerOf(home)
          await tmux(home, sockets(home).session, 'send-keys', 'Left')
          return untilOther(home, before)
        },
      }),
      wrapped(() => ['unset CLAUDE_CODE_DISABLE_AGENT_VIEW']),
    ),
  },
  {
    name: 'thief that comes again and again',
    says: 'poller-contested',
    passes: ['poller-stolen', 'client-exited'],
    where: 'simulation',
    when: 'live',
    heals: 'once mended',
    open: scene(
      ({ home }) => {
        const thieves: Thief[] = []
        return {
          break: async () => {
            for (let i = 0; i < 3; i += 1) {
              const thief = await steal(home, `thief-${i}`)
              thieves.push(thief)
              await untilHealed(home, thief.at)
            }
            const last = await steal(home, 'thief-3')
            thieves.push(last)
            return last.at
          },
          mend: async () => {
            for (const thief of thieves) await thief.close()
            await channels(home, ['restart', 'work'])
          },
        }
      },
      () => ({ flags: ['--shared'] }),
    ),
  },
]

type Thief = { readonly at: number; readonly close: () => Promise<void> }

/** A client that somebody starts by hand in another folder, without `--channels`; `at` is when its plugin has the bot. */
const steal = async (home: Machine, name: string): Promise<Thief> => {
  const folder = join(home.root, name)
  mkdirSync(folder)
  change(join(home.home, '.claude.json'), (json) => ({
    ...json,
    projects: { ...(json.projects as object), [folder]: { hasTrustDialogAccepted: true } },
  }))
  const before = await pollerOf(home)
  const terminal = await openTerminal(home, name, folder, 'claude --permission-mode default')
  return { at: await untilOther(home, before), close: terminal.close }
}

const untilOther = (home: Machine, before: number | undefined): Promise<number> =>
  until('another poller', () => (pollers(home).some(({ pid }) => pid !== before) ? Date.now() : null), 20_000)

const untilHealed = (home: Machine, since: number): Promise<unknown> =>
  until(
    'the bot back',
    () => {
      const last = journal(home).findLast((entry) => entry.type === 'state')
      return last?.type === 'state' && last.to === 'live' && last.at > since
    },
    30_000,
  )
