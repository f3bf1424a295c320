import { expect, test } from 'vitest'
import { no } from '../../src/core/answer.ts'
import { changesBetween, remarksBetween } from '../../src/core/changes.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import { report } from '../../src/core/report.ts'
import { changeHead, changeLine, plainStatus, remarkLine } from '../../src/ui/plain-status.ts'
import { timeOfDay } from '../../src/ui/time-of-day.ts'
import { client, evidence, noon, seconds, wanted, withChannel } from '../core/evidence-builder.ts'

const plain = (seen: Evidence) => plainStatus(report([seen], null, noon), noon)
const dead = withChannel({ poller: no('the process in bot.pid (4720) is gone') }, { at: noon + seconds })

test('a session is one line, whatever is to be said of it', () => {
  expect(plain(evidence())).toEqual(['work is live: telegram @work_bot, client 2.1.330 idle, 0 restarts.'])
  const installed = { version: '2.1.331', another: true, runs: 'unknown' } as const
  expect(plain(evidence({ client: client({ installed }) }))).toEqual([
    'work is live: telegram @work_bot, client 2.1.330 idle, 2.1.331 installed, 0 restarts.',
  ])
  expect(plain(dead)).toEqual([
    'work is recovering [plugin-exited]: telegram @work_bot, client 2.1.330 idle, 0 restarts. ' +
      'The channel plugin died; the client does not notice. Seen: the process in bot.pid (4720) is gone. ' +
      'Nothing to do: the client is resumed as soon as it is idle. `channels restart work` does it now.',
  ])
})

test('says what is remarked, what nobody wants, and what a dialog shows', () => {
  expect(plain(evidence({ keeper: null }))[0]).toMatch(/0 restarts\. no keeper is at work: .* starts one\.$/)
  expect(plain(evidence({ wanted: wanted({ want: false }), client: null }))[0]).toMatch(
    /^work is stopped: .*no client, .* work is not wanted; `channels up work` starts it\.$/,
  )
  const dialog = { name: 'unknown-dialog', text: 'Pick one:\n\n ❯ 1. Yes\n   2. No\n' } as const
  expect(plain(evidence({ client: client({ file: null, dialog }) }))[0]).toContain(
    ` It shows: Pick one: / ❯ 1. Yes / 2. No. Read it `,
  )
})

test('a change says when, from what, to what, and then what that means', () => {
  const before = report([evidence()], null, noon)
  const after = report([dead], null, noon + seconds)
  const [change] = changesBetween(before, after)
  if (change === undefined) throw new Error('no change')
  const head = `${timeOfDay(noon + seconds)} work live -> recovering [plugin-exited]`
  expect(changeHead(change)).toBe(head)
  expect(changeLine(change)).toMatch(
    new RegExp(`^${head.replace(/[[\]]/g, '\\$&')}: The channel plugin died; .* Seen: .* Nothing to do: `),
  )
  const [back] = changesBetween(after, { ...before, at: after.at })
  if (back === undefined) throw new Error('no change')
  expect(changeLine(back)).toBe(`${timeOfDay(noon + seconds)} work recovering -> live`)
  const none = { ...before, sessions: [] }
  expect([...changesBetween(none, before), ...changesBetween(before, none)].map(changeLine)).toEqual([
    `${timeOfDay(noon)} work new -> live`,
    `${timeOfDay(noon)} work live -> removed`,
  ])
})

test('a remark is said with what helps, and by its name when it is over', () => {
  const well = report([evidence()], null, noon)
  const alone = report([evidence({ keeper: null })], null, noon)
  const lines = [...remarksBetween(well, alone), ...remarksBetween(alone, well)].map(remarkLine)
  expect(lines).toEqual([
    expect.stringMatching(/^\d\d:\d\d:\d\d work: no keeper is at work: .* \[keeper-missing\]$/),
    `${timeOfDay(noon)} work: no longer so: [keeper-missing]`,
  ])
})

test('the time is that of the clock on the wall', () => {
  const at = new Date(2026, 1, 3, 4, 5, 6).getTime()
  expect(timeOfDay(at)).toBe('04:05:06')
})
