import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cli } from '../sim/cli.ts'
import { signal } from '../sim/processes.ts'
import { until } from '../sim/until.ts'
import { journal } from '../sim/watch.ts'
import type { Machine } from '../simulated/faults/kit.ts'
import type { Fault } from './fault.ts'
import { withBun } from './plugin.ts'
import { scene } from './scene.ts'
import { untouched } from './untouched.ts'

/** The platform is asked again after a minute at the latest, and twice in vain before it is said. */
const cutOff = { where: 'simulation', heals: 'once mended', backS: 80 } as const

/** The network of the machine, gone for a while: whatever was begun without it goes on by itself once it is back. */
export const network: readonly Fault[] = [
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
