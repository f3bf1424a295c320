import { type Channel, shortName } from '../core/channel.ts'
import { nearest } from '../core/nearest.ts'
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
    if (session === null) throw unknownSession(name, nearest(name, Object.keys(sessions)))
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

/**
 * The session with the one channel that is meant: the one that was named by kind or id, or the only one that fits. Throws
 * an ExpectedError: 1 where none fits, 2 where several do, by the kind that was named or unnamed, or the named one is not
 * among them.
 */
export const ofChannel = (
  session: Session,
  named: string | null,
  fits: (channel: Channel) => boolean,
  // As a sentence about a channel goes on.
  what: string,
): Session => {
  const able = session.channels.filter(fits)
  const [only] = able
  if (only === undefined)
    throw new ExpectedError(
      exitStatus.wrong,
      `No channel of \`${session.name}\` ${what}.`,
      '`channels list --json` shows the channels it has.',
    )
  const exact = able.filter(({ id }) => id === named)
  const all = named === null ? able : exact.length > 0 ? exact : able.filter(({ kind }) => kind === named)
  const [meant] = all
  if (meant !== undefined && all.length === 1) return { ...session, channels: [meant] }
  const names = (all.length === 0 ? able : all).map(shortName)
  throw usageError(
    all.length > 1
      ? `\`${session.name}\` has several channels: ${names.join(' and ')}.`
      : `\`${session.name}\` has no channel ${JSON.stringify(named)} that ${what}; it has ${names.join(' and ')}.`,
    `Say which: --channel ${names.join(' or --channel ')}.`,
  )
}
