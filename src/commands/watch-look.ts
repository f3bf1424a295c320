import type { Report } from '../core/report.ts'
import type { Session } from '../core/session.ts'
import type { Deps } from '../deps.ts'
import { ExpectedError } from '../errors.ts'
import { withProbe } from './probe.ts'
import { type Looking, reportOn } from './report-on.ts'
import { selectSessions } from './select.ts'

/** Why something could not be looked at, and what helps. */
export type Problem = { readonly message: string; readonly hint: string }

export type WatchLook = { readonly report: Report; readonly problems: readonly Problem[] }

export type Watching = Looking & Pick<Deps, 'settings' | 'probe'>

/** Without a keeper the platform is asked this often, as a keeper would. */
const probeEveryMs = 60_000

/**
 * A look at the named sessions, or at all there are, that is taken again and again. The first one throws as `status`
 * does. Later ones go on with the sessions known last when the configuration can't be read, and without those that are
 * gone, and say so.
 */
export const createLook = (names: readonly string[], deps: Watching): (() => Promise<WatchLook>) => {
  let before: readonly Session[] | null = null
  const probes = new Map<string, ReturnType<typeof withProbe>>()
  const probeOf = (session: Session) => {
    // Another bot is another matter.
    const key = JSON.stringify([session.name, session.channels.map(({ id, botId }) => [id, botId])])
    const probe = probes.get(key) ?? withProbe(deps, 0, probeEveryMs)
    probes.set(key, probe)
    return probe
  }
  return async () => {
    const { sessions, problems } =
      before === null
        ? { sessions: selectSessions(names, deps), problems: [] }
        : selectAgain([...new Set(names)], before, deps)
    before = sessions
    return {
      report: await reportOn(sessions, (evidence) => probeOf(evidence.session)(evidence), deps),
      problems,
    }
  }
}

type Selected = { readonly sessions: readonly Session[]; readonly problems: readonly Problem[] }

const selectAgain = (
  names: readonly string[],
  before: readonly Session[],
  deps: Pick<Deps, 'settings'>,
): Selected => {
  try {
    const settings = deps.settings.read()
    const once = { settings: { ...deps.settings, read: () => settings } }
    const found = (names.length === 0 ? [[]] : names.map((name) => [name])).map((each) => find(each, once))
    return {
      sessions: found.flatMap(({ sessions }) => sessions),
      problems: found.flatMap(({ problems }) => problems),
    }
  } catch (error) {
    return { sessions: before, problems: [expected(error)] }
  }
}

const find = (names: readonly string[], deps: Pick<Deps, 'settings'>): Selected => {
  try {
    return { sessions: selectSessions(names, deps), problems: [] }
  } catch (error) {
    return { sessions: [], problems: [expected(error)] }
  }
}

/** Everything else is a bug, and stays one. */
const expected = (error: unknown): Problem => {
  if (!(error instanceof ExpectedError)) throw error
  return { message: error.message, hint: error.hint }
}
