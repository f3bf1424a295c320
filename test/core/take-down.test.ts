import { expect, test } from 'vitest'
import type { Evidence } from '../../src/core/evidence.ts'
import { newHealth, step } from '../../src/core/machine.ts'
import type { Health, Orders } from '../../src/core/records.ts'
import { bringBack, isTakenDown, takeDownOrders, underHold } from '../../src/core/take-down.ts'
import { judge } from '../../src/core/verdict.ts'
import {
  evidence,
  exitRecord,
  freeze,
  loop,
  minutes,
  noon,
  run,
  seconds,
  wanted,
  withoutClient,
} from './evidence-builder.ts'

const stopped = { reason: 'stopped', until: null } as const
const orders = (change: Partial<Orders> = {}): Orders => ({
  ...{ format: 1, run: 'run-1', ended: null, hold: null, fresh: false },
  ...change,
})
const held = (change: Partial<Orders> = {}): Orders =>
  orders({ ended: 'taken-down', hold: stopped, ...change })
const noLoop = { loop: null, attached: 0, launchFailed: null } as const

test.each([
  ['no orders', run(), null, false],
  ['held', run(), held(), true],
  ['of another run', run({ run: 'run-2' }), held(), false],
  ['held back until a time', run(), held({ hold: { reason: 'stopped', until: noon } }), false],
  ['kept ended for something else', run(), held({ hold: { reason: 'login-expired', until: null } }), false],
  ['never started', null, held({ run: '' }), true],
  ['never started, and the orders are of a run', null, held(), false],
  ['started since', run(), held({ run: '' }), false],
] as const)('taken down: %s', (_, ofRun, known, is) => {
  expect(isTakenDown(ofRun, known)).toBe(is)
})

test.each<[string, Parameters<typeof takeDownOrders>, Orders]>([
  ['a client that lives is ended for it', [run(), null, true], held()],
  ['one that had ended is not', [run(), null, false], held({ ended: null })],
  ['of a session that was never started', [null, null, false], held({ run: '', ended: null })],
  [
    'a client that a keeper was just ending: why, and that the next one begins anew, stays known',
    [run(), orders({ ended: 'plugin-not-started', fresh: true }), true],
    held({ ended: 'plugin-not-started', fresh: true }),
  ],
  [
    'what was said of a run before counts no more',
    [run(), orders({ run: 'run-0', fresh: true }), true],
    held(),
  ],
  [
    'kept ended for a login: held all the same',
    [run(), orders({ ended: 'login-expired', hold: { reason: 'login-expired', until: noon } }), false],
    held({ ended: 'login-expired' }),
  ],
])('%s', (_, asked, written) => {
  expect(takeDownOrders(...asked)).toEqual(written)
})

test('what a keeper had begun before does not let it go on', () => {
  const late = orders({ ended: 'plugin-exited' })
  expect(underHold(held(), late)).toEqual({ ...late, hold: stopped })
  expect(underHold(held({ run: 'run-0' }), late)).toEqual(late)
  expect(underHold(orders({ hold: { reason: 'usage-limit', until: noon } }), late)).toEqual(late)
  expect(underHold(null, late)).toEqual(late)
})

const parked = {
  run: 'run-1',
  reason: 'login-expired',
  at: noon,
  until: noon + minutes,
  tries: 1,
  credentialsAt: 1,
} as const
const health = (change: Partial<Health> = {}): Health => ({ ...newHealth(noon), ...change })

test.each<[string, Evidence, Health, Orders]>([
  ['as it was', withoutClient({ orders: held() }), health(), orders({ ended: 'taken-down' })],
  [
    'one that is to begin anew does',
    withoutClient({ orders: held({ fresh: true }) }),
    health(),
    orders({ ended: 'taken-down', fresh: true }),
  ],
  [
    'one that was kept ended for its login still is',
    withoutClient({ orders: held({ ended: 'login-expired' }) }),
    health({ parked }),
    orders({ ended: 'login-expired', hold: { reason: 'login-expired', until: noon + minutes, at: noon } }),
  ],
  [
    'one that was kept ended in a run before is not',
    withoutClient({ orders: held() }),
    health({ parked: { ...parked, run: 'run-0' } }),
    orders({ ended: 'taken-down' }),
  ],
  ['a client that lives was ended by nobody', evidence({ orders: held() }), health(), orders()],
  [
    'never started',
    withoutClient({ run: null, orders: held({ run: '', ended: null }) }),
    health(),
    orders({ run: '' }),
  ],
])('brought back: %s', (_, seen, known, after) => {
  expect(bringBack(seen, known)).toEqual({ do: 'release', why: 'keeper-back', orders: after })
})

const actions = (seen: Evidence) =>
  step({ health: newHealth(noon), suspicion: null }, freeze(seen), noon + seconds)
    .effects.map((effect) => effect.do)
    .filter((what) => what !== 'journal')

test.each<[string, Evidence, readonly string[]]>([
  [
    'its terminal is gone',
    withoutClient({ orders: held(), terminal: noLoop }),
    ['release', 'start-terminal'],
  ],
  ['its loop is still there', withoutClient({ orders: held() }), ['release']],
  ['its client lives', evidence({ orders: held() }), ['release']],
  [
    'asked for anew meanwhile: first of all it is let go on',
    withoutClient({ orders: held(), wanted: wanted({ generation: 2 }), terminal: noLoop }),
    ['release', 'start-terminal'],
  ],
  [
    'never started',
    withoutClient({ run: null, orders: held({ run: '' }), terminal: noLoop }),
    ['release', 'start-terminal'],
  ],
  [
    'no multiplexer',
    withoutClient({
      orders: held(),
      terminal: noLoop,
      obstacles: [{ reason: 'multiplexer-missing', detail: 'no tmux' }],
    }),
    ['release'],
  ],
  [
    'not wanted any more: it stays down',
    withoutClient({ orders: held(), wanted: wanted({ want: false }), terminal: noLoop }),
    [],
  ],
])('whoever is at work lets it go on: %s', (_, seen, done) => {
  expect(actions(seen)).toEqual(done)
})

test('held, it is down for as long as no keeper is there, and starts with the next one', () => {
  const seen = withoutClient({ orders: held(), terminal: noLoop })
  expect(judge({ ...seen, keeper: null }, noon)).toMatchObject({
    ...{ state: 'down', reason: 'taken-down' },
    remarks: [],
  })
  expect(judge(seen, noon)).toMatchObject({ state: 'starting', reason: null })
  expect(judge({ ...seen, keeper: null, wanted: wanted({ want: false }) }, noon).state).toBe('stopped')
})

test('nobody listened from when it was taken down until it is live again', () => {
  const at = noon - 60 * minutes
  const exits = [exitRecord({ at, reason: 'taken-down', unexplained: false, downForMs: null })]
  const down = withoutClient({ orders: held(), terminal: noLoop, run: run({ loop, exits }) })
  const first = step({ health: { ...newHealth(at - minutes), at }, suspicion: null }, down, noon)
  expect(first.state.health.gaps).toMatchObject([{ from: at, to: null, reason: 'taken-down' }])
})
