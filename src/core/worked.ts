import type { Evidence } from './evidence.ts'
import type { State } from './reasons.ts'
import type { Health, Worked } from './records.ts'

/** Whether a run is live for the first time, so that the versions it is live with are worth noting. */
export const isNewlyLive = (state: State, { run, client }: Evidence, { worked }: Health): boolean =>
  state === 'live' && run !== null && client?.file != null && worked?.run !== run.run

/** What of the versions is another since the session was live last: `client 2.1.330, then 2.1.300`. */
export const changedSince = (
  { client, plugins }: Worked,
  now: Pick<Worked, 'client' | 'plugins'>,
): readonly string[] => [
  ...(client === null || now.client === null || client === now.client
    ? []
    : [`client ${now.client}, then ${client}`]),
  ...Object.entries(plugins).flatMap(([id, version]) => {
    const present = now.plugins[id]
    return present === undefined || present === version ? [] : [`${id} ${present}, then ${version}`]
  }),
]
