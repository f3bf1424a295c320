import type { Session } from '../../core/session.ts'
import type { Settings } from '../../core/settings.ts'
import type { Deps } from '../../deps.ts'
import { ExpectedError, exitStatus } from '../../errors.ts'

/**
 * That no other session has what this one wants for itself: its name in other letters, its bot, its bot's state folder.
 * Throws an ExpectedError (1) that names the other session.
 */
export const checkClaims = (
  session: Claimant,
  { sessions }: Settings,
  { files }: Pick<Deps, 'files'>,
): void => {
  const real = (folder: string): string => files.realPath(folder) ?? folder
  const folders = session.channels.map(({ stateDir }) => real(stateDir))
  const bots = session.channels.flatMap(({ botId }) => botId ?? [])
  for (const other of Object.values(sessions).filter(({ name }) => name !== session.name)) {
    if (other.name.toLowerCase() === session.name.toLowerCase()) throw sameName(session, other)
    if (other.channels.some(({ botId }) => botId !== null && bots.includes(botId))) throw sameBot(other)
    const shared = other.channels.find(({ stateDir }) => folders.includes(real(stateDir)))
    if (shared !== undefined) throw sameFolder(other, shared.stateDir)
  }
}

type Claimant = Pick<Session, 'name' | 'channels'>

// Folders and sockets bear the name, and many a disk takes `Work` and `work` for one file.
const sameName = ({ name }: Claimant, other: Session): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `\`${name}\` differs from the session \`${other.name}\` only in capital and small letters.`,
    `Choose another name, or say --session ${other.name} to set that one up again.`,
  )

const sameBot = ({ name }: Session): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `Session \`${name}\` has this bot already; two sessions would take each other's messages.`,
    `Make another bot with @BotFather, or \`channels remove ${name}\` first.`,
  )

const sameFolder = ({ name }: Session, stateDir: string): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `Session \`${name}\` keeps its bot's state in ${stateDir} already; one folder holds one bot's token.`,
    `Leave out --shared, name another folder with TELEGRAM_STATE_DIR, or \`channels remove ${name}\` first.`,
  )
