import { pluginKey } from '../../core/channel.ts'
import { clientOf } from '../../core/client-of.ts'
import { describeFix, type Fix } from '../../core/doctor/fix.ts'
import type { CheckResult } from '../../core/doctor/result.ts'
import { findSession } from '../../core/settings.ts'
import { shellWord } from '../../core/shell-word.ts'
import type { Deps } from '../../deps.ts'
import { ExpectedError, exitStatus } from '../../errors.ts'
import { withPlugins } from '../setup/apply.ts'

/**
 * Does what the checks offer, saying each first; what fails, or is no longer to be done, is said, and the rest goes on.
 * Hands back what was done.
 */
export const mend = async (results: readonly CheckResult[], deps: Deps): Promise<readonly string[]> => {
  const fixes = results.flatMap((result) => result.fixes)
  if (fixes.length === 0) deps.output.say('There is nothing that --fix may mend.')
  const done: string[] = []
  for (const fix of fixes) {
    const words = describeFix(fix)
    deps.output.say(`Mending: ${words}`)
    try {
      if (await carryOut(fix, deps)) done.push(words)
      else deps.output.say('  It is not as it was when it was looked at; nothing was done.')
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error
      deps.output.say(`  ${error.message} ${error.hint}`)
    }
  }
  return done
}

/** Whether it was done: somebody else may have changed what it was about. */
const carryOut = async (fix: Fix, deps: Deps): Promise<boolean> => {
  switch (fix.do) {
    case 'close-mode':
      return closeMode(fix, deps)
    case 'start-keeper':
      return (await deps.ensureKeeper()) === 'started'
    case 'drop-note':
      return dropNote(fix, deps)
    case 'disable-plugin':
      return disablePlugin(fix, deps)
    case 'end-left-over':
      return endLeftOver(fix, deps)
  }
}

type FixTo<Do extends Fix['do']> = Extract<Fix, { readonly do: Do }>

const closeMode = ({ path, mode }: FixTo<'close-mode'>, { files }: Deps): boolean => {
  const look = files.look(path)
  // Somebody else may have put a link there since it was looked at, or further up.
  if (look === null || look.is === 'other' || files.realPath(path) !== path) return false
  if (!look.own)
    throw new ExpectedError(
      exitStatus.noPermission,
      `${path} belongs to another user by now.`,
      `\`sudo chown "$(id -un)" ${shellWord(path)}\` makes it yours.`,
    )
  files.setMode(path, look.mode & mode)
  return true
}

const dropNote = ({ session: name, server }: FixTo<'drop-note'>, { claude, settings }: Deps): boolean => {
  const session = findSession(settings.read(), name)
  if (session === null) return false
  claude.dropNeedsAuth(claude.sessionPaths(session), [server])
  return true
}

/** As setup does it: alone with what sessions share, and by the client where it is now. */
const disablePlugin = ({ session: name, key }: FixTo<'disable-plugin'>, deps: Deps): Promise<boolean> =>
  withPlugins(deps, async () => {
    const { claude, run, settings } = deps
    const session = findSession(settings.read(), name)
    // Of a session that was removed meanwhile the plugin was put back as it had been.
    if (session === null || !session.exclusive || !hasPlugin(session, key)) return false
    if (claude.pluginEnabled(claude.sessionPaths(session), key) !== true) return false
    await claude.setPluginEnabled(run, clientOf(deps, session), session.environment, key, false)
    return true
  })

const hasPlugin = ({ channels }: { readonly channels: readonly { readonly id: string }[] }, key: string) =>
  channels.some(({ id }) => pluginKey(id) === key)

const endLeftOver = async ({ process }: FixTo<'end-left-over'>, deps: Deps): Promise<boolean> => {
  if (await deps.endProcess(process)) return true
  throw new ExpectedError(
    exitStatus.wrong,
    `Process ${process.pid} could not be ended.`,
    `End it yourself: \`kill -9 ${process.pid}\`.`,
  )
}
