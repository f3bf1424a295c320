import { pluginKey } from '../core/channel.ts'
import type { Session } from '../core/session.ts'
import { pluginBeforeKey, type Settings } from '../core/settings.ts'
import type { Deps } from '../deps.ts'
import { type ExitStatus, exitStatus, usageError } from '../errors.ts'
import { down } from './down.ts'
import { selectSession } from './select.ts'

export type RemoveOptions = { readonly yes: boolean; readonly purge: boolean }

/** channels remove: forgets a session and puts back what setup changed; keeps the plugin's own state unless --purge. */
export const remove = async (
  name: string,
  { yes, purge }: RemoveOptions,
  deps: Deps,
): Promise<ExitStatus> => {
  const session = selectSession(name, deps)
  if (!yes)
    throw usageError(
      `Nothing was removed: \`${name}\` would be stopped and forgotten${purge ? ', with its token and who may write to it' : ''}.`,
      `Say so with \`channels remove ${name}${purge ? ' --purge' : ''} --yes\`.`,
    )
  if ((await down([name], deps)) !== exitStatus.done) return exitStatus.wrong
  // The loop ends its terminal; what the terminal's server was started with is left.
  await deps.clear(session, null)
  await putPluginsBack(session, deps)
  await takeTrustBack(session, deps)
  await deps.settings.update((settings) => without(settings, session, deps))
  const own = deps.folders.session(name)
  deps.files.removeFolder(own.folder)
  if (purge) for (const { stateDir } of session.channels) deps.files.removeFolder(stateDir)
  deps.journal.append(name, { type: 'asked', what: 'remove', by: 'command' })
  deps.output.print(`${name} is removed.`)
  for (const { stateDir } of purge ? [] : session.channels)
    deps.output.print(`  The bot's token and access list stay in ${stateDir}; --purge removes them, too.`)
  return exitStatus.done
}

/** With the last exclusive session of a plugin its enablement goes back to what it was before the first. */
const putPluginsBack = async (session: Session, deps: Deps): Promise<void> => {
  const settings = deps.settings.read()
  const paths = pathsOf(session, deps)
  for (const key of exclusiveKeys(session)) {
    const before = settings.plugins[pluginBeforeKey(key, paths.config)]
    if (before === undefined || isUsedElsewhere(settings, session, key, deps)) continue
    if (before.before === 'enabled')
      await deps.claude.setPluginEnabled(deps.run, session.client, session.environment, key, true)
  }
}

/** Where `setup` recorded it, and no other session works in that folder. */
const takeTrustBack = async (session: Session, deps: Deps): Promise<void> => {
  const others = Object.values(deps.settings.read().sessions).filter(({ name }) => name !== session.name)
  if (session.trustRecorded && !others.some(({ cwd }) => cwd === session.cwd))
    await deps.claude.forgetTrust(pathsOf(session, deps), session.cwd, deps.withLock)
}

const without = (settings: Settings, session: Session, deps: Deps): Settings => {
  const { [session.name]: _, ...others } = settings.sessions
  // The last session of a folder takes the trust back, whichever recorded it.
  const sessions = Object.fromEntries(
    Object.entries(others).map(([name, other]) => [
      name,
      session.trustRecorded && other.cwd === session.cwd ? { ...other, trustRecorded: true } : other,
    ]),
  )
  const config = pathsOf(session, deps).config
  const gone = exclusiveKeys(session)
    .filter((key) => !isUsedElsewhere(settings, session, key, deps))
    .map((key) => pluginBeforeKey(key, config))
  const plugins = Object.fromEntries(Object.entries(settings.plugins).filter(([key]) => !gone.includes(key)))
  return { ...settings, sessions, plugins }
}

const isUsedElsewhere = (settings: Settings, session: Session, key: string, deps: Deps): boolean =>
  Object.values(settings.sessions).some(
    (other) =>
      other.name !== session.name &&
      exclusiveKeys(other).includes(key) &&
      pathsOf(other, deps).config === pathsOf(session, deps).config,
  )

const exclusiveKeys = (session: Session): readonly string[] =>
  session.exclusive ? session.channels.flatMap(({ id }) => pluginKey(id) ?? []) : []

const pathsOf = ({ environment }: Session, { claude, home, platform }: Deps) =>
  claude.clientPaths(environment, environment.HOME ?? home, platform)
