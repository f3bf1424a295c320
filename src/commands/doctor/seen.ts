import type { SessionFacts } from '../../core/doctor/facts.ts'
import type { CheckResult } from '../../core/doctor/result.ts'

/** What `channels doctor` looked at, and what that amounts to. */
export type Seen = {
  readonly sessions: readonly SessionFacts[]
  readonly results: readonly CheckResult[]
}
