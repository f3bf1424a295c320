import { describeFix, type Fix } from '../../core/doctor/fix.ts'
import type { CheckResult } from '../../core/doctor/result.ts'
import type { Session } from '../../core/session.ts'
import type { Deps } from '../../deps.ts'
import { ExpectedError } from '../../errors.ts'

/** Does what the checks offer, saying each first; what fails is said, and the rest goes on. Hands back what was done. */
export const mend = async (
  results: readonly CheckResult[],
  sessions: readonly Session[],
  deps: Deps,
): Promise<readonly string[]> => {
  const fixes = results.flatMap((result) => result.fixes)
  if (fixes.length === 0) deps.output.say('There is nothing that --fix may mend.')
  const done: string[] = []
  for (const fix of fixes) {
    const words = describeFix(fix)
    deps.output.say(`Mending: ${words}`)
    try {
      await carryOut(fix, sessions, deps)
      done.push(words)
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error
      deps.output.say(`  ${error.message} ${error.hint}`)
    }
  }
  return done
}

const carryOut = async (fix: Fix, sessions: readonly Session[], deps: Deps): Promise<void> => {
  if (fix.do === 'close-mode') {
    // Somebody else may have put another thing there since it was looked at.
    const look = deps.files.look(fix.path)
    if (look !== null && look.is !== 'other' && look.own) deps.files.setMode(fix.path, look.mode & fix.mode)
    return
  }
  if (fix.do === 'start-keeper') return void (await deps.ensureKeeper())
  const session = sessions.find(({ name }) => name === fix.session)
  if (session === undefined) return
  if (fix.do === 'drop-note')
    return void deps.claude.dropNeedsAuth(deps.claude.sessionPaths(session), [fix.server])
  if (fix.do === 'end-left-over') return void (await deps.endProcess(fix.process))
  await deps.claude.setPluginEnabled(deps.run, session.client, session.environment, fix.key, false)
}
