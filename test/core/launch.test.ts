import { expect, test } from 'vitest'
import { startedAfter } from '../../src/core/exit.ts'
import { decideLaunch, type LaunchDecision, type LaunchFacts } from '../../src/core/launch.ts'
import type { Exit, Orders } from '../../src/core/records.ts'
import { defaultRestart } from '../../src/core/session.ts'
import { exitRecord, loop, minutes, noon, run, seconds, wanted } from './evidence-builder.ts'

const exit = (status: number | null, of = 'run-1'): Exit => ({ run: of, status, at: noon })
const orders = (change: Partial<Orders>): Orders => ({
  format: 1,
  run: 'run-1',
  ended: null,
  hold: null,
  fresh: false,
  ...change,
})
const facts: LaunchFacts = {
  session: 'work',
  now: noon,
  loop,
  otherLoop: false,
  wanted: wanted(),
  orders: null,
  run: run({ startedAt: noon - minutes }),
  exit: exit(137),
  attached: 0,
  interrupted: false,
  obstacles: [],
  clientAlive: false,
  restart: defaultRestart,
  chance: 0.5,
  left: null,
}
/** A run that had so many crashes in a row before, the last one a minute ago. */
const crashed = (times: number) => crashedAt(times, noon - minutes)
const crashedAt = (times: number, at: number) =>
  run({
    startedAt: noon - minutes,
    streak: times,
    exits: Array.from({ length: times }, (_, i) => exitRecord({ run: `run-a${i}`, at })),
  })
const earlier = exitRecord({ run: 'run-b', at: noon - 2 * minutes })
const waitingFor = (reason: 'client-exited' | 'crash-loop' | 'bun-missing', until: number) => ({
  run: run({ waiting: { reason, detail: null, until }, exits: [exitRecord({ run: 'run-1' })] }),
})
const otherTerminal = { loop: { pid: 9, start: '9' } }
const bun = { reason: 'bun-missing', detail: 'no `bun` in /usr/bin' } as const

const started = (
  choice: LaunchDecision & { do: 'start' } extends { choice: infer C } ? C : never,
  others: object = {},
) => ({
  do: 'start',
  choice,
  ...others,
})
const last = { take: 'last' } as const

