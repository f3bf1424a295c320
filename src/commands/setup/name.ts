import { type ChannelKind, channelKind } from '../../core/channel.ts'
import { isSessionName } from '../../core/session.ts'
import { findSession, type Settings } from '../../core/settings.ts'
import type { Ask, Deps } from '../../deps.ts'
import { usageError } from '../../errors.ts'
import { isAdded } from './former.ts'
import { needAsk } from './questions.ts'

/**
 * The session's name: as said, else as the person says, who is offered the folder's. Throws an ExpectedError (2) for
 * one that can't be, or none with nobody to ask; 130 when cancelled.
 */
export const chooseName = async (
  said: string | null,
  cwd: string,
  // Channel id.
  channel: string,
  ask: Ask | null,
  { settings }: Pick<Deps, 'settings'>,
): Promise<string> => {
  if (said !== null) return checkName(said)
  const present = settings.read()
  return needAsk(ask, 'Which name should the session have?', 'Say it with --session <name>.').text({
    message: 'Name of the session, for commands such as `channels status <name>`',
    initial: suggestName(cwd, present, channelKind(channel)),
    check: (answer) =>
      nameFault(answer) ?? (isTaken(answer, present) ? taken(answer, channel, present) : null),
  })
}

/** Throws an ExpectedError (2) for what can't be the name of a session. */
export const checkName = (name: string): string => {
  if (isSessionName(name)) return name
  throw usageError(`${JSON.stringify(name)} can't be the name of a session.`, `${form}: --session work.`)
}

/** A name no session has, after the folder's; where that is taken, with the kind behind it, then with a number. */
export const suggestName = (cwd: string, present: Settings, kind: ChannelKind = 'custom'): string => {
  const base =
    cwd
      .slice(cwd.lastIndexOf('/') + 1)
      .replace(/[^A-Za-z0-9_-]+/g, '-')
      .replace(/^[-_]+/, '')
      .slice(0, 28)
      .replace(/-+$/, '') || 'work'
  const ofKind = `${base.slice(0, 31 - kind.length).replace(/-+$/, '')}-${kind}`
  for (let n = 1; ; n++) {
    const tried = n === 1 ? [base, ...(kind === 'custom' ? [] : [ofKind])] : [`${base}-${n}`]
    const free = tried.find((name) => !isTaken(name, present))
    if (free !== undefined) return free
  }
}

const form = 'Letters, digits, - and _, at most 32, beginning with a letter or digit'

const nameFault = (name: string): string | null => (isSessionName(name) ? null : `${form}.`)

/** Folders and sockets bear the name, and many a disk takes `Work` and `work` for one file. */
const isTaken = (name: string, present: Settings): boolean =>
  Object.keys(present.sessions).some((other) => other.toLowerCase() === name.toLowerCase())

const taken = (name: string, channel: string, present: Settings): string => {
  const session = Object.values(present.sessions).find((each) => each.name === name) ?? null
  const what = isAdded(channel, session) ? 'gives it this channel, too' : 'sets it up again'
  const kind = channelKind(channel)
  return `There is a session of that name; \`channels setup ${kind === 'custom' ? channel : kind} --session ${name}\` ${what}.`
}

/** Whether a session is set up again. */
export const isKnown = (name: string, { settings }: Pick<Deps, 'settings'>): boolean =>
  findSession(settings.read(), name) !== null
