import type { Gap } from '../records.ts'
import type { GapReport } from './notice.ts'

/** All that happened while it was away, summed up; null where there was nothing. */
export const reportGaps = (gaps: readonly Gap[], since: number, reason: string): GapReport | null => {
  const ended = gaps.flatMap((gap) => (gap.to !== null && gap.to >= since ? [{ ...gap, to: gap.to }] : []))
  return ended.reduce<GapReport | null>(
    (sum, gap) => ({
      reason,
      from: Math.min(sum?.from ?? gap.from, gap.from),
      to: Math.max(sum?.to ?? gap.to, gap.to),
      lastedMs: (sum?.lastedMs ?? 0) + Math.max(0, gap.to - gap.from),
      times: (sum?.times ?? 0) + (gap.to > gap.from ? 1 : 0),
      waited: add(sum?.waited ?? null, gap.waited),
      unanswered: add(sum?.unanswered ?? null, gap.unanswered),
      maybeLost: (sum?.maybeLost ?? false) || gap.maybeLost,
    }),
    null,
  )
}

const add = (a: number | null, b: number | null): number | null => (a === null ? b : a + (b ?? 0))
