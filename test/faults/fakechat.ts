import { createServer } from 'node:net'
import { readProcess } from '../sim/processes.ts'
import { until } from '../sim/until.ts'
import type { Machine } from '../simulated/faults/kit.ts'
import type { Fault } from './fault.ts'
import { clientOf, fakechatScene, pollerOf, strike } from './scene.ts'

const byItself = { where: 'both', when: 'live', heals: 'by itself' } as const
const onceFree = { ...byItself, heals: 'once mended' } as const

/** A page on a port of this machine: others may have that, and its plugin outlives a client that was killed. */
export const fakechat: readonly Fault[] = [
  {
    ...onceFree,
    when: 'start',
    name: 'fakechat: port taken before the start',
    says: 'port-taken',
    open: fakechatScene(({ ward }) => {
      const other = otherProgram(ward.port)
      return { break: other.grab, mend: other.leave, close: other.leave }
    }),
  },
  {
    ...onceFree,
    name: 'fakechat: port taken while the client starts again',
    says: 'port-taken',
    passes: ['client-exited', 'plugin-exited'],
    open: fakechatScene(({ home, ward }) => {
      const other = otherProgram(ward.port)
      return {
        break: async () => {
          const [client, plugin] = [await clientOf(home), await pollerOf(home)]
          const grabbed = other.grab()
          strike(client)
          strike(plugin)
          await grabbed
          return Date.now()
        },
        mend: other.leave,
        close: other.leave,
      }
    }),
  },
  {
    ...byItself,
    name: 'fakechat: client killed, and its plugin holds the port',
    says: 'client-exited',
    // Suspended, it can't even notice.
    passes: ['plugin-stopped'],
    open: fakechatScene(({ home }) => ({
      break: async () => {
        const [client, plugin] = [await clientOf(home), await pollerOf(home)]
        strike(plugin, 'SIGSTOP')
        return strike(client)
      },
    })),
  },
  {
    ...byItself,
    // Bun takes its server with it (seen of 1.4.5).
    name: 'fakechat: wrapper of the plugin killed',
    says: 'plugin-exited',
    passes: ['client-exited'],
    open: fakechatScene(({ home }) => ({ break: async () => strike(await wrapperOf(home)) })),
  },
  {
    ...byItself,
    name: 'fakechat: plugin killed',
    says: 'plugin-exited',
    passes: ['client-exited'],
    open: fakechatScene(({ home }) => ({ break: async () => strike(await pollerOf(home)) })),
  },
  {
    ...byItself,
    name: 'fakechat: plugin stopped (SIGSTOP)',
    says: 'plugin-stopped',
    open: fakechatScene(({ home }) => ({ break: async () => strike(await pollerOf(home), 'SIGSTOP') })),
  },
]

/** A program of somebody's that wants this port, and takes it as soon as it is free. */
const otherProgram = (port: number) => {
  const server = createServer((socket) => socket.destroy())
  const listen = (): Promise<boolean> =>
    new Promise((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
  return {
    grab: () => until(`port ${port}`, listen),
    leave: () => new Promise<void>((left) => server.close(() => left())),
  }
}

/** `bun run … start`, which the client started. */
const wrapperOf = async (home: Machine): Promise<number | undefined> => {
  const plugin = await pollerOf(home)
  return plugin === undefined ? undefined : readProcess(plugin)?.ppid
}
