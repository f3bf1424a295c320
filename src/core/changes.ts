import type { Report, SessionReport } from './report.ts'

/** A session that stands otherwise than before; null where it was not there, or is not any more. */
export type Change = {
  /** When it was seen, in milliseconds since 1970. */
  readonly at: number
  readonly session: string
  readonly from: SessionReport | null
  readonly to: SessionReport | null
}

/** The sessions whose state or reason is another in the later report. Pure. */
export const changesBetween = (before: Report, after: Report): readonly Change[] =>
  pairs(before, after).flatMap(({ session, from, to }) =>
    from?.state === to?.state && from?.reason === to?.reason
      ? []
      : [{ at: Date.parse(after.at), session, from, to }],
  )

/** A remark that a session did not have before, or has no more. */
export type RemarkChange = {
  readonly at: number
  readonly session: string
  /** Its channels, of which it may be about one. */
  readonly channels: SessionReport['channels']
  readonly remark: SessionReport['remarks'][number]
  readonly is: 'new' | 'over'
}

/** What is remarked of sessions that are still there and was not before, and the other way round. Pure. */
export const remarksBetween = (before: Report, after: Report): readonly RemarkChange[] =>
  pairs(before, after).flatMap(({ session, from, to }) => {
    if (to === null) return []
    const at = Date.parse(after.at)
    const old = from?.remarks ?? []
    return [
      ...to.remarks
        .filter((remark) => !old.includes(remark))
        .map((remark) => ({ remark, is: 'new' }) as const),
      ...old
        .filter((remark) => !to.remarks.includes(remark))
        .map((remark) => ({ remark, is: 'over' }) as const),
    ].map((change) => ({ at, session, channels: to.channels, ...change }))
  })

/** A report's text without its times: two that are the same in this differ in times alone. */
export const timeless = (report: Report): string =>
  JSON.stringify(report, (key, value: unknown) =>
    key === 'liveMs' ? undefined : typeof value === 'string' ? value.replace(times, '<time>') : value,
  )

/** Dates as they are reported, and how long something takes by now, as details say it. */
const times = /\d{4}-\d\d-\d\dT[\d:.]+Z|\b\d+ (?:s|minutes) (?=after\b|ago\b)/g

type Pair = Pick<Change, 'session' | 'from' | 'to'>

/** In the order of the later report; those that are gone last. */
const pairs = (before: Report, after: Report): readonly Pair[] => {
  const find = ({ sessions }: Report, name: string) => sessions.find((each) => each.name === name) ?? null
  return [
    ...after.sessions.map((to) => ({ session: to.name, from: find(before, to.name), to })),
    ...before.sessions
      .filter(({ name }) => find(after, name) === null)
      .map((from) => ({ session: from.name, from, to: null })),
  ]
}
