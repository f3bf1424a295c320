import { copyFileSync, linkSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { clientPath } from '../real/install.ts'
import { type Machine, setUp } from '../simulated/faults/kit.ts'
import { installNative, link } from '../simulated/finding/install.ts'
import type { Fault, Scene } from './fault.ts'
import { realClients, world } from './home.ts'
import { channels } from './scene.ts'

/** What the native installer does to itself: a new version beside the old one, which stays, and a link that is switched. */
export const updated: Fault = {
  name: 'client updated beside itself (link switched)',
  says: 'client-updated',
  where: 'both',
  when: 'live',
  heals: 'by itself',
  // The first quiet moment is waited for, and two looks before that.
  backS: 45,
  open: (home) => switched(home),
}

const switched = async (home: Machine): Promise<Scene> => {
  const client = install(home, realClients.former)
  const ward = await setUp(home, 'work', { env: { CHANNELS_CLAUDE: client } })
  return {
    ward,
    break: async () => {
      // Five minutes by itself.
      await channels(home, ['set', 'work', 'restart.update=1s'])
      install(home, realClients.usual)
    },
    check: async () => {
      const found = (await home.status()).sessions[0]?.client
      if (found?.version !== realClients.usual) throw new Error(`it runs ${found?.version}`)
    },
    // Hundreds of megabytes, which whoever looks for tokens in all that is left would read.
    close: () => rmSync(join(home.home, '.local/share/claude'), { recursive: true }),
  }
}

const install = (home: Machine, version: string): string => {
  if (world === 'simulation') return installNative(home, version)
  const path = join(home.home, '.local/bin/claude')
  const file = join(home.home, '.local/share/claude/versions', version)
  mkdirSync(dirname(file), { recursive: true })
  try {
    linkSync(clientPath(version), file)
  } catch {
    // Another file system.
    copyFileSync(clientPath(version), file)
  }
  link(path, file)
  return path
}
