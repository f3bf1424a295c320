import { isReason, reasons } from './reasons.ts'
import type { Gap } from './records.ts'

/** Whether it cost a message, or may have. */
export const hasCost = ({ unanswered, maybeLost }: Pick<Gap, 'unanswered' | 'maybeLost'>): boolean =>
  (unanswered ?? 0) > 0 || maybeLost

/** A client that was started again within 5 s is not worth a line, unless it cost a message. */
export const isWorthSaying = (lastedMs: number, gap: Pick<Gap, 'unanswered' | 'maybeLost'>): boolean =>
  lastedMs >= 5_000 || hasCost(gap)

/** What a gap says, for people: in words, without its times. */
export const describeGap = ({ reason, ...gap }: Omit<Gap, 'from' | 'to'>): string =>
  [isReason(reason) ? reasons[reason].sentence.replace(/\.$/, '') : reason, ...describeCost(gap)].join('; ')

/** What it cost, in words; none where that is nothing. */
export const describeCost = ({
  waited,
  unanswered,
  maybeLost,
}: Pick<Gap, 'waited' | 'unanswered' | 'maybeLost'>): readonly string[] => [
  ...(waited === null || waited === 0 ? [] : [`${waited} waited at the platform`]),
  ...(unanswered === null || unanswered === 0
    ? []
    : [`${unanswered} had reached Claude and stay unanswered`]),
  ...(maybeLost ? ['some may be lost'] : []),
]
