import { type Channel, channelKind } from '../../core/channel.ts'
import type { ClientPaths } from '../../core/client.ts'
import { kinds } from '../../core/kinds.ts'
import type { Session } from '../../core/session.ts'
import type { Deps } from '../../deps.ts'
import { usageError } from '../../errors.ts'
import type { SetupOptions } from './options.ts'

/** Flags with nothing left open that a session which is set up already has an answer to. */
export type Settled = SetupOptions & { readonly exclusive: boolean }

/**
 * What was not said stays as it is where a session is set up once more; `channels set` changes it on its own. Its folder,
 * permission mode and environment are asked for, or found out, anew.
 */
export const asBefore = (options: SetupOptions, before: Session | null): Settled => ({
  ...options,
  exclusive: options.exclusive ?? before?.exclusive ?? true,
  dangerouslySkipPermissions:
    options.dangerouslySkipPermissions ||
    (options.permissionMode === null && before?.skipPermissions === true),
  clientArguments:
    options.clientArguments.length > 0
      ? options.clientArguments
      : (before?.arguments ?? options.clientArguments),
})

/** Names of variables the session's client had and gets no more: this shell does not have them. */
export const droppedVariables = (session: Session, before: Session | null): readonly string[] =>
  Object.keys(before?.environment ?? {}).filter((name) => session.environment[name] === undefined)

/** The bot's state folder: as said, else where it is, else the usual one. Throws an ExpectedError (2) for a relative path. */
export const stateDirOf = (
  channel: Pick<Channel, 'id' | 'kind'>,
  name: string,
  { stateDir, exclusive }: Pick<Settled, 'stateDir' | 'exclusive'>,
  before: Session | null,
  paths: ClientPaths,
  { claude, channels, env }: Pick<Deps, 'claude' | 'channels' | 'env'>,
): string => {
  if (stateDir !== null && kinds[channel.kind].stateVariable === null)
    throw usageError(`The state folder of ${channel.id} can't be chosen.`, 'Leave --state-dir out.')
  if (stateDir !== null) {
    if (stateDir.startsWith('/')) return stateDir.replace(/(?<=.)\/+$/, '')
    throw usageError(
      `The state folder ${JSON.stringify(stateDir)} is no absolute path.`,
      'Give the whole path, beginning with `/`: --state-dir /home/me/bot.',
    )
  }
  // Shared or not, and where the client keeps its files, decide where the usual one is.
  const stays =
    before !== null && before.exclusive === exclusive && claude.sessionPaths(before).config === paths.config
  const former = stays ? before.channels.find(({ id }) => isReplaced(id, channel.id))?.stateDir : undefined
  return former ?? channels.stateDirFor(env, paths, { channel, session: name, exclusive })
}

/** Whether a channel is a further one of a session, which keeps those it has. Of one kind it has one: that is replaced. */
export const isAdded = (id: string, before: Session | null): boolean =>
  before !== null && !before.channels.some((channel) => isReplaced(channel.id, id))

/** The plugins of one kind would share a state folder and its variable; own channels have neither. */
export const isReplaced = (id: string, by: string): boolean =>
  id === by || (channelKind(by) !== 'custom' && channelKind(id) === channelKind(by))
