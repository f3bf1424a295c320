import { pluginKey } from '../core/channel.ts'
import { clientOf } from '../core/client-of.ts'
import type { Session } from '../core/session.ts'
import {
  type PluginBefore,
  pluginBeforeKey,
  type Settings,
  type TrustRecorded,
  trustKey,
} from '../core/settings.ts'
import type { Deps } from '../deps.ts'
import { ExpectedError } from '../errors.ts'

/** A session that is set up again, or removed: then there is no new one. */
export type Change = { readonly former: Session | null; readonly session: Session | null }

/** The settings after the change, without the notes on what is put back by it. */
export const replaceSession = (settings: Settings, change: Change, deps: Deps): Settings => {
  const after = exchange(settings, change, deps)
  // One that a shared session still uses stays noted: with that session it is uninstalled.
  const done = pluginsToPutBack(change.former, after, deps)
    .filter(({ before, used }) => before.before !== 'absent' || !used)
    .map(({ place }) => place)
  const plugins = Object.entries(after.plugins).filter(([place]) => !done.includes(place))
  return { ...after, plugins: Object.fromEntries(plugins) }
}

/**
 * Puts back what `setup` changed and nobody needs after the change: the plugin's enablement, where the former session
 * had it changed, and the trust in folders, that of a command which was killed among them. What cannot be put back is
 * said, with what to do by hand, and stops nothing.
 */
export const putBack = async (settings: Settings, change: Change, deps: Deps): Promise<void> => {
  const { former } = change
  const after = exchange(settings, change, deps)
  if (former !== null)
    for (const gone of pluginsToPutBack(former, after, deps)) await putPlugin(former, gone, deps)
  for (const [place, recorded] of Object.entries(trustOf(settings, deps)))
    if (!Object.hasOwn(after.trust, place)) await takeTrustBack(recorded, deps)
}

const exchange = (settings: Settings, { former, session }: Change, deps: Deps): Settings => {
  const others = Object.values(settings.sessions).filter(
    ({ name }) => session !== null || name !== former?.name,
  )
  // Set up again, a session keeps its place in the list.
  const all = session === null ? others : [...others, session]
  const sessions = Object.fromEntries(all.map((each) => [each.name, each]))
  const trust = Object.entries(trustOf(settings, deps)).filter(([, recorded]) =>
    Object.values(sessions).some((each) => needsTrust(each, recorded, deps)),
  )
  return { ...settings, sessions, trust: Object.fromEntries(trust) }
}

/** Older releases noted it with the session whose setup it was. */
const trustOf = ({ sessions, trust }: Settings, { claude }: Deps): Settings['trust'] => {
  const older = Object.values(sessions)
    .filter(({ trustRecorded }) => trustRecorded)
    .map((session) => ({ json: claude.sessionPaths(session).json, folder: session.cwd }))
  return { ...Object.fromEntries(older.map((each) => [trustKey(each), each])), ...trust }
}

/** Trust holds for what is below, too (field notes, section 1). */
const needsTrust = (session: Session, { json, folder }: TrustRecorded, { claude }: Deps): boolean =>
  `${session.cwd}/`.startsWith(`${folder}/`) && claude.sessionPaths(session).json === json

type Gone = { readonly place: string; readonly before: PluginBefore; readonly used: boolean }

/** Plugins that were changed for this session, and that no exclusive session is left of; `used`: a shared one is. */
const pluginsToPutBack = (former: Session | null, after: Settings, deps: Deps): readonly Gone[] => {
  if (former === null) return []
  const { config } = deps.claude.sessionPaths(former)
  return keysOf(former).flatMap((key) => {
    const place = pluginBeforeKey(key, config)
    const before = Object.hasOwn(after.plugins, place) ? after.plugins[place] : undefined
    const users = Object.values(after.sessions).filter(
      (each) => keysOf(each).includes(key) && deps.claude.sessionPaths(each).config === config,
    )
    if (before === undefined || users.some(({ exclusive }) => exclusive)) return []
    return [{ place, before, used: users.length > 0 }]
  })
}

const putPlugin = async (
  session: Session,
  { before: { plugin, before }, used }: Gone,
  deps: Deps,
): Promise<void> => {
  const { claude, run } = deps
  const { environment, exclusive } = session
  const client = clientOf(deps, session)
  if (before === 'absent' && !used)
    await attempt(
      () => claude.uninstallPlugin(run, client, environment, plugin),
      `${plugin} could not be uninstalled`,
      `Run it by hand: \`claude plugin uninstall ${plugin} --scope user\``,
      deps,
    )
  // For a shared session it is as the client's own `plugin install` leaves it.
  else if (before === 'enabled' || (before === 'absent' && exclusive))
    await attempt(
      () => claude.setPluginEnabled(run, client, environment, plugin, true),
      `${plugin} could not be enabled for the user again`,
      `Run it by hand: \`claude plugin enable ${plugin} --scope user\``,
      deps,
    )
}

const takeTrustBack = ({ json, folder }: TrustRecorded, deps: Deps): Promise<void> =>
  attempt(
    () => deps.claude.forgetTrust({ json }, folder, deps.withLock),
    `The trust in ${folder} could not be taken back`,
    `In ${json}, set \`hasTrustDialogAccepted\` of ${folder} to \`false\`.`,
    deps,
  )

const attempt = async (
  action: () => Promise<unknown>,
  failed: string,
  remedy: string,
  { output }: Deps,
): Promise<void> => {
  try {
    await action()
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error
    output.say(`channels: ${failed}: ${error.message}`)
    output.say(`  ${remedy}`)
  }
}

const keysOf = ({ channels }: Session): readonly string[] => channels.flatMap(({ id }) => pluginKey(id) ?? [])
