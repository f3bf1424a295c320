import type { Evidence } from './evidence.ts'
import { because, type Finding, starting } from './finding.ts'
import { isReason, reasons } from './reasons.ts'

/**
 * What a session amounts to whose client was ended on purpose, until another one is on record. Null where nothing of the
 * kind was ordered.
 */
export const judgeEnded = ({ run, orders }: Evidence): Finding | null => {
  if (run === null || orders === null || orders.run !== run.run || orders.hold !== null) return null
  const { ended } = orders
  if (ended === null) return null
  // What it was kept ended for is over.
  return isReason(ended) && reasons[ended].state === 'recovering'
    ? because(ended, 'the client was ended for that, and is started again')
    : starting('its client was ended, and is started again')
}
