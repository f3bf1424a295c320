import { isWithin, lately } from './duration.ts'
import { type Reason, type ReasonName, reasons } from './reasons.ts'
import type { Health } from './records.ts'

export type Healed = Health['healed'][number]

/** Whether the budget of a reason allows one more healing. */
export const isAffordable = (reason: ReasonName, healed: readonly Healed[], now: number): boolean => {
  const { budget }: Reason = reasons[reason]
  if (budget === null) return true
  return lately(healed, budget.withinMs, now).filter((each) => each.reason === reason).length < budget.times
}

/** Whether a healing of a reason was begun just now. */
export const isAtWork = (reason: ReasonName, healed: readonly Healed[], now: number): boolean =>
  healed.some((each) => each.reason === reason && isJustNow(each.at, now))

/** Whether a healing that was begun then may still be at work. */
export const isJustNow = (at: number | undefined, now: number): boolean =>
  at !== undefined && isWithin(at, healingMs, now)

/** SIGTERM, 5 s, SIGKILL, and what the keeper waits for a client to rest. */
const healingMs = 8_000