test.each([
  // What is wanted comes first.
  ['nothing on record', { wanted: null }, { do: 'end', why: 'not-wanted' }],
  ['not wanted', { wanted: wanted({ want: false }) }, { do: 'end', why: 'not-wanted' }],
  [
    'not wanted and held',
    { wanted: wanted({ want: false }), obstacles: [bun] },
    { do: 'end', why: 'not-wanted' },
  ],
  ['another loop lives', { otherLoop: true }, { do: 'end', why: 'other-loop', exit: null }],
  [
    'another loop lives, first start',
    { otherLoop: true, run: null },
    { do: 'end', why: 'other-loop', run: null },
  ],
  ['a person left', { exit: exit(0), attached: 1 }, { do: 'end', why: 'person-left' }],
  ['Ctrl-C at the waiting line', { interrupted: true }, { do: 'end', why: 'person-left' }],
  // Starts.
  [
    'the first start',
    { run: null, exit: null },
    started({ take: 'new' }, { streak: 0, interruptedTurn: false }),
  ],
  ['a first crash', {}, started(last, { streak: 1, interruptedTurn: true })],
  [
    'a crash after five minutes of life',
    { run: { ...crashed(3), startedAt: noon - 5 * minutes } },
    started(last, { streak: 1 }),
  ],
  [
    'nobody saw how it ended',
    { exit: null, attached: 1 },
    started(last, { streak: 1, interruptedTurn: true }),
  ],
  ['0 with nobody attached', { exit: exit(0) }, started(last, { streak: 1 })],
  [
    'ended by the keeper',
    { orders: orders({ ended: 'plugin-exited' }) },
    started(last, { streak: 0, interruptedTurn: false }),
  ],
  [
    'the terminal was lost',
    { ...otherTerminal, exit: null },
    started(last, { streak: 1, interruptedTurn: true }),
  ],
  [
    'asked for while in a crash loop',
    { ...waitingFor('crash-loop', noon + minutes), wanted: wanted({ generation: 2 }) },
    started(last, { streak: 0 }),
  ],
  ['its back-off is over', waitingFor('client-exited', noon), started(last)],
  ['what blocked it is there now', waitingFor('bun-missing', noon + minutes), started(last)],
  // Which conversation.
  ['fresh', { wanted: wanted({ generation: 2, fresh: true }) }, started({ take: 'new' })],
  [
    'an old one',
    { wanted: wanted({ generation: 2, conversation: 'b' }) },
    started({ take: 'this', id: 'b' }),
  ],
  ['fresh applied before', { wanted: wanted({ fresh: true }) }, started(last)],
  ['an old one applied before', { wanted: wanted({ conversation: 'b' }) }, started(last)],
  [
    'the keeper wants a fresh one',
    { orders: orders({ ended: 'plugin-not-started', fresh: true }) },
    started({ take: 'new' }),
  ],
  ['so it wanted of another run', { orders: orders({ run: 'run-0', fresh: true }) }, started(last)],
  [
    'the first start, an old one',
    { run: null, wanted: wanted({ conversation: 'b' }) },
    started({ take: 'this', id: 'b' }),
  ],
  // Waits.
  [
    'the terminal was lost again, say by what the client does to it',
    { ...otherTerminal, exit: null, run: crashed(1) },
    { do: 'wait', seconds: 1, waiting: { reason: 'client-exited' } },
  ],
  [
    'the terminal was lost a fifth time',
    { ...otherTerminal, exit: null, run: crashed(4) },
    { do: 'wait', seconds: 300, waiting: { reason: 'crash-loop' } },
  ],
  ['a second crash', { run: crashed(1) }, { do: 'wait', seconds: 1, waiting: { reason: 'client-exited' } }],
  [
    'a fourth crash',
    { run: crashed(3) },
    { do: 'wait', seconds: 4, waiting: { detail: 'ended by SIGKILL' } },
  ],
  ['a fifth crash', { run: crashed(4) }, { do: 'wait', seconds: 300, waiting: { reason: 'crash-loop' } }],
  [
    'a first crash since the clock was set back',
    { run: crashedAt(4, noon + 60 * minutes) },
    { do: 'wait', waiting: { reason: 'client-exited' } },
  ],
  [
    'a first crash since the clock was set back, once it has caught up',
    { run: { ...crashedAt(4, noon - minutes), exits: [...crashedAt(4, noon - minutes).exits, earlier] } },
    { do: 'wait', waiting: { reason: 'client-exited' } },
  ],
  ['in its back-off', waitingFor('client-exited', noon + 3_500), { do: 'wait', seconds: 4, exit: null }],
  [
    'in its back-off when the clock was set back',
    waitingFor('client-exited', noon + 60 * minutes),
    { do: 'wait', seconds: 72 },
  ],
  [
    'in a crash loop when the clock was set back',
    waitingFor('crash-loop', noon + 600 * minutes),
    { do: 'wait', seconds: 300 },
  ],
  [
    'something is missing',
    { obstacles: [bun] },
    { do: 'wait', seconds: 60, waiting: { ...bun, until: noon + minutes } },
  ],
  [
    'something is missing at the first start',
    { run: null, exit: null, obstacles: [bun] },
    { do: 'wait', seconds: 60 },
  ],
  [
    'something is missing of what was asked for',
    { wanted: wanted({ generation: 2 }), obstacles: [bun] },
    { do: 'wait', seconds: 60 },
  ],
  ['its client still ends', { clientAlive: true }, { do: 'wait', seconds: 1, exit: null, run: facts.run }],
  [
    'held back',
    { orders: orders({ ended: 'login-expired', hold: { reason: 'login-expired', until: null } }) },
    { do: 'wait', seconds: 60, waiting: { reason: 'login-expired' } },
  ],
  [
    'held back until a time',
    { orders: orders({ ended: 'stopped', hold: { reason: 'stopped', until: noon + 10 * minutes } }) },
    { do: 'wait', seconds: 600, sentence: 'work: Held back by the keeper.' },
  ],
  [
    'held back until a time that is over',
    { orders: orders({ ended: 'stopped', hold: { reason: 'stopped', until: noon } }) },
    { do: 'start' },
  ],
  [
    'held back before the clock was set back',
    {
      orders: orders({
        ended: 'usage-limit',
        hold: { reason: 'usage-limit', until: noon + 8 * 60 * minutes, at: noon + 7 * 60 * minutes },
      }),
    },
    { do: 'start' },
  ],
  [
    'held back before the clock was set by as little as it is all the time',
    {
      orders: orders({
        ended: 'usage-limit',
        hold: { reason: 'usage-limit', until: noon + 10 * minutes, at: noon + 5_000 },
      }),
    },
    { do: 'wait', seconds: 600 },
  ],
  [
    'held back of another run',
    { orders: orders({ run: 'run-0', hold: { reason: 'stopped', until: null } }) },
    { do: 'start' },
  ],
  [
    'held back, and asked for',
    {
      orders: orders({ hold: { reason: 'login-expired', until: null } }),
      wanted: wanted({ generation: 2 }),
    },
    { do: 'start' },
  ],
  [
    'taken down with all others',
    { orders: orders({ ended: 'taken-down', hold: { reason: 'stopped', until: null } }) },
    {
      do: 'end',
      why: 'taken-down',
      exit: { reason: 'taken-down', unexplained: false, left: false },
      run: { streak: 0, waiting: null },
    },
  ],
  [
    'taken down while somebody looks on, and ended with 0: nobody left',
    {
      orders: orders({ ended: 'taken-down', hold: { reason: 'stopped', until: null } }),
      exit: { run: 'run-1', status: 0, at: noon },
      attached: 1,
    },
    { do: 'end', why: 'taken-down', exit: { left: false } },
  ],
  [
    'taken down, and asked for meanwhile: it starts once a keeper lets it go on',
    { orders: orders({ hold: { reason: 'stopped', until: null } }), wanted: wanted({ generation: 2 }) },
    { do: 'end', why: 'taken-down' },
  ],
  [
    'taken down, and not wanted any more',
    { orders: orders({ hold: { reason: 'stopped', until: null } }), wanted: wanted({ want: false }) },
    { do: 'end', why: 'not-wanted' },
  ],
  [
    'taken down before it was ever started',
    { run: null, exit: null, orders: orders({ run: '', hold: { reason: 'stopped', until: null } }) },
    { do: 'end', why: 'taken-down', run: null },
  ],
] as const satisfies readonly (readonly [string, Partial<LaunchFacts>, object])[])(
  '%s',
  (_, change, outcome) => {
    expect(decideLaunch({ ...facts, ...change })).toMatchObject(outcome)
  },
)

