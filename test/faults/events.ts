import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { cli } from '../sim/cli.ts'
import { move, release, retire } from '../sim/installation.ts'
import { exportOdd, oddNode, putOddNode, putOwnDate, setClock, slowDown } from '../sim/odd-node.ts'
import { signal } from '../sim/processes.ts'
import { until } from '../sim/until.ts'
import { journal, sockets, tmux } from '../sim/watch.ts'
import { type Machine, readReport, sessionIn } from '../simulated/faults/kit.ts'
import type { Fault, Scene } from './fault.ts'
import { withBun } from './plugin.ts'
import { channels, clientOf, type Place, pollerOf, scene, strike, wrapped } from './scene.ts'

const upgraded = { where: 'both', when: 'live', heals: 'by itself', home: { installed: true } } as const
const newer = '9.1.0'

const clocked = {
  where: 'simulation',
  when: 'live',
  heals: 'by itself',
  home: { env: oddNode('clock') },
} as const
/** What the platform said before is hours old until it is asked again, which is at once. */
const asleep = ['stale-evidence', 'network'] as const
const slow = { ...clocked, home: { env: oddNode('slow') } } as const
/** Each call: a file server far away, or one that is busy. */
const slowMs = 20
/** The platform is asked again after a minute at the latest, and twice in vain before it is said. */
const cutOff = { where: 'simulation', heals: 'once mended', backS: 80 } as const
const hours = 60 * 60_000

/** What happens to a whole machine: each is lived through, and no session that is well is touched for it. */
export const events: readonly Fault[] = [
  {
    ...upgraded,
    name: 'channels upgraded under its keeper, then a session’s tmux server killed',
    says: 'terminal-lost',
    passes: ['client-exited'],
    open: scene(({ home }) => ({
      break: async () => {
        await keeperAnew(home)
        upgrade(home)
        return strike(Number(await tmux(home, sockets(home).session, 'display-message', '-p', '#{pid}')))
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
          tmux(home, sockets(home).session, 'capture-pane', '-p').then((screen) =>
            screen.includes('launch failed'),
          ),
        )
        release(home.root, newer)
        return at
      },
    })),
  },
  {
    ...clocked,
    name: 'clock set forward by 9 hours',
    says: null,
    passes: asleep,
    open: clockScene((place, set) => untouched(place, () => set(9 * hours))),
  },
  {
    ...clocked,
    name: 'clock set back by 9 hours',
    says: null,
    passes: asleep,
    open: clockScene((place, set) => untouched(place, () => set(-9 * hours))),
  },
  {
    ...clocked,
    name: 'clock set back by 9 hours, then the client killed',
    says: 'client-exited',
    passes: asleep,
    open: clockScene(({ home }, set) => ({
      break: async () => {
        const client = await clientOf(home)
        set(-9 * hours)
        return strike(client)
      },
    })),
  },
  {
    ...clocked,
    name: 'clock set forward by 9 hours, then the plugin killed',
    says: 'plugin-exited',
    passes: [...asleep, 'client-exited'],
    open: clockScene(({ home }, set) => ({
      break: async () => {
        const poller = await pollerOf(home)
        set(9 * hours)
        return strike(poller)
      },
    })),
  },
  {
    ...clocked,
    name: 'machine suspended for 9 hours',
    says: null,
    passes: asleep,
    open: clockScene((place, set) => untouched(place, () => suspend(place.home, () => set(9 * hours)))),
  },
  {
    ...slow,
    name: 'slow home',
    says: null,
    open: scene((place) => untouched(place, () => slowDown(place.home, slowMs)), odd('slow')),
  },
  {
    ...slow,
    name: 'slow home, then the client killed',
    says: 'client-exited',
    open: scene(({ home }) => {
      return {
        break: async () => {
          const client = await clientOf(home)
          slowDown(home, slowMs)
          return strike(client)
        },
      }
    }, odd('slow')),
  },
  {
    ...cutOff,
    name: 'network gone, and back',
    says: 'network',
    when: 'live',
    open: scene((place) => {
      const network = networkOf(place.home)
      const { break: breaks, check } = untouched(place, () => {
        network.cut()
        place.ward.bot.push('while it was gone')
      })
      return {
        break: breaks,
        mend: network.heal,
        check: async () => {
          await check()
          await place.ward.bot.waitForSent(({ text }) => text === 'echo: while it was gone', 20_000)
        },
      }
    }),
  },
  {
    ...cutOff,
    name: 'booted without a network',
    says: 'network',
    passes: ['terminal-lost', 'client-exited', 'stale-evidence'],
    when: 'live',
    open: scene(({ home }) => {
      const network = networkOf(home)
      return {
        break: async () => {
          network.cut()
          await endEverything(home)
          boot(home)
        },
        mend: network.heal,
      }
    }),
  },
  {
    ...cutOff,
    name: 'first start of a plugin without a network',
    says: 'network',
    passes: ['plugin-failed', 'client-exited', 'stale-evidence'],
    when: 'start',
    open: scene(
      ({ home }) => {
        const network = networkOf(home)
        return {
          break: network.cut,
          // As long as that, all tries would have been used up.
          appears: () => until('the end of its tries', () => isWaiting(home), 60_000),
          mend: network.heal,
        }
      },
      withBun((home) => `[ ! -e '${offline(home)}' ] || export FAKE_BUN_OFFLINE=1`),
    ),
  },
]

