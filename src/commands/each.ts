import type { Session } from '../core/session.ts'
import type { Deps } from '../deps.ts'
import { type ExitStatus, ExpectedError, exitStatus } from '../errors.ts'

/**
 * Does the same to every session, so many at once, and answers the first status that is not 0. What is expected to go
 * wrong with one of several is said and keeps no other from its turn; with a single one, and when cancelled, it is thrown.
 */
export const eachSession = async (
  sessions: readonly Session[],
  one: (session: Session) => Promise<ExitStatus>,
  { output, atOnce }: Pick<Deps, 'output'> & { readonly atOnce: number },
): Promise<ExitStatus> => {
  const waiting = [...sessions]
  const statuses = new Map<Session, ExitStatus>()
  const work = async (): Promise<void> => {
    for (let session = waiting.shift(); session !== undefined; session = waiting.shift())
      statuses.set(session, sessions.length === 1 ? await one(session) : await attempt(session, one, output))
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, sessions.length) }, work))
  return (
    sessions.map((session) => statuses.get(session)).find((status) => status !== exitStatus.done) ??
    exitStatus.done
  )
}

const attempt = async (
  session: Session,
  one: (session: Session) => Promise<ExitStatus>,
  { say }: Deps['output'],
): Promise<ExitStatus> => {
  try {
    return await one(session)
  } catch (error) {
    if (!(error instanceof ExpectedError) || error.status === exitStatus.cancelled) throw error
    say(`${session.name}: ${error.message}`)
    say(`  ${error.hint}`)
    return error.status
  }
}
