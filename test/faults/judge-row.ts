import { isReason, reasons } from '../../src/core/reasons.ts'
import type { Fault } from './fault.ts'
import type { Result } from './results.ts'

/** A remark is as quick as what status itself looks at. */
const remarkWithinS = 3

/** How soon it has to be said, in seconds, by the catalogue; null where nothing is to be said. */
export const boundOf = ({ says: name }: Fault): number | null =>
  name === null ? null : isReason(name) ? reasons[name].withinS : remarkWithinS

/** What of a row is not as it should be, in words; null: nothing. */
export const whatIsWrong = (fault: Fault, result: Omit<Result, 'wrong'>): string | null => {
  const others = result.said.filter(
    (name) => isReason(name) && name !== fault.says && !fault.passes?.includes(name),
  )
  if (others.length > 0) return `also called ${others.join(', ')}`
  if (fault.says !== null && result.namedS === null) return `never called ${fault.says}`
  if (result.withinS !== null && (result.namedS ?? 0) > result.withinS)
    return `named after ${result.withinS} s`
  if (fault.heals === 'never') return null
  if (result.backS === null) return `not live again within ${fault.backS ?? 30} s`
  return result.answered === true ? null : 'live, and a message stays unanswered'
}
