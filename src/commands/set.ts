import type { Session } from '../core/session.ts'
import { sessionChanges } from '../core/session-changes.ts'
import { sessionSettings } from '../core/session-setting.ts'
import type { Deps } from '../deps.ts'
import { cancelled, type ExitStatus, exitStatus, homeNotTrusted, usageError } from '../errors.ts'
import { refuseInside } from './inside.ts'
import { checkRecipient, greetAsSet } from './notify.ts'
import { selectSession } from './select.ts'
import { enterSession, tellTrust, withPlugins } from './setup/apply.ts'
import { changeEnvironment, storeEnvironment } from './setup/environment.ts'
import { expand, notTrusted } from './setup/folder.ts'
import { checkMayMove, chooseTerminals } from './setup/multiplexer.ts'
import { askedAbout } from './setup/own.ts'

export type SetOptions = { readonly trust: boolean }

/** channels set: changes what `setup` asked for, the stored environment included; without a value shows it. */
export const set = async (
  name: string,
  pairs: readonly string[],
  options: SetOptions,
  deps: Deps,
): Promise<ExitStatus> => {
  const session = selectSession(name, deps)
  if (pairs.length === 0) {
    show(session, deps)
    return exitStatus.done
  }
  refuseInside(deps, 'set')
  // Before the lock: the client has 15 s to answer, and nobody else is to wait for it.
  const asked = changeAll(session, pairs, deps)
  if (asked.client !== session.client) await checkClient(asked, deps)
  if (asked.bun !== null && asked.bun !== session.bun) await checkBun(asked.bun, asked, deps)
  checkRecipient(asked, pairs, deps)
  await checkMayMove(asked.multiplexer, session, deps)
  if (asked.multiplexer !== session.multiplexer) await chooseTerminals(asked.multiplexer, deps)
  // Read again behind the lock: another command may have changed the session meanwhile.
  const { before, placed } = await withPlugins(deps, async () => {
    const before = selectSession(name, deps)
    const changed = changeAll(before, pairs, deps)
    const placed = changed.cwd === before.cwd ? changed : await place(changed, before, options, deps)
    if (!isSame(placed, before)) await enterSession(placed, deps)
    return { before, placed }
  })
  if (isSame(placed, before)) {
    deps.output.print(`${session.name} was set like that already; nothing is changed.`, 'prose')
    return greetAsSet(placed, pairs, deps)
  }
  deps.journal.append(name, { type: 'asked', what: 'set', by: 'command' })
  const isRunning = (await deps.observe(placed)).client !== null
  const needsRestart = !isSame({ ...placed, restart: before.restart, notify: before.notify }, before)
  if (placed.cwd !== before.cwd) {
    deps.output.say(
      '  In another folder it begins a conversation of its own; the one so far stays in its transcript.',
    )
    for (const sentence of askedAbout(placed, deps)) deps.output.say(`  ${sentence}`)
  }
  deps.output.print(
    `${session.name} is changed.${isRunning && needsRestart ? ` \`channels restart ${session.name}\` puts it into effect.` : ''}`,
    'prose',
  )
  return greetAsSet(placed, pairs, deps)
}

/** Set again, a variable only has another place among the others. */
const isSame = (a: Session, b: Session): boolean => sessionChanges(a, b).length === 0

const show = (session: Session, { output }: Deps): void => {
  const rows = [
    ['folder', session.cwd],
    ...Object.entries(sessionSettings).map(([key, setting]) => [key, setting.show(session)]),
    ['client', session.client],
    ['bun', session.bun ?? ''],
    // Names only: keys and passwords are among the values.
    ['environment', Object.keys(session.environment).join(' ')],
  ]
  const width = Math.max(...rows.map(([key = '']) => key.length))
  for (const [key = '', value = ''] of rows) output.print(`${key.padEnd(width)}  ${value}`.trimEnd())
}

const changeAll = (session: Session, pairs: readonly string[], deps: Deps): Session => {
  const changed = pairs.reduce((so, pair) => changeOne(so, pair, deps), session)
  deps.claude.checkArguments(changed.arguments)
  if (changed.permissionMode !== null) deps.claude.checkPermissionMode(changed.permissionMode)
  return changed
}

const changeOne = (session: Session, pair: string, deps: Deps): Session => {
  const at = pair.indexOf('=')
  const key = at === -1 ? pair : pair.slice(0, at)
  const value = pair.slice(at + 1)
  const setting = Object.hasOwn(sessionSettings, key) ? sessionSettings[key] : undefined
  if (at === -1)
    throw usageError(
      `${JSON.stringify(pair)} has no value.`,
      `Write ${key}=<value>; without any, \`channels set ${session.name}\` shows what there is.`,
    )
  if (/\p{Cc}/u.test(value))
    throw usageError(`The value of \`${key}\` holds a control character.`, 'Leave it out.')
  if (setting !== undefined) {
    const changed = setting.change(session, value)
    if ('fault' in changed)
      throw usageError(`\`${key}\` can't be ${JSON.stringify(value)}: ${changed.fault}.`, setting.help)
    return changed
  }
  if (key === 'folder') return { ...session, cwd: folderAt(value, deps) }
  if (key === 'client')
    return {
      ...session,
      client: programAt(value, 'Give the absolute path of the client: client=/usr/local/bin/claude.', deps),
    }
  if (key === 'bun')
    return {
      ...session,
      bun:
        value === ''
          ? null
          : programAt(
              value,
              'Give the absolute path of Bun, or leave it empty: then it is the one in PATH.',
              deps,
            ),
    }
  if (key === 'environment' && value === 'here') return storeEnvironment(session, deps)
  if (key.startsWith('env.')) return changeEnvironment(session, key.slice('env.'.length), value, deps)
  throw usageError(
    `There is nothing called ${JSON.stringify(key)} to set.`,
    `There is ${settable.join(', ')}.`,
  )
}

