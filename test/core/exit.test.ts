import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classifyExit, describeEnd, readStatus } from '../../src/core/exit.ts'
import type { Exit, Orders } from '../../src/core/records.ts'
import { noon, run, seconds, wanted } from './evidence-builder.ts'

// Exit codes of the client: field notes, section 1.
test.each([
  [0, { code: 0, signal: null }, 'ended with exit status 0'],
  [1, { code: 1, signal: null }, 'ended with exit status 1'],
  [128, { code: 128, signal: null }, 'ended with exit status 128'],
  [129, { code: null, signal: 'SIGHUP' }, 'ended by SIGHUP'],
  [130, { code: null, signal: 'SIGINT' }, 'ended by SIGINT'],
  [137, { code: null, signal: 'SIGKILL' }, 'ended by SIGKILL'],
  [139, { code: null, signal: 'SIGSEGV' }, 'ended by SIGSEGV'],
  [143, { code: null, signal: 'SIGTERM' }, 'ended by SIGTERM'],
  [160, { code: null, signal: 'signal 32' }, 'ended by signal 32'],
  [null, { code: null, signal: null }, 'ended, nobody saw how'],
])('exit status %s', (status, end, words) => {
  expect(readStatus(status)).toEqual(end)
  expect(describeEnd(readStatus(status))).toBe(words)
})

const orders = (change: Partial<Orders> = {}): Orders => ({
  format: 1,
  run: 'run-1',
  ended: null,
  hold: null,
  fresh: false,
  ...change,
})
const exit = (status: number | null, of = 'run-1'): Exit => ({ run: of, status, at: noon - 2 * seconds })
const facts = {
  run: run(),
  exit: exit(137),
  wanted: wanted(),
  orders: null,
  attached: 0,
  sameLoop: true,
  now: noon,
}
const crash = { reason: 'client-exited', unexplained: true, left: false }
const left = { reason: 'stopped', unexplained: false, left: true }
const explained = (reason: string) => ({ reason, unexplained: false, left: false })

test.each([
  ['SIGKILL', {}, crash],
  ['status 1', { exit: exit(1) }, crash],
  ['0 with somebody attached: the person left', { exit: exit(0), attached: 1 }, left],
  ['0 with nobody attached: a SIGINT from outside is 0 too', { exit: exit(0) }, crash],
  ['SIGKILL with somebody attached', { attached: 2 }, crash],
  ['SIGHUP with somebody attached', { exit: exit(129), attached: 1 }, crash],
  ['nothing recorded with somebody attached', { exit: null, attached: 1 }, crash],
  ['status unknown with somebody attached', { exit: exit(null), attached: 1 }, crash],
  ['0 of another run with somebody attached', { exit: exit(0, 'run-0'), attached: 1 }, crash],
  ['ended by the keeper', { orders: orders({ ended: 'plugin-exited' }) }, explained('plugin-exited')],
  ['an order about another run', { orders: orders({ run: 'run-0', ended: 'asked' }) }, crash],
  ['an order that ends nothing', { orders: orders() }, crash],
  ['not wanted any more', { wanted: wanted({ want: false }) }, explained('stopped')],
  [
    'not wanted, 0, attached',
    { wanted: wanted({ want: false }), exit: exit(0), attached: 1 },
    explained('stopped'),
  ],
  ['a new client was asked for', { wanted: wanted({ generation: 2 }) }, explained('asked')],
  [
    'asked for, 0, attached',
    { wanted: wanted({ generation: 2 }), exit: exit(0), attached: 1 },
    explained('asked'),
  ],
  ['another loop found it gone', { sameLoop: false }, explained('terminal-lost')],
  ['another loop, 0, attached', { sameLoop: false, exit: exit(0), attached: 1 }, explained('terminal-lost')],
  ['nothing wanted on record', { wanted: null }, crash],
])('%s', (_, change, outcome) => {
  expect(classifyExit({ ...facts, ...change })).toMatchObject({ run: 'run-1', downForMs: null, ...outcome })
})

test('it is dated by its record, and by now when there is none of this run', () => {
  expect(classifyExit(facts).at).toBe(noon - 2 * seconds)
  expect(classifyExit({ ...facts, exit: null }).at).toBe(noon)
  expect(classifyExit({ ...facts, exit: exit(137, 'run-0') })).toMatchObject({
    at: noon,
    code: null,
    signal: null,
  })
})

test('only a 0 of this very run, with somebody attached, is a person who left', () => {
  const status = fc.option(fc.integer({ min: 0, max: 255 }))
  const of = fc.constantFrom('run-0', 'run-1')
  fc.assert(
    fc.property(status, of, fc.nat(3), fc.boolean(), (code, which, attached, sameLoop) => {
      const end = classifyExit({ ...facts, exit: exit(code, which), attached, sameLoop })
      expect(end.left).toBe(code === 0 && which === 'run-1' && attached > 0 && sameLoop)
      expect(end.left && end.unexplained).toBe(false)
    }),
  )
})
