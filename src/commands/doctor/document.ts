import { checks } from '../../core/doctor/checks.ts'
import type { CheckResult } from '../../core/doctor/result.ts'
import { iso } from '../../core/duration.ts'
import type { Deps } from '../../deps.ts'

/** `channels doctor --json`, version 1 (docs/doctor.schema.json). Fields are added, never renamed. */
export const document = (
  results: readonly CheckResult[],
  fixed: readonly string[],
  { clock }: Pick<Deps, 'clock'>,
) => ({
  version: 1,
  at: iso(clock.now()),
  failed: count(results, 'failed'),
  warnings: count(results, 'warning'),
  notChecked: count(results, 'not-checked'),
  fixed,
  checks: results.map(({ check, session, channel, is, reason, found, remedy, needs, fixes }) => ({
    check,
    title: checks[check].title,
    session,
    channel,
    state: is,
    reason,
    looksAt: checks[check].looksAt,
    found,
    remedy,
    needs,
    fixable: fixes.length > 0,
  })),
})

const count = (results: readonly CheckResult[], state: CheckResult['is']): number =>
  results.filter(({ is }) => is === state).length
