import type { ClientPaths } from '../core/client.ts'
import type { Session } from '../core/session.ts'
import { share } from '../core/share.ts'
import type { LookWorld } from '../deps.ts'

/**
 * The world as sessions see it that are looked at together: what is the same for several of them, such as a process, the
 * client's list of plugins or a program on PATH, is read once for all. Nothing is kept for the next look, see `share`.
 */
export const shareLook = (world: LookWorld): LookWorld => {
  const { claude, processes } = world
  return {
    ...world,
    settings: { ...world.settings, read: share(world.settings.read, () => '') },
    processes: { ...processes, find: share(processes.find, String) },
    claude: {
      ...claude,
      findProgram: share(
        (name: string, path: string | undefined) => claude.findProgram(name, path),
        (name, path) => `${name} ${path}`,
      ),
      whereNow: share((path: string) => claude.whereNow(path), String),
      readProgramFile: share(claude.readProgramFile, String),
      pluginInstalled: share(claude.pluginInstalled, ({ config }: ClientPaths, key) => `${config} ${key}`),
      sessionPaths: share(claude.sessionPaths, ({ environment }: Session) => JSON.stringify(environment)),
    },
  }
}
