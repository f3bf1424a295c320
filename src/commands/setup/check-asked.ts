import { channelKind, officialMarketplace, parseChannelId, pluginKey, shortName } from '../../core/channel.ts'
import { kinds } from '../../core/kinds.ts'
import type { Session } from '../../core/session.ts'
import type { Deps } from '../../deps.ts'
import { ExpectedError, exitStatus, usageError } from '../../errors.ts'
import { isReplaced } from './former.ts'
import type { Machine } from './machine.ts'
import type { SetupOptions } from './options.ts'

/** A session has one client, which keeps its files in one place. */
export const checkSamePlace = (before: Session | null, { paths }: Machine, { claude }: Deps): void => {
  if (before === null || claude.sessionPaths(before).config === paths.config) return
  throw usageError(
    `\`${before.name}\` keeps the client's files in ${claude.sessionPaths(before).config}; in this shell they are in ${paths.config}.`,
    'Set CLAUDE_CONFIG_DIR as it was then, or set up another session with --session <name>.',
  )
}

/**
 * Shared or exclusive is a matter of the session: it says where state folders are and whether other sessions load its
 * plugins, of each channel alike. One alone can't change that. Throws an ExpectedError (2).
 */
export const checkAlike = (
  { exclusive }: Pick<SetupOptions, 'exclusive'>,
  id: string,
  before: Session | null,
): void => {
  if (before === null || exclusive === null || exclusive === before.exclusive) return
  const others = before.channels.filter((each) => !isReplaced(each.id, id))
  if (others.length === 0) return
  const [is, wanted] = before.exclusive ? ['exclusive', '--shared'] : ['shared', '--exclusive']
  throw usageError(
    `\`${before.name}\` is ${is}, and so are all of its channels: ${wanted} can't be said of one of them.`,
    `Leave ${wanted} out; or remove the others first: ${others
      .map((each) => `\`channels remove ${before.name} --channel ${shortName(each)}\``)
      .join(', ')}; or set up another session with --session <name>.`,
  )
}

/** Flags that mean nothing to this kind would be passed over in silence. */
export const checkFlags = (options: SetupOptions, id: string): void => {
  const { label, tokenVariable, hasAccess } = kinds[channelKind(id)]
  const asksToken = options.tokenFile !== null || options.tokenStdin
  if (tokenVariable === null && asksToken)
    throw usageError(`${nameIn(id, label)} needs no token.`, 'Leave --token-file and --token-stdin out.')
  if (!hasAccess && options.allow.length > 0)
    throw usageError(
      `${nameIn(id, label)} keeps no list of who may write: whoever reaches it is heard.`,
      'Leave --allow out.',
    )
}

const nameIn = (id: string, label: string): string => (channelKind(id) === 'custom' ? id : label)

/** With nobody to ask, all that has no default has to be said. Throws an ExpectedError (2). */
export const checkAnswers = (
  { allow, start, pair }: SetupOptions,
  id: string,
  stateDir: string,
  { channels }: Deps,
): void => {
  const messenger = channels.messengerOf(channelKind(id))
  if (messenger === null) return
  const access = channels.readAccess(stateDir)
  const isSomebodyIn = access.is === 'yes' && access.value.senders.length > 0
  if (start && pair && allow.length === 0 && !isSomebodyIn)
    throw usageError(
      'Who may write to the bot?',
      `Say it with --allow <your ${messenger.label} user id> (${messenger.idPlace}), or --no-pair: \`channels pair\` does it later.`,
    )
}

/** That the client can find a plugin: found out before anything is written. Throws an ExpectedError (69). */
export const checkMarketplace = (id: string, { paths }: Machine, { claude }: Deps): void => {
  const [key, channel] = [pluginKey(id), parseChannelId(id)]
  if (key === null || channel?.type !== 'plugin' || channel.marketplace === officialMarketplace) return
  if (claude.pluginInstalled(paths, key).is === 'yes') return
  // Null: its list can't be read, and the client says why at the install.
  if (claude.marketplaceKnown(paths, channel.marketplace) !== false) return
  throw new ExpectedError(
    exitStatus.missing,
    `The client does not know the marketplace \`${channel.marketplace}\`.`,
    'Add it with `claude plugin marketplace add <owner/repository or folder>`, then run the same command again. Nothing was changed.',
  )
}
