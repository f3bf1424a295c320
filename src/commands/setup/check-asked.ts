import { channelKind } from '../../core/channel.ts'
import { kinds } from '../../core/kinds.ts'
import type { Session } from '../../core/session.ts'
import type { Deps } from '../../deps.ts'
import { usageError } from '../../errors.ts'
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