test('a wait says in a sentence for what, and is recorded with its loop', () => {
  const decision = decideLaunch({ ...facts, ...otherTerminal, run: null, exit: null, obstacles: [bun] })
  expect(decision).toMatchObject({
    sentence:
      'work: Bun, which the plugin runs on, is not in the PATH of this session. (no `bun` in /usr/bin)',
    run: { run: '', generation: -1, loop: otherTerminal.loop, waiting: { reason: 'bun-missing' } },
  })
})

test('a second crash of a message that is resumed is not answered again', () => {
  const waiting = { reason: 'client-exited', detail: null, until: noon } as const
  const after = run({ streak: 2, waiting, exits: [exitRecord({ run: 'run-1' })] })
  expect(decideLaunch({ ...facts, run: after })).toMatchObject({ do: 'start', interruptedTurn: false })
  expect(decideLaunch({ ...facts, run: { ...after, streak: 1 } })).toMatchObject({ interruptedTurn: true })
})

const until = noon + 15 * minutes
const left = { waiting: 1, working: 2, takesUp: true, takenUpUntil: until }
const promised = { messages: 2, until, brokenAt: null }

test.each<[string, Partial<LaunchFacts>, object]>([
  ['the next client goes on with it', { left }, { unanswered: 1, promised }],
  ['it was at nothing', { left: { ...left, working: 0 } }, { unanswered: 1, promised: null }],
  [
    'the next client does not take it up',
    { left: { ...left, takesUp: false } },
    { unanswered: 3, promised: null },
  ],
  [
    'another one was asked for',
    { left, wanted: wanted({ generation: 4 }) },
    { unanswered: 3, promised: null },
  ],
  ['a second crash', { left, run: crashed(1) }, { unanswered: 3, promised: null }],
  ['nobody can tell', { left: null }, { unanswered: null, promised: null }],
])('what a client was at when it died: %s', (_, change, record) => {
  const decision = decideLaunch({ ...facts, ...change })
  const after = decision.do === 'start' ? decision.after : decision.run
  expect(after?.exits.at(-1)).toMatchObject(record)
})

