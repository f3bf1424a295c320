import type { Channel } from '../../core/channel.ts'
import { keepsState } from '../../core/kinds.ts'
import { portOf } from '../../core/port.ts'
import type { Session } from '../../core/session.ts'
import type { Settings } from '../../core/settings.ts'
import type { Deps } from '../../deps.ts'
import { ExpectedError, exitStatus } from '../../errors.ts'
import { checkPortClaim } from './ports.ts'

/**
 * That no other session has what this one wants for itself: its name in other letters, its bot, its bot's state folder.
 * Throws an ExpectedError (1) that names the other session.
 */
export const checkClaims = (
  {
    name,
    channels,
    environment = {},
  }: Pick<Session, 'name' | 'channels'> & Partial<Pick<Session, 'environment'>>,
  settings: Settings,
  deps: Pick<Deps, 'files'>,
): void => {
  for (const channel of channels) {
    const { kind, stateDir, botId } = channel
    checkPlaceClaim({ name, kind, stateDir }, settings, deps)
    checkBotClaim(name, botId, settings)
    checkPortClaim(name, portOf({ environment }, channel), settings)
  }
}

/** The same of name and state folder alone, which are chosen before there is a bot. */
export const checkPlaceClaim = (
  { name, kind, stateDir }: { readonly name: string } & Pick<Channel, 'kind' | 'stateDir'>,
  settings: Settings,
  { files }: Pick<Deps, 'files'>,
): void => {
  const real = (folder: string): string => files.realPath(folder) ?? folder
  for (const other of othersOf(name, settings)) {
    if (other.name.toLowerCase() === name.toLowerCase()) throw sameName(name, other)
    // Without a token or a list there is nothing in it to be taken from another.
    if (!keepsState({ kind })) continue
    const shared = other.channels.find(
      (channel) => keepsState(channel) && real(channel.stateDir) === real(stateDir),
    )
    if (shared !== undefined) throw sameFolder(other, shared.stateDir)
  }
}

/** The same of the bot alone. */
export const checkBotClaim = (name: string, botId: string | null, settings: Settings): void => {
  const other = othersOf(name, settings).find(({ channels }) =>
    channels.some((channel) => channel.botId !== null && channel.botId === botId),
  )
  if (other !== undefined) throw sameBot(other)
}

const othersOf = (name: string, { sessions }: Settings): readonly Session[] =>
  Object.values(sessions).filter((other) => other.name !== name)

// Folders and sockets bear the name, and many a disk takes `Work` and `work` for one file.
const sameName = (name: string, other: Session): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `\`${name}\` differs from the session \`${other.name}\` only in capital and small letters.`,
    `Choose another name, or say --session ${other.name} to set that one up again.`,
  )

const sameBot = ({ name }: Session): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `Session \`${name}\` has this bot already; two sessions would take each other's messages.`,
    `Make another bot, or \`channels remove ${name}\` first.`,
  )

const sameFolder = ({ name }: Session, stateDir: string): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `Session \`${name}\` keeps its bot's state in ${stateDir} already; one folder holds one bot's token.`,
    `Leave out --shared, name another folder with --state-dir, or \`channels remove ${name}\` first.`,
  )
