import type { Session } from '../../core/session.ts'
import type { Deps } from '../../deps.ts'
import { restart } from '../restart.ts'
import { tellTrust } from './apply.ts'

/**
 * Tells the client that the folder of a session which is set up already is trusted, where it asks about that again: say
 * since somebody removed its file. One that asks right now is started anew, which reads the answer. Throws as `tellTrust`.
 */
export const trustAgain = async (session: Session, deps: Deps): Promise<void> => {
  const paths = deps.claude.sessionPaths(session)
  if (deps.claude.isTrusted(paths, session.cwd) !== false) return
  await tellTrust(paths, session.cwd, deps)
  deps.output.say(`The client was told that ${session.cwd} is trusted.`)
  const { client } = await deps.observe(session)
  if (client?.dialog?.name === 'trust-dialog')
    await restart([session.name], { fresh: false, conversation: null, timeoutMs: 60_000 }, deps)
}