test('a client that starts too late for it is not told to go on, and it is on record that nobody does', () => {
  const atExit = decideLaunch({ ...facts, left, obstacles: [bun] })
  if (atExit.do !== 'wait' || atExit.run === null) throw new Error('it did not wait')
  const at = (now: number) => {
    const decision = decideLaunch({ ...facts, now, run: atExit.run })
    if (decision.do !== 'start') throw new Error('it did not start')
    const { interruptedTurn, after } = decision
    return [interruptedTurn, startedAfter(after?.exits ?? [], now, interruptedTurn).at(-1)?.promised]
  }
  expect(at(until)).toEqual([true, promised])
  expect(at(until + 1)).toEqual([false, { ...promised, brokenAt: until + 1 }])
  // Where nothing is started any more, nobody does either; the next start says that no other time.
  for (const [change, why] of [
    [{ wanted: wanted({ want: false }) }, 'not-wanted'],
    [{ interrupted: true }, 'person-left'],
  ] as const) {
    const ended = decideLaunch({ ...facts, ...change, run: atExit.run, now: noon + minutes })
    expect(ended).toMatchObject({ do: 'end', why })
    const exits = ended.do === 'end' ? (ended.run?.exits ?? []) : []
    expect(exits.at(-1)?.promised?.brokenAt).toBe(noon + minutes)
    expect(startedAfter(exits, until, false).at(-1)?.promised?.brokenAt).toBe(noon + minutes)
  }
  // A full disk had the same run started once more: what that was at is on no record.
  const stamped = { ...atExit.run, startedAt: noon + minutes }
  expect(decideLaunch({ ...facts, now: noon + 2 * minutes, run: stamped })).toMatchObject({
    interruptedTurn: false,
  })
  // And none that was asked for meanwhile.
  const asked = decideLaunch({ ...facts, run: atExit.run, wanted: wanted({ generation: 4 }) })
  expect(asked).toMatchObject({ do: 'start', interruptedTurn: false })
})

test('explained ends in between hide no crash loop, and twenty ends are kept', () => {
  const crashes = Array.from({ length: 4 }, (_, i) => exitRecord({ run: `c${i}`, at: noon - 20 * minutes }))
  const asked = Array.from({ length: 30 }, (_, i) =>
    exitRecord({ run: `a${i}`, at: noon - minutes, unexplained: false, reason: 'asked' }),
  )
  let before = run({ exits: crashes })
  for (const [i, end] of asked.entries()) {
    const ended = orders({ run: end.run, ended: 'asked' })
    const kept = decideLaunch({ ...facts, run: { ...before, run: end.run }, exit: null, orders: ended })
    if (kept.do === 'start' && kept.after !== null) before = { ...kept.after, run: `next-${i}` }
  }
  expect(before.exits).toHaveLength(24)
  expect(decideLaunch({ ...facts, run: { ...before, run: 'run-1' } })).toMatchObject({
    waiting: { reason: 'crash-loop' },
  })
  const later = decideLaunch({ ...facts, now: noon + 31 * minutes, run: { ...before, run: 'run-1' } })
  expect(later).toMatchObject({ do: 'start' })
  expect(later.do === 'start' && later.after?.exits).toHaveLength(20)
})

test('attempts, window and retry are settings', () => {
  const restart = { attempts: 2, windowMs: 90 * seconds, retryMs: 7 * seconds, updateMs: null }
  expect(decideLaunch({ ...facts, restart, run: crashed(1) })).toMatchObject({
    seconds: 7,
    waiting: { reason: 'crash-loop' },
  })
  const short = { ...restart, windowMs: 30 * seconds }
  expect(decideLaunch({ ...facts, restart: short, run: crashed(1) })).toMatchObject({
    waiting: { reason: 'client-exited' },
  })
})
