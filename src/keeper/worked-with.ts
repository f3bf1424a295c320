import { pluginKey } from '../core/channel.ts'
import type { Evidence } from '../core/evidence.ts'
import type { Worked } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import type { World } from '../deps.ts'

/** The versions a session is live with. Reads the client's list of plugins: once a run is often enough. */
export const workedWith = (world: World, session: Session, { run, client, at }: Evidence): Worked => ({
  run: run?.run ?? '',
  at,
  client: client?.file?.version ?? null,
  plugins: Object.fromEntries(
    session.channels.flatMap(({ id }) => {
      const key = pluginKey(id)
      const installed =
        key === null ? null : world.claude.pluginInstalled(world.claude.sessionPaths(session), key)
      return installed?.is === 'yes' && installed.value.version !== null
        ? [[id, installed.value.version]]
        : []
    }),
  ),
})
