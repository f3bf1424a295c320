import type { Channel } from '../core/channel.ts'
import { kinds } from '../core/kinds.ts'

/** What is to be said of a channel's state that is not purged; nothing of one that holds nothing of a session's. */
export const keptState = ({ kind, stateDir }: Channel): readonly string[] => {
  const { hasAccess, tokenVariable } = kinds[kind]
  if (!hasAccess) return []
  return [
    tokenVariable === null
      ? `  Its access list stays in ${stateDir}; --purge removes it, too.`
      : `  The bot's token and access list stay in ${stateDir}; --purge removes them, too.`,
  ]
}
