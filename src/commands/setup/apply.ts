import { type Channel, parseChannelId, pluginKey } from '../../core/channel.ts'
import type { ClientPaths } from '../../core/client.ts'
import { kinds } from '../../core/kinds.ts'
import type { ProcessId } from '../../core/process.ts'
import type { Session } from '../../core/session.ts'
import { findSession, type PluginBefore, pluginBeforeKey, trustKey } from '../../core/settings.ts'
import type { Deps, Other } from '../../deps.ts'
import { ExpectedError, exitStatus } from '../../errors.ts'
import { putBack, replaceSession } from '../put-back.ts'
import { botApi } from './bot-api.ts'
import { checkUnchanged } from './changed.ts'
import { checkClaims } from './claims.ts'
import { notTrusted } from './folder.ts'
import { describeOther, type Plan } from './plan.ts'

/** A plugin's first install clones its marketplace. */
const installMs = 300_000

/**
 * Carries a plan out, each step such that it may be done again. The session enters the configuration last: until then
 * no other command knows it. Throws an ExpectedError where something cannot be written, the client refuses, another
 * session took the bot or its folder meanwhile, or this one is no longer as it was planned for.
 */
export const applySetup = (plan: Plan, deps: Deps): Promise<void> =>
  withPlugins(deps, async () => {
    const { session, channel, token, allow, trust } = plan
    // Two setups at once were both told that the bot is free: the second one finds out here, before it writes anything.
    const before = deps.settings.read()
    const present = findSession(before, session.name)
    checkUnchanged(plan, present)
    checkClaims(session, before, deps)
    const mayRun = present !== null
    const paths = deps.claude.sessionPaths(session)
    // Trusted for another session's sake, it may have been taken back with that one meanwhile.
    if (trust === 'trusted' && deps.claude.isTrusted(paths, session.cwd) === false)
      throw notTrusted(session.cwd)
    await makeRoom(plan, deps)
    const key = pluginKey(channel.id)
    if (key !== null) await providePlugin(session, key, paths, deps)
    const { tokenVariable, hasAccess } = kinds[channel.kind]
    if (token !== null && tokenVariable !== null)
      deps.channels.writeToken(channel.stateDir, tokenVariable, token)
    if (hasAccess) await letIn(channel, allow, mayRun, deps)
    if (trust === 'to-record') await tellTrust(paths, session.cwd, deps)
    await enterSession(withServer(session, channel, paths, deps), deps)
    deps.journal.append(session.name, { type: 'asked', what: 'setup', by: 'command' })
  })

/** Only once it is installed an own plugin tells how its server is called. */
const withServer = (
  session: Session,
  { id, kind }: Channel,
  paths: ClientPaths,
  { claude }: Deps,
): Session => {
  const parsed = parseChannelId(id)
  const key = pluginKey(id)
  if (kind !== 'custom' || parsed?.type !== 'plugin' || key === null) return session
  const installed = claude.pluginInstalled(paths, key)
  const server = installed.is === 'yes' ? claude.pluginServer(installed.value.root, parsed.plugin) : null
  const channels = session.channels.map((each) => (each.id === id ? { ...each, server } : each))
  return { ...session, channels }
}

/** What the bot has to be free of before it is this session's: other pollers, another folder, a webhook. */
const makeRoom = async ({ channel, token, takeOver, moveFrom, webhook }: Plan, deps: Deps): Promise<void> => {
  for (const other of takeOver) {
    if (other.client !== null) await endOther(other, other.client, deps)
    // Of a client that had to be killed the plugin polls on for seconds, a stuck one for good (field notes, section 2).
    if (other.poller !== null) await endOther({ ...other, client: null }, other.poller, deps)
  }
  // One rename: at every moment the whole of it is here or there.
  if (moveFrom !== null) deps.files.rename(moveFrom, channel.stateDir)
  if (webhook === null || token === null) return
  const messenger = deps.channels.messengerOf(channel.kind)
  if (messenger === null) return
  const { root, request } = botApi(messenger, deps)
  const removed = await deps.channels.removeWebhook(request, root, token)
  if (removed.is !== 'yes')
    throw new ExpectedError(
      exitStatus.missing,
      `The webhook of ${webhook} could not be removed: ${removed.detail}.`,
      'Check the network, then run the same command again.',
    )
}

