import type { ChannelKind } from '../../core/channel.ts'
import type { Deps } from '../../deps.ts'
import { ExpectedError, exitStatus } from '../../errors.ts'
import { type DescribeChannel, withoutBot } from './plan.ts'

/** That this is a machine that has iMessage. Throws an ExpectedError (69) elsewhere. */
export const checkMac = (kind: ChannelKind, { platform }: Pick<Deps, 'platform'>): void => {
  if (kind !== 'imessage' || platform === 'darwin') return
  throw new ExpectedError(
    exitStatus.missing,
    'iMessage works on macOS only: its plugin reads the database of Messages.',
    'Run `channels setup imessage` on a Mac; here there are `telegram`, `discord` and `fakechat`.',
  )
}

/**
 * iMessage, where the program that starts the session may read the messages. Throws an ExpectedError: 77 without Full
 * Disk Access.
 */
export const describeImessage: DescribeChannel = async (
  { id, kind, stateDir, development, paths, ask, tell },
  deps,
) => {
  const database = `${paths.home}/Library/Messages/chat.db`
  const seen = await deps.readable(database)
  if (seen.is !== 'yes')
    throw new ExpectedError(
      exitStatus.noPermission,
      `${database} can't be read from a terminal of a session: ${seen.detail}.`,
      'macOS lets only programs with Full Disk Access read it: System Settings, Privacy & Security, Full Disk Access; switch it on for the terminal you type this in (and for tmux, where it is listed), quit that terminal wholly, and run the same command again in a new one.',
    )
  if (ask !== null) tell.done('The database of Messages can be read')
  tell.say(
    'You may always write to it from your own account; `channels access` lets others in by phone number or address.',
  )
  return {
    ...withoutBot,
    channel: { id, kind, stateDir, account: null, botId: null, development, server: null, agreedIn: null },
    environment: {},
  }
}
