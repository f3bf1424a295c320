import type { Session } from '../../core/session.ts'
import { describeChanges, sessionChanges } from '../../core/session-changes.ts'
import { ExpectedError, exitStatus } from '../../errors.ts'
import type { Draft } from './draft.ts'
import type { Plan } from './plan.ts'

/** Another command changed the session that a setup was planned for: what of it. */
export class ChangedMeanwhile extends ExpectedError {
  readonly changed: readonly (keyof Session)[]

  constructor(what: string, changed: readonly (keyof Session)[]) {
    super(
      exitStatus.wrong,
      `${what} Nothing was written.`,
      'Run the same command again: it plans from what is there now.',
    )
    this.changed = changed
  }
}

/**
 * That a plan's session is the one it was made from: it may have waited for an answer, or for Discord, for an hour, and
 * would undo what was changed since. What the same setup wrote at the same time is no change. Throws a ChangedMeanwhile.
 */
export const checkUnchanged = (
  { former, session }: Pick<Plan, 'former' | 'session'>,
  now: Session | null,
): void => {
  const { name } = session
  if (now === null && former === null) return
  if (now === null) throw new ChangedMeanwhile(`\`${name}\` was removed since this was planned.`, [])
  if (sessionChanges(session, now).length === 0) return
  if (former === null)
    throw new ChangedMeanwhile(`Another setup made a session \`${name}\` since this was planned.`, [])
  const changed = sessionChanges(former, now)
  if (changed.length === 0) return
  throw new ChangedMeanwhile(
    `\`${name}\` was changed since this was planned: ${describeChanges(former, now).join(', ')}.`,
    changed,
  )
}

/** The answers that hold still: kept, they would put back what was changed. */
export const stillAnswered = (draft: Draft, { changed }: ChangedMeanwhile): Draft => ({
  ...draft,
  ...(changed.includes('cwd') ? { cwd: null, trust: false } : {}),
  ...(changed.includes('permissionMode') || changed.includes('skipPermissions')
    ? { permissionMode: null }
    : {}),
})
