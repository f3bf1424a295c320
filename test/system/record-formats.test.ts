import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  checkHealth,
  checkKeeper,
  checkOrders,
  checkRun,
  checkWanted,
} from '../../src/system/record-formats.ts'

// One of every format ever released. A file here is never changed: a new format gets a file of its own.
const golden = join(import.meta.dirname, 'golden')
const load = (name: string): Record<string, unknown> => JSON.parse(readFileSync(join(golden, name), 'utf8'))

const checks: Readonly<Record<string, (value: unknown) => object | null>> = {
  wanted: checkWanted,
  orders: checkOrders,
  run: checkRun,
  health: checkHealth,
  keeper: checkKeeper,
}
const checkFor = (name: string) => checks[name.split('-')[0] ?? ''] ?? (() => null)

for (const name of readdirSync(golden)) {
  test(`${name} stays readable, word for word`, () => {
    // What was added to the format since has its empty value.
    expect(checkFor(name)(load(name))).toMatchObject(load(name))
  })

  test(`${name} is no other record`, () => {
    // Orders need no more than a run's name, which a run has.
    for (const [other, check] of Object.entries(checks))
      if (!name.startsWith(other) && other !== 'orders') expect(check(load(name)), other).toBeNull()
  })

  test(`${name} with keys of a later release reads without them`, () => {
    expect(checkFor(name)({ ...load(name), later: { release: true } })).toEqual(checkFor(name)(load(name)))
  })

  test(`${name} of a later format, or of none, is not read`, () => {
    for (const format of [2, 0, '1', null, undefined])
      expect(checkFor(name)({ ...load(name), format })).toBeNull()
  })

  test(`${name} with a field of another type is not read, and nothing throws`, () => {
    const key = fc.constantFrom(...Object.keys(load(name)))
    fc.assert(
      fc.property(key, fc.anything(), (field, value) => {
        const found = checkFor(name)({ ...load(name), [field]: value })
        // Either refused, or its fields are still of the golden file's types, or empty.
        for (const [each, original] of Object.entries(load(name))) {
          const read = (found as Record<string, unknown> | null)?.[each]
          if (found !== null && read !== null && original !== null) expect(typeof read).toBe(typeof original)
        }
      }),
    )
    fc.assert(fc.property(fc.anything(), (value) => void checkFor(name)(value)))
  })
}

test('what an older release did not write has its empty value', () => {
  const { when: _, ...wanted } = load('wanted-1.json')
  expect(checkWanted(wanted)?.when).toBe('now')
  expect(checkOrders({ format: 1, run: 'r' })).toEqual({
    format: 1,
    run: 'r',
    ended: null,
    hold: null,
    fresh: false,
  })
  expect(checkHealth({ format: 1, at: 5 })).toEqual({
    format: 1,
    at: 5,
    acknowledged: null,
    conversation: null,
    client: null,
    since: {},
    tries: {},
    platform: {},
    gaps: [],
    pollers: {},
    healed: [],
    parked: null,
    counted: { exits: 0, promises: 0, failures: 0 },
    worked: null,
    history: null,
    notified: null,
    outbox: null,
  })
})

test('what says something is never made up', () => {
  for (const field of ['want', 'generation', 'by', 'at'])
    expect(checkWanted({ ...load('wanted-1.json'), [field]: undefined }), field).toBeNull()
  for (const field of ['run', 'loop', 'protocol', 'generation', 'conversation', 'resumed', 'startedAt'])
    expect(checkRun({ ...load('run-1.json'), [field]: undefined }), field).toBeNull()
})

test('a time that no calendar has makes no record: reports say it as a date', () => {
  for (const at of [8.64e15 + 1, -1e300, 1e300]) {
    expect(checkWanted({ ...load('wanted-1.json'), at })).toBeNull()
    expect(checkRun({ ...load('run-1.json'), startedAt: at })).toBeNull()
    expect(checkHealth({ format: 1, at: 5, gaps: [{ from: at, to: null, reason: 'x' }] })).toBeNull()
  }
  expect(checkWanted({ ...load('wanted-1.json'), at: 8.64e15 })?.at).toBe(8.64e15)
})

test('a reason of a later release reads', () => {
  expect(checkOrders({ ...load('orders-1.json'), ended: 'new-reason' })?.ended).toBe('new-reason')
})

test('what a later release finds lacking reads as nothing, and the rest of the record as it is', () => {
  const seen = { at: 5, botId: '1', token: 'accepted', account: '@work' }
  const lacksOf = (lacks: unknown) => checkHealth({ format: 1, at: 5, platform: { a: { ...seen, lacks } } })
  expect(lacksOf('voice')?.platform.a).toMatchObject({ ...seen, lacks: null })
  expect(lacksOf('server')?.platform.a?.lacks).toBe('server')
  expect(lacksOf(undefined)?.platform.a?.lacks).toBeNull()
  expect(lacksOf(7)).toBeNull()
})

test('a notice of a later release, for which there are no words, is none; the rest reads', () => {
  const health = load('health-1-outbox.json')
  const { pending, failed } = checkHealth(health)?.outbox ?? {}
  const withNotice = (change: object) =>
    checkHealth({
      ...health,
      outbox: { failed, pending: { ...pending, notice: { ...pending?.notice, ...change } } },
    })?.outbox
  expect(withNotice({})?.pending).not.toBeNull()
  for (const change of [{ event: 'new-event' }, { reason: 'new-reason' }])
    expect(withNotice(change)).toEqual({ pending: null, failed })
})

test('what waits to be told, in a form that no release so far wrote, is none; the rest reads', () => {
  const health = load('health-1-outbox.json')
  const { outbox: known, ...rest } = checkHealth(health) ?? {}
  const { pending = null, failed = null } = known ?? {}
  const read = (outbox: unknown) => checkHealth({ ...health, outbox })
  for (const odd of [
    7,
    'x',
    [],
    { notice: null },
    { ...pending, notBefore: null },
    { ...failed, at: 'now' },
  ]) {
    expect(read({ pending: odd, failed })).toEqual({ ...rest, outbox: { pending: null, failed } })
    expect(read({ pending, failed: odd })).toEqual({ ...rest, outbox: { pending, failed: null } })
  }
  for (const odd of [7, 'x', []]) expect(read(odd)).toEqual({ ...rest, outbox: null })
})

test('what a release writes today reads word for word', () => {
  for (const name of [
    'wanted-1',
    'orders-1-held',
    'run-1-started-from',
    'health-1-unsure',
    'keeper-1-machine',
  ])
    expect(checkFor(name)(load(`${name}.json`)), name).toEqual(load(`${name}.json`))
})