/** Completions offer it, too. */
export const settable: readonly string[] = [
  'folder',
  ...Object.keys(sessionSettings),
  'client',
  'bun',
  'environment=here',
  'env.<NAME>',
]

const folderAt = (path: string, deps: Deps): string => {
  const real = path === '' ? null : deps.files.realPath(expand(path, deps))
  if (real !== null && deps.files.isFolder(real)) return real
  throw usageError(`There is no folder ${JSON.stringify(path)}.`, 'Make it first, then folder=<path> again.')
}

const programAt = (path: string, hint: string, deps: Deps): string => {
  const program = expand(path, deps)
  if (program.startsWith('/') && deps.claude.isExecutableFile(program)) return program
  throw usageError(`${JSON.stringify(path)} is no program.`, hint)
}

/** As plugins run it, which are Bun's own kind of program. */
const checkBun = async (bun: string, { environment: env }: Session, deps: Deps): Promise<void> => {
  const { status, stdout } = await deps.run(bun, ['--version'], { timeoutMs: 15_000, env })
  if (status === 0 && /^\d+\.\d+\.\d+/.test(stdout)) return
  throw usageError(
    `\`bun\` can't be ${JSON.stringify(bun)}: it does not answer its version.`,
    'Bun answers `1.2.20`, or another version.',
  )
}

/** Asked as the session would run it: a client that is a script finds its interpreter by the session's PATH. */
const checkClient = async ({ client, environment }: Session, deps: Deps): Promise<void> => {
  const { claude } = deps
  deps.output.say(`Asking ${client} for its version …`)
  const version = await claude.clientVersion(deps.run, client, environment)
  if (deps.cancelled.aborted) throw cancelled('Nothing was changed.')
  const cantBe = `\`client\` can't be ${JSON.stringify(client)}`
  if (version.is !== 'yes')
    throw usageError(
      `${cantBe}: ${version.detail}.`,
      'Claude Code answers `2.1.330 (Claude Code)`, or another version. Give its absolute path: client=/usr/local/bin/claude.',
    )
  if (claude.compareVersions(version.value, claude.oldestClient) < 0)
    throw usageError(
      `${cantBe}: it is version ${version.value}, and ${claude.oldestClient} is needed.`,
      'Run `claude update`, then the same command again.',
    )
}

/** Another folder has to be trusted like the first; what was recorded for that one is taken back with it. */
const place = async (
  changed: Session,
  former: Session,
  { trust }: SetOptions,
  deps: Deps,
): Promise<Session> => {
  const paths = deps.claude.sessionPaths(former)
  const trusted = deps.claude.isTrusted(paths, changed.cwd) === true
  // Said here, since what is said when it is to be recorded names the flag of `setup`.
  if (!trusted && changed.cwd === deps.files.realPath(paths.home))
    throw homeNotTrusted(changed.cwd, 'folder=<path>')
  if (!trusted && !trust) throw notTrusted(changed.cwd)
  if (!trusted) await tellTrust(paths, changed.cwd, deps)
  return { ...changed, trustRecorded: !trusted }
}
