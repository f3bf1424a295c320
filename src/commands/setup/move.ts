import type { Ask, Deps } from '../../deps.ts'
import { ExpectedError, exitStatus } from '../../errors.ts'
import type { Settled } from './former.ts'
import type { BotPlace } from './plan.ts'

/**
 * The plugin's own folder, where it holds this very bot and is to become the session's: a token that lies there is found
 * by every session that loads the plugin. Null: there is nothing to move. Throws an ExpectedError (1) where it was not
 * agreed to, or the session's folder is there already or on another disk; 130 when cancelled.
 */
export const chooseMove = async (
  { stateDir, usualDir, messenger }: BotPlace,
  botId: string | null,
  { move, exclusive, stateDir: chosen }: Pick<Settled, 'move' | 'exclusive' | 'stateDir'>,
  ask: Ask | null,
  { channels, files }: Pick<Deps, 'channels' | 'files'>,
): Promise<string | null> => {
  const token = channels.meantToken(files.readText(`${usualDir}/.env`) ?? '', messenger.variable)
  const isThere = token !== null && messenger.botId(token) === botId
  if (!exclusive || stateDir === usualDir || !isThere) return null
  if (files.list(stateDir).length > 0 || chosen !== null) throw inTheWay(usualDir, stateDir)
  // Found out here, before anybody is ended: only within one disk a rename moves the whole of it at once.
  if (!files.isOneDisk(usualDir, stateDir)) throw otherDisk(usualDir, stateDir)
  if (move) return usualDir
  if (ask === null) throw notAgreed(usualDir)
  ask.warn(`This bot's token lies in ${usualDir}, where every Claude session that loads the plugin finds it.`)
  if (await ask.confirm({ message: `Move that folder, access list and all, to ${stateDir}?`, initial: true }))
    return usualDir
  throw notAgreed(usualDir)
}

const notAgreed = (folder: string): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `This bot is set up in ${folder} already, where every Claude session that loads the plugin finds its token.`,
    'Say --move: the folder becomes the session’s. Or --shared: it stays, and other sessions may take its messages. Nothing was changed.',
  )

const inTheWay = (from: string, to: string): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `This bot's token lies in ${from} and can't be moved to ${to}.`,
    `Take the line with the token out of ${from}/.env, or see that ${to} is empty and leave --state-dir out; then run the same command again.`,
  )

const otherDisk = (from: string, to: string): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `This bot's token lies in ${from} and can't be moved to ${to}: that is another disk.`,
    'Say --shared: it stays where it is, and other sessions may take its messages. Or take the line with the token out of its .env, then run the same command again. Nothing was changed.',
  )
