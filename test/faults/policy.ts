import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { marketplace } from '../sim/home.ts'
import { until } from '../sim/until.ts'
import { mcpLogText } from '../sim/watch.ts'
import type { Machine } from '../simulated/faults/kit.ts'
import type { Fault, Scene } from './fault.ts'
import { world } from './home.ts'
import { change, channels, type Place, scene, wrapped } from './scene.ts'

const switchedOff = { where: 'both', when: 'start', heals: 'once mended' } as const

/** Our own look at the administrator's folder finds it: no client is started, and one is as soon as it is mended. */
const foundBefore = { where: 'simulation', when: 'start', heals: 'once mended' } as const

/** Who has channels switched off: the service, or an organization. */
export const policy: readonly Fault[] = [
  {
    ...switchedOff,
    name: 'gate off',
    says: 'channels-unavailable',
    open: scene((place) => {
      const file = join(place.home.home, '.claude.json')
      let features: unknown
      return {
        break: () =>
          change(file, ({ cachedGrowthBookFeatures, ...json }) => {
            features = cachedGrowthBookFeatures
            return json
          }),
        appears: () => untilSkipped(place),
        mend: async () => {
          change(file, (json) => ({ ...json, cachedGrowthBookFeatures: features }))
          await channels(place.home, ['restart', 'work'])
        },
      }
    }),
  },
  {
    ...switchedOff,
    name: 'channel skipped in words of a later client',
    says: 'channel-skipped',
    where: 'simulation',
    open: scene((place) => {
      const file = join(place.home.home, '.claude.json')
      const skip = (why: string | null) =>
        change(file, ({ cachedGrowthBookFeatures, ...json }) => ({
          ...json,
          cachedGrowthBookFeatures: { ...(cachedGrowthBookFeatures as object), skipped_for_stand_in: why },
        }))
      return {
        break: () => skip('the moon is not full'),
        appears: () => untilSkipped(place),
        mend: async () => {
          skip(null)
          await channels(place.home, ['restart', 'work'])
        },
      }
    }),
  },
  {
    ...switchedOff,
    name: 'channelsEnabled: false',
    says: 'org-policy',
    open: (home) => administrated(home, { channelsEnabled: false }),
  },
  {
    ...switchedOff,
    name: 'allowedChannelPlugins: []',
    says: 'not-allowlisted',
    open: (home) => administrated(home, { channelsEnabled: true, allowedChannelPlugins: [] }),
  },
  {
    ...foundBefore,
    name: 'channelsEnabled absent, before the start',
    says: 'org-policy',
    open: scene((place) => settled(place, { cleanupPeriodDays: 20 })),
  },
  {
    ...foundBefore,
    name: 'allowedChannelPlugins: [], before the start',
    says: 'not-allowlisted',
    open: scene((place) => settled(place, { channelsEnabled: true, allowedChannelPlugins: [] })),
  },
]

/** Settings of an administrator, where we look for them. */
const settled = ({ home, ward }: Place, settings: object): Omit<Scene, 'ward'> => {
  const folder = home.env.CHANNELS_MANAGED_SETTINGS ?? ''
  const file = join(folder, 'managed-settings.json')
  return {
    break: () => {
      mkdirSync(folder)
      writeFileSync(file, JSON.stringify(settings))
    },
    mend: () => {
      if (mcpLogText(home, ward.cwd) !== '') throw new Error('a client was started before it was mended')
      writeFileSync(
        file,
        JSON.stringify({ ...settings, channelsEnabled: true, allowedChannelPlugins: [approved] }),
      )
    },
  }
}

const approved = { plugin: 'telegram', marketplace }

/** Settings of an administrator, for this client alone: the stand-in is told of them, the real one has an /etc of its own. */
const administrated = async (home: Machine, settings: object): Promise<Scene | null> => {
  if (world === 'real' && !mayMount()) return null
  const [etc, inForce] = [join(home.root, 'etc'), join(home.root, 'in-force')]
  mkdirSync(join(etc, 'claude-code'), { recursive: true })
  writeFileSync(join(etc, 'claude-code', 'managed-settings.json'), JSON.stringify(settings))
  const told = world === 'real' ? ownEtc(etc, home) : `export FAKE_CLAUDE_MANAGED='${etc}/claude-code'`
  const open = scene(
    (place) => ({
      break: () => writeFileSync(inForce, ''),
      appears: () => untilSkipped(place),
      mend: async () => {
        rmSync(inForce)
        await channels(home, ['restart', 'work'])
      },
    }),
    wrapped(() => [`[ ! -e '${inForce}' ] || ${told}`]),
  )
  return open(home)
}

const mayMount = (): boolean =>
  existsSync('/proc/self/ns/mnt') && spawnSync('unshare', ['-m', 'true'], { stdio: 'ignore' }).status === 0

const ownEtc = (etc: string, { bin }: Machine): string =>
  `exec unshare -m sh -c 'mount -t overlay overlay -o lowerdir="$1":/etc /etc && shift && exec "$@"' sh '${etc}' '${bin}/claude' "$@"`

const untilSkipped = ({ home, ward }: Place): Promise<unknown> =>
  until('the client to say so', () => mcpLogText(home, ward.cwd).includes('notifications skipped'), 20_000)
