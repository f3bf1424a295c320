import {
  exportOdd,
  fallAsleep,
  oddNode,
  putOddNode,
  putOwnDate,
  setClock,
  slowDown,
} from '../sim/odd-node.ts'
import { signal, stateOf } from '../sim/processes.ts'
import { until } from '../sim/until.ts'
import type { Machine } from '../simulated/faults/kit.ts'
import type { Fault, Scene } from './fault.ts'
import { clientOf, type Place, pollerOf, scene, strike, wrapped } from './scene.ts'
import { untouched } from './untouched.ts'
import { pause } from './watch-fault.ts'

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
const hours = 60 * 60_000

/** What happens to a whole machine: each is lived through, and no session that is well is touched for it. */
export const events: readonly Fault[] = [
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
]

/**
 * Everything of the home stands still, and the time goes on. Who looks at the others stands still first and goes on last,
 * and so does a command that is asked meanwhile: none of them sees a machine of which only a part is suspended. A signal
 * takes its time on a busy machine, and what a looker was about to read it would have read by then.
 */
const suspend = async (home: Machine, meanwhile: () => unknown): Promise<void> => {
  const lookers = () => home.processes().filter(isLooker)
  const others = () => home.processes().filter((each) => !isLooker(each))
  const wake = fallAsleep(home)
  await hold(lookers)
  await hold(others)
  meanwhile()
  for (const wakeAt = Date.now() + 4_000; Date.now() < wakeAt; await pause(20)) await hold(lookers)
  await letGo(others)
  await letGo(lookers)
  wake()
}

type Some = () => readonly { readonly pid: number }[]

const hold = (some: Some): Promise<unknown> => tellAll(some, 'SIGSTOP', (state) => state !== 'T')
const letGo = (some: Some): Promise<unknown> => tellAll(some, 'SIGCONT', (state) => state === 'T')

/** Tells them, and those that are new, until none is left to whom it has still to come. */
const tellAll = (some: Some, name: NodeJS.Signals, isLeft: (state: string) => boolean): Promise<unknown> =>
  until(`${name} to come to all`, () => {
    const left = some().filter(({ pid }) => isLeft(stateOf(pid)))
    for (const { pid } of left) signal(pid, name)
    return left.length === 0
  })

const isLooker = ({ argv }: { readonly argv: readonly string[] }): boolean =>
  argv.some((word) => word.endsWith('channels.js'))

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
