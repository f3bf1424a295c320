import type { Channel } from '../channel.ts'
import { type ReasonName, remedyFor } from '../reasons.ts'
import type { Session } from '../session.ts'
import { type CheckName, checks } from './checks.ts'
import type { Fix } from './fix.ts'

/** What a check amounts to by what was looked at for it alone. */
export type Look =
  | { readonly is: 'ok'; readonly found: string }
  | { readonly is: 'skipped'; readonly found: string }
  | {
      readonly is: 'warning' | 'failed'
      readonly found: string
      readonly remedy: string
      readonly fixes?: readonly Fix[]
      readonly reason?: ReasonName
    }

/** One check with what was found and what helps. */
export type CheckResult = {
  readonly check: CheckName
  /** Null: it is one of the machine. */
  readonly session: string | null
  /** Id of the channel; null: it is one of the session. */
  readonly channel: string | null
  readonly is: 'ok' | 'warning' | 'failed' | 'not-checked' | 'skipped'
  readonly reason: ReasonName | null
  readonly found: string
  readonly remedy: string | null
  /** The checks that failed and without which it means nothing. */
  readonly needs: readonly CheckName[]
  readonly fixes: readonly Fix[]
}

export const ok = (found: string): Look => ({ is: 'ok', found })
export const skipped = (found: string): Look => ({ is: 'skipped', found })
export const warning = (found: string, remedy: string, fixes: readonly Fix[] = []): Look => ({
  is: 'warning',
  found,
  remedy,
  fixes,
})
export const failed = (found: string, remedy: string, fixes: readonly Fix[] = []): Look => ({
  is: 'failed',
  found,
  remedy,
  fixes,
})
/** By a reason of the catalogue, with its remedy for this session and, of several channels, this one. */
export const failing = (
  found: string,
  reason: ReasonName,
  { name, channels }: Pick<Session, 'name' | 'channels'>,
  channel: Channel | null = channels[0] ?? null,
): Look => ({ is: 'failed', found, reason, remedy: remedyFor(reason, name, channel, channels) })

/** A check as it is shown, by its look. */
export const resultOf = (
  check: CheckName,
  session: string | null,
  channel: string | null,
  look: Look,
): CheckResult => ({
  check,
  session,
  channel,
  is: look.is,
  reason: 'reason' in look ? (look.reason ?? null) : null,
  found: look.found,
  remedy: 'remedy' in look ? look.remedy : null,
  needs: [],
  fixes: 'fixes' in look ? (look.fixes ?? []) : [],
})

/** A check that means nothing without those that failed. */
export const notChecked = (
  check: CheckName,
  session: string | null,
  channel: string | null,
  needs: readonly CheckName[],
): CheckResult => ({
  ...{ check, session, channel, is: 'not-checked', reason: null, remedy: null, needs, fixes: [] },
  found: `not checked (needs ${needs.map((name) => checks[name].title).join(', ')})`,
})
