import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { namePager } from '../sim/other-wards.ts'
import { until } from '../sim/until.ts'
import { journal, mcpLogText } from '../sim/watch.ts'
import { choose, untilShown } from '../simulated/faults/choose.ts'
import type { Machine } from '../simulated/faults/kit.ts'
import type { Fault } from './fault.ts'
import {
  change,
  channels,
  clientOf,
  fakechatScene,
  pagerScene,
  pollerOf,
  serverScene,
  strike,
} from './scene.ts'

const byItself = { where: 'both', when: 'live', heals: 'by itself' } as const
const atStart = { ...byItself, when: 'start', heals: 'once mended' } as const

/**
 * What somebody wrote for themselves: a plugin that no list approves, and a server of the folder's `.mcp.json`. At every
 * start the client warns of them, which is named until the keeper has answered it.
 */
export const own: readonly Fault[] = [
  {
    ...byItself,
    name: 'own plugin killed',
    says: 'plugin-exited',
    passes: ['client-exited', 'development-dialog'],
    open: pagerScene(({ home }) => ({ break: async () => strike(await pollerOf(home)) })),
  },
  {
    ...byItself,
    name: 'own server killed',
    says: 'plugin-exited',
    passes: ['client-exited', 'development-dialog'],
    open: serverScene(({ home }) => ({ break: async () => strike(await pollerOf(home)) })),
  },
  {
    ...byItself,
    name: 'own server stopped (SIGSTOP)',
    says: 'plugin-stopped',
    open: serverScene(({ home }) => ({ break: async () => strike(await pollerOf(home), 'SIGSTOP') })),
  },
  {
    ...atStart,
    name: 'own plugin, and its warning is the person’s to answer',
    says: 'development-dialog',
    open: pagerScene(({ home }) => ({
      break: () => channels(home, ['set', 'work', 'development=ask']),
      appears: () => untilShown(home, 'work', warning),
      mend: () => choose(home, 'work', warning),
    })),
  },
  {
    ...atStart,
    heals: 'by itself',
    name: 'own plugin, and its warning is answered',
    says: 'development-dialog',
    open: pagerScene(({ home }) => ({
      break: () => undefined,
      // Answered sooner than a test looks: from the start of the client.
      appears: () =>
        until('a client', () => journal(home).some(({ type }) => type === 'client-started'), 20_000),
    })),
  },
  {
    ...atStart,
    name: 'approved plugin that is taken off the list',
    says: 'not-allowlisted',
    // The real client asks the service for its list at every start.
    where: 'simulation',
    open: fakechatScene(({ home, ward }) => {
      const file = join(home.home, '.claude.json')
      let features: unknown
      return {
        break: () =>
          change(file, (json) => {
            features = json.cachedGrowthBookFeatures
            return { ...json, cachedGrowthBookFeatures: { tengu_harbor: true, tengu_harbor_ledger: [] } }
          }),
        appears: () =>
          until('the client to say so', () => mcpLogText(home, ward.cwd).includes('notifications skipped')),
        mend: async () => {
          change(file, (json) => ({ ...json, cachedGrowthBookFeatures: features }))
          await channels(home, ['restart', 'work'])
        },
      }
    }),
  },
  {
    ...atStart,
    name: 'own server that .mcp.json does not name',
    says: 'server-missing',
    passes: ['development-dialog'],
    open: serverScene(({ home, ward }) => ({
      break: () => namePager(home, ward.cwd, 'other'),
      mend: () => namePager(home, ward.cwd),
    })),
  },
  {
    ...byItself,
    heals: 'once mended',
    name: 'own server taken out of .mcp.json, then the client killed',
    says: 'server-missing',
    passes: ['client-exited', 'development-dialog'],
    open: serverScene(({ home, ward }) => ({
      break: async () => {
        rmSync(join(ward.cwd, '.mcp.json'))
        return strike(await clientOf(home))
      },
      mend: () => namePager(home, ward.cwd),
    })),
  },
  {
    ...atStart,
    name: 'own server refused in the settings of its folder',
    says: 'server-missing',
    passes: ['development-dialog'],
    open: serverScene(({ ward }) => {
      const file = join(ward.cwd, '.claude', 'settings.local.json')
      return {
        break: () => {
          mkdirSync(dirname(file), { recursive: true })
          writeFileSync(file, JSON.stringify({ disabledMcpjsonServers: ['pager'] }))
        },
        mend: () => writeFileSync(file, '{}'),
      }
    }),
  },
  {
    ...atStart,
    name: 'own server that declares no channel',
    says: 'not-a-channel',
    passes: ['development-dialog'],
    open: serverScene(({ home, ward }) => ({
      break: () => namePager(home, ward.cwd, 'pager', { PAGER_DECLARES: 'nothing' }),
      appears: () =>
        until(
          'the client to say so',
          () => mcpLogText(home, ward.cwd).includes('notifications skipped'),
          20_000,
        ),
      mend: async () => {
        namePager(home, ward.cwd)
        await channels(home, ['up', 'work'])
      },
    })),
  },
  {
    ...atStart,
    name: 'own server, and its program is gone',
    says: 'plugin-failed',
    passes: ['client-exited', 'development-dialog'],
    open: serverScene(({ home, ward }) => ({
      break: () => renameSync(program(home), `${program(home)}.away`),
      appears: () =>
        until('the failure', () => mcpLogText(home, ward.cwd).includes('Connection failed'), 20_000),
      mend: () => renameSync(`${program(home)}.away`, program(home)),
    })),
  },
]

const warning = 'I am using this for local development'

const program = ({ root }: Machine): string => join(root, 'market', 'pager', 'server.ts')