const offline = ({ root }: Machine): string => join(root, 'offline')

const isWaiting = (home: Machine): boolean =>
  journal(home).some(
    (entry) => entry.type === 'state' && (entry.reason === 'network' || entry.reason === 'not-healing'),
  )

/** What a session reaches through the network before a message has come: the platforms, and where Bun gets packages from. */
const networkOf = (home: Machine) => {
  const ends: (() => void)[] = []
  return {
    cut: () => {
      writeFileSync(offline(home), '')
      for (const api of [home.bot, home.discord]) ends.push(api.fail({ how: 'reset' }))
      home.bot.hangUp()
    },
    heal: () => {
      rmSync(offline(home))
      for (const end of ends.splice(0)) end()
    },
  }
}

/** As a loss of power does, but for the questions of the test itself. */
const endEverything = (home: Machine): Promise<unknown> =>
  until('everything to be gone', () => {
    const left = home.processes().filter(({ argv }) => !argv.includes('status'))
    for (const { pid } of left) signal(pid, 'SIGKILL')
    return left.length === 0
  })

/** What a unit starts at boot. */
const boot = (home: Machine): void => {
  spawn(process.execPath, [cli, 'run'], { cwd: '/', env: home.env, stdio: 'ignore', detached: true }).unref()
}

/** Everything of the home stands still, and the time goes on. */
const suspend = async (home: Machine, meanwhile: () => unknown): Promise<void> => {
  const all = () => home.processes().map(({ pid }) => pid)
  for (const pid of all()) signal(pid, 'SIGSTOP')
  meanwhile()
  await new Promise((resolve) => setTimeout(resolve, 4_000))
  for (const pid of all()) signal(pid, 'SIGCONT')
}

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

/** A session in a home that has a clock of its own. `set` sets it. */
function clockScene(play: (place: Place, set: (byMs: number) => void) => Omit<Scene, 'ward'>) {
  return scene(
    (place) => {
      let toReal = (told: number) => told
      const set = (byMs: number): void => {
        ;({ toReal } = setClock(place.home, byMs))
      }
      return { ...play(place, set), toReal: (told) => toReal(told) }
    },
    (home) => {
      putOwnDate(home)
      return odd('clock')(home)
    },
  )
}

/** A session whose every Node is odd. */
function odd(how: 'clock' | 'slow') {
  return (home: Machine) => {
    putOddNode(home, how)
    return wrapped(() => [exportOdd(how)])(home)
  }
}

/** Breaks something that must leave the client as it is: neither ended nor started anew. */
const untouched = (
  { home, ward }: Place,
  breaks: (place: Place) => unknown,
): { readonly break: () => Promise<number>; readonly check: () => Promise<void> } => {
  let client: number | undefined
  return {
    break: async () => {
      client = await clientOf(home)
      await breaks({ home, ward })
      return Date.now()
    },
    check: async () => {
      const session = sessionIn(await home.status(), ward.name)
      expect(session.client?.pid).toBe(client)
      expect(session.restarts.total).toBe(0)
    },
  }
}

/** What the keeper could not do. */
const faultsIn = (home: Machine): readonly string[] =>
  journal(home).flatMap((entry) => (entry.type === 'fault' ? [entry.detail] : []))
