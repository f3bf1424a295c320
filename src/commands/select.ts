import type { Session } from '../core/session.ts'
import { findSession } from '../core/settings.ts'
import type { Deps } from '../deps.ts'
import { ExpectedError, exitStatus, unknownSession, usageError } from '../errors.ts'

/** The named sessions, or all. Throws an ExpectedError (3) for a name that is none, or when nothing is set up. */
export const selectSessions = (
  names: readonly string[],
  deps: Pick<Deps, 'settings'>,
): readonly Session[] => {
  const settings = deps.settings.read()
  const { sessions } = settings
  if (Object.keys(sessions).length === 0 && names.length === 0) throw nothingSetUp()
  if (names.length === 0) return Object.values(sessions)
  return [...new Set(names)].map((name) => {
    const session = findSession(settings, name)
    if (session === null) throw unknownSession(name)
    return session
  })
}

/** The named session, or the only one. Throws an ExpectedError: 3 when there is none, 2 when there are several. */
export const selectSession = (name: string | undefined, deps: Pick<Deps, 'settings'>): Session => {
  const [session, ...others] = selectSessions(name === undefined ? [] : [name], deps)
  if (session === undefined) throw nothingSetUp()
  if (others.length > 0)
    throw usageError(
      'There are several sessions; name one.',
      `Sessions: ${[session, ...others].map((each) => each.name).join(', ')}.`,
    )
  return session
}

const nothingSetUp = (): ExpectedError =>
  new ExpectedError(
    exitStatus.unknownSession,
    'No session is set up.',
    '`channels setup telegram` makes one.',
  )
