import { expect } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { cli } from '../sim/cli.ts'
import { move, release, retire } from '../sim/installation.ts'
import { screen, serverOf } from '../sim/terminals.ts'
import { until } from '../sim/until.ts'
import { journal } from '../sim/watch.ts'
import { type Machine, readReport } from '../simulated/faults/kit.ts'
import type { Fault } from './fault.ts'
import { channels, clientOf, scene, strike } from './scene.ts'
import { untouched } from './untouched.ts'

const upgraded = {
  where: 'simulation',
  when: 'live',
  heals: 'by itself',
  home: { installed: true },
} as const
const newer = '9.1.0'

/** What becomes of sessions and their keeper while `channels` itself is replaced. */
export const upgrades: readonly Fault[] = [
  {
    ...upgraded,
    name: 'channels upgraded under its keeper, then a session’s tmux server killed',
    says: 'terminal-lost',
    passes: ['client-exited'],
    open: scene(({ home }) => ({
      break: async () => {
        await keeperAnew(home)
        upgrade(home)
        return strike(serverOf(home) ?? undefined)
      },
      check: () => expect(faultsIn(home)).toEqual([]),
    })),
  },
  {
    ...upgraded,
    name: 'channels upgraded, and `up` starts the newer keeper',
    says: null,
    open: scene((place) =>
      untouched(place, async ({ home }) => {
        upgrade(home)
        await channels(home, ['up', 'work'])
        await untilKeeper(home, ({ version }) => version === newer)
      }),
    ),
  },
  {
    ...upgraded,
    name: 'channels moved to another folder, `up` from there, then the client killed',
    says: 'client-exited',
    open: scene(({ home }) => ({
      break: async () => {
        const before = (await keeperOf(home))?.pid
        const client = await clientOf(home)
        const script = move(home.root)
        const up = await home.channels(['up', 'work'], { script })
        expect(up.code, up.stderr).toBe(0)
        await untilKeeper(home, ({ pid }) => pid !== before)
        return strike(client)
      },
    })),
  },
  {
    ...upgraded,
    name: 'client killed while npm has taken channels away to upgrade it',
    says: 'launch-failed',
    passes: ['client-exited'],
    open: scene(({ home }) => ({
      break: async () => {
        const client = await clientOf(home)
        retire(home.root)
        const at = strike(client)
        await until('the loop to have missed it', () =>
          screen(home).then((shown) => shown.includes('launch failed')),
        )
        release(home.root, newer)
        return at
      },
    })),
  },
]

/** As `npm install -g` does. */
const upgrade = ({ root }: Machine): void => {
  retire(root)
  release(root, newer)
}

/** One that has done nothing for its sessions yet: it found them live. */
const keeperAnew = async (home: Machine): Promise<void> => {
  const before = (await keeperOf(home))?.pid
  strike(before)
  await untilKeeper(home, ({ pid }) => pid !== before)
}

/** Asked by the repository's build: the home's own may be away. */
const keeperOf = async (home: Machine): Promise<Report['keeper']> =>
  readReport(await home.channels(['status', '--json'], { script: cli })).keeper

type Keeper = NonNullable<Report['keeper']>

const untilKeeper = (home: Machine, fits: (keeper: Keeper) => boolean): Promise<unknown> =>
  until('such a keeper', async () => {
    const keeper = await keeperOf(home)
    return keeper !== null && fits(keeper)
  })

/** What the keeper could not do. */
const faultsIn = (home: Machine): readonly string[] =>
  journal(home).flatMap((entry) => (entry.type === 'fault' ? [entry.detail] : []))
