import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { signal } from '../../sim/processes.ts'
import { typeLine } from '../../sim/terminals.ts'
import { sockets } from '../../sim/watch.ts'
import type { Fault } from './fault.ts'
import { findClient, hit } from './targets.ts'

/** What a person does on purpose or by mistake: orders, a line at the terminal, files that go. */
export const orderFaults = {
  restart: {
    // Asked for: it may well pass between two looks.
    named: [],
    forMs: [0, 0],
    deaf: null,
    loses: 'queued',
    mutes: true,
    hits: 'session',
    provoke: async ({ home, ward: { name } }) => {
      const { code, stderr } = await home.channels(['restart', name, '--timeout', '30s'])
      // 1: not live in time, or another order came after it.
      return code === 0 || code === 1 ? { mend: null } : { missed: `restart ended with ${code}: ${stderr}` }
    },
  },
  'down-and-up': {
    named: ['stopped'],
    forMs: [2_000, 6_000],
    deaf: 'until-mended',
    loses: 'queued',
    mutes: true,
    hits: 'session',
    provoke: async ({ home, ward: { name } }) => {
      const { code, stderr } = await home.channels(['down', name])
      const downAt = Date.now()
      const mend = async () => void (await home.channels(['up', name, '--no-wait']))
      if (code === 0) return { mend, feltAt: () => downAt }
      await mend()
      return { missed: `down ended with ${code}: ${stderr}` }
    },
  },
  cleared: {
    named: [],
    forMs: [0, 0],
    deaf: null,
    loses: 'nothing',
    mutes: false,
    hits: 'session',
    provoke: async ({ home, ward: { name } }) => {
      try {
        await typeLine(home, '/clear', name)
        return { mend: null }
      } catch (error) {
        return { missed: error instanceof Error ? error.message : String(error) }
      }
    },
  },
  'socket-removed': {
    named: [],
    forMs: [5_000, 20_000],
    deaf: null,
    loses: 'nothing',
    mutes: false,
    hits: 'session',
    provoke: async ({ home, ward: { name } }) => {
      const socket = sockets(home, name).session
      if (!existsSync(socket)) return { missed: 'no socket' }
      rmSync(socket)
      // As `channels attach` asks for it back (field notes, section 7); later faults need it.
      const servers = () =>
        home.processes().filter(({ comm, argv }) => comm === 'tmux: server' && argv.includes(socket))
      return { mend: async () => servers().forEach(({ pid }) => void signal(pid, 'SIGUSR1')) }
    },
  },
  'token-away': {
    named: ['token-missing', 'client-exited', 'starting'],
    forMs: [3_000, 8_000],
    deaf: 'until-restart',
    loses: 'queued',
    mutes: true,
    hits: 'session',
    provoke: async ({ home, ward }) => {
      const client = await findClient(home, ward)
      const file = join(ward.stateDir, '.env')
      if (!existsSync(file)) return { missed: 'the token is away already' }
      // A client that runs has read it: only the next one misses it.
      renameSync(file, `${file}.away`)
      const back = (): void => renameSync(`${file}.away`, file)
      const missed = hit(client, 'SIGKILL')
      if (missed === null) return { mend: async () => back() }
      back()
      return missed
    },
  },
} as const satisfies Readonly<Record<string, Fault>>
