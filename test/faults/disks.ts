import { killServer } from '../sim/terminals.ts'
import { until } from '../sim/until.ts'
import { clients, pollers } from '../sim/watch.ts'
import { type Machine, setUp } from '../simulated/faults/kit.ts'
import { fillDisk, makeReadOnly, makeRoom, mountDisk, unmountDisk } from '../simulated/life/disk.ts'
import type { Fault, Scene } from './fault.ts'
import { channels, clientOf, strike } from './scene.ts'

/** What the disk does that our state is on. */
export const disks: readonly Fault[] = [
  {
    name: 'full disk, and the client killed',
    says: 'client-exited',
    where: 'both',
    when: 'live',
    heals: 'by itself',
    // What started it can't be put on record: less than half a minute after another start it may be a hot loop.
    backS: 45,
    open: (home) => onSmallDisk(home, killedOnFullDisk),
  },
  {
    name: 'everything killed, our state read-only then',
    says: 'state-unwritable',
    passes: ['terminal-lost', 'client-exited'],
    where: 'both',
    when: 'live',
    heals: 'once mended',
    open: (home) => onSmallDisk(home, readOnly),
  },
]

const killedOnFullDisk = (home: Machine) => ({
  break: async () => {
    const client = await clientOf(home)
    fillDisk(home.channelsHome)
    return strike(client)
  },
})

/** As after a crash of the machine that left the disk in doubt: while anything writes there, it can't be made so. */
const readOnly = (home: Machine) => ({
  break: async () => {
    for (const session of ['keeper', 'work']) await killServer(home, session)
    await until('everything to be gone', () => clients(home).length + pollers(home).length === 0)
    await until('nobody to write any more', () => makeReadOnly(home.channelsHome))
    return Date.now()
  },
  mend: () => {
    makeRoom(home.channelsHome)
    return channels(home, ['up', 'work'])
  },
})

/** Everything of ours on a disk of its own. */
const onSmallDisk = async (
  home: Machine,
  spoil: (home: Machine) => Omit<Scene, 'ward'>,
): Promise<Scene | null> => {
  if (!mountDisk(home.channelsHome)) return null
  const close = () => {
    makeRoom(home.channelsHome)
    unmountDisk(home.channelsHome)
  }
  return { ward: await setUp(home, 'work'), ...spoil(home), close }
}
