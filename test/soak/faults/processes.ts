import type { Home } from '../../sim/home.ts'
import { signal, type TestProcess } from '../../sim/processes.ts'
import { killPane } from '../../sim/terminals.ts'
import { sockets, tmux } from '../../sim/watch.ts'
import type { Done, Fault, Missed, Scene } from './fault.ts'
import { findClient, findPoller, hit, isStopped } from './targets.ts'

/** What becomes of processes: killed, ended, suspended. */

const goes = { forMs: [0, 0], deaf: 'until-restart', mutes: true, hits: 'session' } as const
const suspends = { forMs: [4_000, 10_000], loses: 'nothing', mutes: false, hits: 'session' } as const

const end =
  (find: (scene: Scene) => Promise<TestProcess | null>, name: NodeJS.Signals) =>
  async (scene: Scene): Promise<Done | Missed> =>
    hit(await find(scene), name) ?? { mend: null }

const suspend =
  (find: (scene: Scene) => Promise<TestProcess | null>) =>
  async (scene: Scene): Promise<Done | Missed> => {
    const target = await find(scene)
    const missed = hit(target, 'SIGSTOP')
    if (missed !== null || target === null) return missed ?? { missed: 'gone' }
    return {
      mend: async () => void signal(target.pid, 'SIGCONT'),
      isOver: () => !isStopped(target.pid),
    }
  }

const client = ({ home, ward }: Scene) => findClient(home, ward)
const poller = ({ ward }: Scene) => findPoller(ward)

export const processFaults = {
  'client-killed': {
    ...goes,
    named: ['client-exited', 'starting', 'crash-loop'],
    loses: 'queued',
    provoke: end(client, 'SIGKILL'),
  },
  'client-ended': {
    ...goes,
    named: ['client-exited', 'starting', 'crash-loop'],
    // It ends in its own time: within that it may well be live.
    deaf: null,
    loses: 'queued',
    provoke: end(client, 'SIGTERM'),
  },
  'client-suspended': {
    ...suspends,
    named: ['client-stopped'],
    deaf: 'until-mended',
    provoke: suspend(client),
  },
  'plugin-killed': {
    ...goes,
    named: ['plugin-exited', 'starting'],
    loses: 'nothing',
    provoke: end(poller, 'SIGKILL'),
  },
  'plugin-suspended': {
    ...suspends,
    named: ['plugin-stopped'],
    deaf: 'until-mended',
    provoke: suspend(poller),
  },
  'keeper-killed': {
    named: [],
    forMs: [0, 0],
    deaf: null,
    loses: 'nothing',
    mutes: false,
    hits: 'everybody',
    provoke: async ({ home }) => {
      const pid = (await home.status()).keeper?.pid
      return pid !== undefined && signal(pid, 'SIGKILL') ? { mend: null } : { missed: 'no keeper' }
    },
  },
  'terminal-killed': {
    ...goes,
    named: ['terminal-lost', 'client-exited', 'starting'],
    loses: 'queued',
    provoke: async ({ home, ward: { name } }) => {
      const pid = await serverOf(home, name)
      return pid !== null && signal(pid, 'SIGKILL') ? { mend: null } : { missed: 'no tmux server' }
    },
  },
  'pane-killed': {
    ...goes,
    named: ['terminal-lost', 'client-exited', 'starting'],
    loses: 'queued',
    provoke: async ({ home, ward: { name } }) => {
      if ((await serverOf(home, name)) === null) return { missed: 'no tmux server' }
      await killPane(home, name)
      return { mend: null }
    },
  },
} as const satisfies Readonly<Record<string, Fault>>

const serverOf = async (home: Home, name: string): Promise<number | null> =>
  Number(await tmux(home, sockets(home, name).session, 'display-message', '-p', '#{pid}')) || null
