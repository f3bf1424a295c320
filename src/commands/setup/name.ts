import { isSessionName } from '../../core/session.ts'
import { findSession, type Settings } from '../../core/settings.ts'
import type { Ask, Deps } from '../../deps.ts'
import { usageError } from '../../errors.ts'
import { needAsk } from './questions.ts'

/**
 * The session's name: as said, else as the person says, who is offered the folder's. Throws an ExpectedError (2) for
 * one that can't be, or none with nobody to ask; 130 when cancelled.
 */
export const chooseName = async (
  said: string | null,
  cwd: string,
  ask: Ask | null,
  { settings }: Pick<Deps, 'settings'>,
): Promise<string> => {
  if (said !== null) return checkName(said)
  const present = settings.read()
  return needAsk(ask, 'Which name should the session have?', 'Say it with --session <name>.').text({
    message: 'Name of the session, for commands such as `channels status <name>`',
    initial: suggestName(cwd, present),
    check: (answer) => nameFault(answer) ?? (isTaken(answer, present) ? taken(answer) : null),
  })
}

/** Throws an ExpectedError (2) for what can't be the name of a session. */
export const checkName = (name: string): string => {
  if (isSessionName(name)) return name
  throw usageError(`${JSON.stringify(name)} can't be the name of a session.`, `${form}: --session work.`)
}

/** A name no session has, after the folder's. */
export const suggestName = (cwd: string, present: Settings): string => {
  const base =
    cwd
      .slice(cwd.lastIndexOf('/') + 1)
      .replace(/[^A-Za-z0-9_-]+/g, '-')
      .replace(/^[-_]+/, '')
      .slice(0, 28)
      .replace(/-+$/, '') || 'work'
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}-${n}`
    if (!isTaken(name, present)) return name
  }
}

const form = 'Letters, digits, - and _, at most 32, beginning with a letter or digit'

const nameFault = (name: string): string | null => (isSessionName(name) ? null : `${form}.`)

/** Folders and sockets bear the name, and many a disk takes `Work` and `work` for one file. */
const isTaken = (name: string, present: Settings): boolean =>
  Object.keys(present.sessions).some((other) => other.toLowerCase() === name.toLowerCase())

const taken = (name: string): string =>
  `There is a session of that name; \`channels setup telegram --session ${name}\` sets it up again.`

/** Whether a session is set up again. */
export const isKnown = (name: string, { settings }: Pick<Deps, 'settings'>): boolean =>
  findSession(settings.read(), name) !== null
