import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type ReasonName, reasons } from '../../src/core/reasons.ts'
import { openTerminal } from '../sim/terminal.ts'
import { press } from '../sim/terminals.ts'
import { until } from '../sim/until.ts'
import { journal, pollers } from '../sim/watch.ts'
import type { Machine } from '../simulated/faults/kit.ts'
import type { Fault } from './fault.ts'
import { change, channels, pollerOf, scene, wrapped } from './scene.ts'

/**
 * Between the end of our poller and the thief's own pid file there is only that ours is gone, and a look just then says
 * so; where a slow machine makes that long enough to be healed, it is healed as that, and costs a budget of its own.
 */
const meanwhile: readonly ReasonName[] = ['plugin-exited', 'client-exited']

/** Who takes the bot on the same machine. */
export const thieves: readonly Fault[] = [
  {
    name: 'thief: another session takes the bot',
    says: 'poller-stolen',
    passes: meanwhile,
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
    passes: meanwhile,
    where: 'both',
    when: 'live',
    heals: 'by itself',
    open: scene(
      ({ home }) => ({
        break: async () => {
          const before = await pollerOf(home)
          await press(home, ['Left'])
          return untilOther(home, before)
        },
      }),
      wrapped(() => ['unset CLAUDE_CODE_DISABLE_AGENT_VIEW']),
    ),
  },
  {
    name: 'thief that comes again and again',
    says: 'poller-contested',
    passes: ['poller-stolen', ...meanwhile],
    where: 'simulation',
    when: 'live',
    heals: 'once mended',
    open: scene(
      ({ home }) => {
        const thieves: Thief[] = []
        return {
          break: async () => {
            // One more than is healed as such, and another for each that is healed as the end of our poller.
            while (thieves.length <= 2 * budget) {
              const thief = await steal(home, `thief-${thieves.length}`)
              thieves.push(thief)
              if ((await untilJudged(home, thief.at)) === 'contested' && thieves.length > budget)
                return thief.at
            }
            throw new Error(`${thieves.length} thefts, none given up in time`)
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

/** How often a thief is ended before it is given up. */
const budget = reasons['poller-stolen'].budget.times

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

/** What became of a theft: the bot is ours again, or is given up. */
const untilJudged = (home: Machine, since: number): Promise<'healed' | 'contested'> =>
  until(
    'the bot back, or given up',
    () => {
      const last = journal(home).findLast((entry) => entry.type === 'state' && entry.at > since)
      if (last?.type !== 'state') return null
      return last.to === 'live' ? 'healed' : last.reason === 'poller-contested' ? 'contested' : null
    },
    30_000,
  )