const endOther = async (other: Other, process: ProcessId, deps: Deps): Promise<void> => {
  if (await deps.endProcess(process)) return
  throw new ExpectedError(
    exitStatus.wrong,
    `${describeOther(other)} could not be ended, and would go on taking the bot's messages.`,
    `End it yourself (kill ${process.pid}), then run the same command again.`,
  )
}

/**
 * Alone with what sessions share: the client does not bear two installs of one plugin at once, and who takes a plugin
 * back has to know who still needs it.
 */
export const withPlugins = <T>({ withLock, folders }: Deps, action: () => Promise<T>): Promise<T> =>
  withLock(`${folders.configFile}.plugins`, action, installMs)

/** The session takes its place in the configuration; what the former one of its name changed and nobody needs is put back. */
export const enterSession = async (session: Session, deps: Deps): Promise<void> => {
  const before = deps.settings.read()
  const change = { former: findSession(before, session.name), session }
  await putBack(before, change, deps)
  await deps.settings.update((settings) => {
    checkClaims(session, settings, deps)
    const { former } = change
    // Chosen for this one, it is what the next one gets.
    const isChosen = former?.multiplexer !== session.multiplexer
    return {
      ...replaceSession(settings, change, deps),
      ...(isChosen ? { multiplexer: session.multiplexer } : {}),
    }
  })
}

/**
 * Tells the client that a folder is trusted. Noted first: killed in between, a command that is run again finds it
 * trusted, and nobody would know by whom. Throws an ExpectedError where the client's file can't be changed; nothing is
 * noted then.
 */
export const tellTrust = async (paths: ClientPaths, folder: string, deps: Deps): Promise<void> => {
  const recorded = { json: paths.json, folder }
  const place = trustKey(recorded)
  const before = deps.settings.read().trust
  await deps.settings.update((settings) => ({
    ...settings,
    trust: { ...settings.trust, [place]: recorded },
  }))
  try {
    await deps.claude.recordTrust(paths, folder, deps.withLock)
  } catch (error) {
    await deps.settings.update((settings) => ({ ...settings, trust: before }))
    throw error
  }
}

const providePlugin = async (
  session: Session,
  key: string,
  paths: ClientPaths,
  deps: Deps,
): Promise<void> => {
  const { claude, run } = deps
  const installed = claude.pluginInstalled(paths, key).is === 'yes'
  const enabled = claude.pluginEnabled(paths, key)
  // One that the settings mention was there; only its folder is gone.
  const before = !installed && enabled === null ? 'absent' : enabled ? 'enabled' : 'disabled'
  if (session.exclusive || before === 'absent')
    await rememberPlugin({ plugin: key, config: paths.config, before }, deps)
  if (!installed) {
    deps.output.say(`Installing ${key} …`)
    const known = claude.marketplaceKnown(paths, key.slice(key.lastIndexOf('@') + 1)) === true
    await claude.installPlugin(run, session.client, session.environment, key, known)
  }
  // Enabled for the user it would start in every session, and take this one's messages (field notes, section 4).
  if (session.exclusive && claude.pluginEnabled(paths, key) !== false)
    await claude.setPluginEnabled(run, session.client, session.environment, key, false)
}

/** Set up again, the plugin may run and undo what is written beside it: then it is seen to hold. */
const letIn = async (
  { kind, stateDir }: Channel,
  allow: readonly string[],
  mayRun: boolean,
  deps: Deps,
): Promise<void> => {
  const policy = allow.length > 0 ? 'allowlist' : null
  if (policy === null || !mayRun)
    return deps.channels.ensureAccess(stateDir, { policy, allow, usual: kinds[kind].usualPolicy })
  await deps.changeAccess(stateDir, { do: 'allow', ids: allow })
  await deps.changeAccess(stateDir, { do: 'policy', policy })
}

/** Once per plugin and config folder: what was there before the first session that changed it. */
const rememberPlugin = async (before: PluginBefore, deps: Deps): Promise<void> => {
  const place = pluginBeforeKey(before.plugin, before.config)
  await deps.settings.update((settings) =>
    Object.hasOwn(settings.plugins, place)
      ? settings
      : { ...settings, plugins: { ...settings.plugins, [place]: before } },
  )
}
