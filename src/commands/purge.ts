import type { Channel } from '../core/channel.ts'
import { keepsState, kinds } from '../core/kinds.ts'
import type { Session } from '../core/session.ts'
import type { Deps } from '../deps.ts'

/** What the plugin and `setup` make in a state folder (field notes, section 3). */
const ours = {
  files: ['.env', 'access.json', 'bot.pid'],
  folders: ['approved', 'inbox', 'access.json.lock'],
} as const

/** What a killed command left beside them: one of these may hold a token. */
const leftBehind = /^(\.env|access\.json)\..*\.tmp$|^\.approved-/

/**
 * Removes a bot's token, access list and inbox. The folder itself only when `setup` named it: what the user chose may
 * hold anything. Returns what is to be said of it.
 */
export const purge = (session: Session, channel: Channel, deps: Deps): readonly string[] => {
  const { files } = deps
  const { stateDir } = channel
  // Of what it holds nothing is a session's own.
  if (!keepsState(channel)) return []
  const real = (folder: string): string => files.realPath(folder) ?? folder
  const other = Object.values(deps.settings.read().sessions).find(
    ({ name, channels }) =>
      name !== session.name &&
      channels.some((each) => keepsState(each) && real(each.stateDir) === real(stateDir)),
  )
  if (other !== undefined) return [`  ${stateDir} stays: session \`${other.name}\` uses it.`]
  if (isOwn(session, channel, deps)) {
    files.removeFolder(stateDir)
    return []
  }
  for (const name of ours.files) files.remove(`${stateDir}/${name}`)
  for (const name of files.list(stateDir)) if (leftBehind.test(name)) files.remove(`${stateDir}/${name}`)
  for (const name of ours.folders) files.removeFolder(`${stateDir}/${name}`)
  return files.exists(stateDir)
    ? [
        kinds[channel.kind].tokenVariable === null
          ? `  ${stateDir} stays, without its access list.`
          : `  ${stateDir} stays, without the bot's token, access list and inbox.`,
      ]
    : []
}

const isOwn = (session: Session, channel: Channel, deps: Deps): boolean =>
  session.exclusive &&
  channel.stateDir ===
    deps.channels.stateDirFor({}, deps.claude.sessionPaths(session), {
      channel,
      session: session.name,
      exclusive: true,
    })
