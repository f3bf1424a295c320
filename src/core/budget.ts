import { lately } from './duration.ts'
import { type Reason, type ReasonName, reasons } from './reasons.ts'
import type { Health } from './records.ts'

export type Healed = Health['healed'][number]

/** Whether the budget of a reason allows one more healing. */
export const isAffordable = (reason: ReasonName, healed: readonly Healed[], now: number): boolean => {
  const { budget }: Reason = reasons[reason]
  if (budget === null) return true
  return lately(healed, budget.withinMs, now).filter((each) => each.reason === reason).length < budget.times
}
