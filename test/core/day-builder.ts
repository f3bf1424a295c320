import type { Arrivals } from '../../src/core/arrivals.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import type { Span } from '../../src/core/history.ts'
import { newHealth } from '../../src/core/machine.ts'
import { report } from '../../src/core/report.ts'
import { evidence, noon, session } from './evidence-builder.ts'

export type Hour = readonly [hoursAgo: number, state: string | null, reason?: string | null, liveMs?: number]

/** Evidence of a session whose day went so: from when on how, until now. */
export const dayOf = (
  spans: readonly Hour[],
  {
    name = 'work',
    messages = 0,
    until = noon,
    keeper = evidence().keeper,
    silentKeeper = null,
  }: Partial<Given> = {},
): Evidence => {
  const arrivals: Record<string, Arrivals> =
    messages === 0 ? {} : { a: { log: 1, slots: [{ at: noon - 3_600_000, count: messages }], before: [] } }
  const toSpan = ([hours, state, reason = null, liveMs = 0]: Hour): Span => ({
    ...{ at: Math.round(noon - hours * 3_600_000), state, reason, liveMs },
  })
  const history = { until, spans: spans.map(toSpan), arrivals }
  return evidence({
    session: { ...session, name },
    keeper,
    silentKeeper,
    health: { ...newHealth(noon), history },
  })
}

type Given = {
  readonly name: string
  readonly messages: number
  readonly until: number
  readonly keeper: Evidence['keeper']
  readonly silentKeeper: Evidence['silentKeeper']
}

export const reportOf = (...seen: readonly Evidence[]) => report(seen, evidence().keeper, noon)
