import { pluginKey } from '../core/channel.ts'
import type { ClientPaths } from '../core/client.ts'
import type { Session } from '../core/session.ts'
import { type PluginBefore, pluginBeforeKey } from '../core/settings.ts'
import type { Deps } from '../deps.ts'
import type { Plan } from './setup-plan.ts'

/** A plugin's first install clones its marketplace. */
const installMs = 300_000

/**
 * Carries a plan out, each step such that it may be done again. The session enters the configuration last: until then
 * no other command knows it. Throws an ExpectedError where something cannot be written or the client refuses.
 */
export const applySetup = async ({ session, token, allow, trust }: Plan, deps: Deps): Promise<void> => {
  const paths = deps.claude.clientPaths(session.environment, deps.home, deps.platform)
  for (const channel of session.channels) {
    const key = pluginKey(channel.id)
    // Two setups at once would have the client install the same plugin twice at once, which it does not bear.
    if (key !== null)
      await deps.withLock(
        `${deps.folders.configFile}.plugins`,
        () => providePlugin(session, key, paths, deps),
        installMs,
      )
    deps.channels.writeToken(channel.stateDir, 'TELEGRAM_BOT_TOKEN', token)
    deps.channels.ensureAccess(channel.stateDir, { policy: allow.length > 0 ? 'allowlist' : null, allow })
  }
  if (trust === 'to-record') await deps.claude.recordTrust(paths, session.cwd, deps.withLock)
  await deps.settings.update((settings) => ({
    ...settings,
    sessions: { ...settings.sessions, [session.name]: session },
  }))
  deps.journal.append(session.name, { type: 'asked', what: 'setup', by: 'command' })
}

const providePlugin = async (
  session: Session,
  key: string,
  paths: ClientPaths,
  deps: Deps,
): Promise<void> => {
  const { claude, run } = deps
  const installed = claude.pluginInstalled(paths, key).is === 'yes'
  const before = !installed ? 'absent' : claude.pluginEnabled(paths, key) ? 'enabled' : 'disabled'
  if (session.exclusive) await rememberPlugin({ plugin: key, config: paths.config, before }, deps)
  if (!installed) {
    deps.output.say(`Installing ${key} …`)
    const known = claude.marketplaceKnown(paths, key.slice(key.lastIndexOf('@') + 1)) === true
    await claude.installPlugin(run, session.client, session.environment, key, known)
  }
  // Enabled for the user it would start in every session, and take this one's messages (field notes, section 4).
  if (session.exclusive && claude.pluginEnabled(paths, key) !== false)
    await claude.setPluginEnabled(run, session.client, session.environment, key, false)
}

/** Once per plugin and config folder: what was there before the first exclusive session. */
const rememberPlugin = async (before: PluginBefore, deps: Deps): Promise<void> => {
  const place = pluginBeforeKey(before.plugin, before.config)
  await deps.settings.update((settings) =>
    Object.hasOwn(settings.plugins, place)
      ? settings
      : { ...settings, plugins: { ...settings.plugins, [place]: before } },
  )
}
