import { expect, test } from 'vitest'
import { no } from '../../src/core/answer.ts'
import { changesBetween, remarksBetween, timeless } from '../../src/core/changes.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import { report } from '../../src/core/report.ts'
import { dayOf } from './day-builder.ts'
import {
  client,
  evidence,
  noon,
  seconds,
  session,
  sessionFile,
  withChannel,
  withoutClient,
} from './evidence-builder.ts'

const reportOf = (...all: readonly Evidence[]) => report(all, null, all[0]?.at ?? noon)
const named = (name: string, seen: Evidence): Evidence => ({ ...seen, session: { ...session, name } })
const later = noon + seconds
const dead = { poller: no('the process in bot.pid (4720) is gone') }

test('a state or a reason that is another is a change; what else may differ is none', () => {
  const before = reportOf(evidence())
  const after = reportOf(withChannel(dead, { at: later }))
  expect(changesBetween(before, after)).toMatchObject([
    {
      at: later,
      session: 'work',
      from: { state: 'live' },
      to: { state: 'recovering', reason: 'plugin-exited' },
    },
  ])
  const again = reportOf(withoutClient({ at: later }))
  expect(changesBetween(after, again)).toMatchObject([
    { from: { reason: 'plugin-exited' }, to: { reason: 'client-exited' } },
  ])
  const busy = reportOf(evidence({ at: later, client: client({ file: sessionFile({ activity: 'busy' }) }) }))
  expect(changesBetween(before, busy)).toEqual([])
})

test('sessions that come and go are changes, in the order of the later report', () => {
  const before = reportOf(named('a', evidence()), named('b', evidence()))
  const after = reportOf(named('c', evidence({ at: later })), named('b', evidence({ at: later })))
  expect(changesBetween(before, after)).toMatchObject([
    { session: 'c', from: null, to: { state: 'live' } },
    { session: 'a', from: { state: 'live' }, to: null },
  ])
})

test('remarks come and go; those of a session that is gone go unsaid', () => {
  const well = reportOf(evidence())
  const alone = reportOf(evidence({ at: later, keeper: null }))
  const change = { session: 'work', remark: 'keeper-missing', channels: alone.sessions[0]?.channels }
  expect(remarksBetween(well, alone)).toEqual([{ ...change, at: later, is: 'new' }])
  expect(remarksBetween(alone, { ...well, at: alone.at })).toEqual([{ ...change, at: later, is: 'over' }])
  expect(remarksBetween(alone, alone)).toEqual([])
  expect(remarksBetween(alone, { ...well, sessions: [] })).toEqual([])
  expect(remarksBetween({ ...well, sessions: [] }, alone)).toMatchObject([change])
})

test('times alone make no other report, those that are counted in a detail neither', () => {
  expect(timeless(reportOf(evidence({ at: later })))).toBe(timeless(reportOf(evidence())))
  const silent = (forS: number) =>
    reportOf(withChannel({ log: null, ...dead }, { at: noon + forS * seconds, client: client() }))
  expect(silent(20).sessions[0]?.detail).not.toBe(silent(21).sessions[0]?.detail)
  expect(timeless(silent(21))).toBe(timeless(silent(20)))
  const busy = client({ file: sessionFile({ activity: 'busy' }) })
  expect(timeless(reportOf(evidence({ client: busy })))).not.toBe(timeless(reportOf(evidence())))
  // Whether there is a time is no time.
  const unregistered = withChannel({ log: null, ...dead })
  expect(timeless(reportOf(unregistered))).not.toBe(timeless(reportOf(withChannel(dead))))
})

test('of how the last day went the times are no news, and messages and states are', () => {
  const day = (...given: Parameters<typeof dayOf>) => timeless(reportOf(dayOf(...given)))
  const live = day([[6, 'live']], { messages: 3 })
  expect(day([[9, 'live']], { messages: 3 })).toBe(live)
  expect(day([[6, 'live']], { messages: 4 })).not.toBe(live)
  expect(day([[6, 'stopped']], { messages: 3 })).not.toBe(live)
})
