import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accessOf } from '../../src/core/access.ts'
import { type AccessChange, applyAccessChange } from '../../src/core/access-change.ts'

const entry = (senderId: string) => ({ senderId, chatId: senderId, createdAt: 1, expiresAt: 2, replies: 1 })
const before = {
  future: [1],
  dmPolicy: 'pairing',
  allowFrom: ['1', 2, null],
  groups: { '-5': { requireMention: true } },
  pending: {
    aaaaa1: entry('7'),
    aaaaa2: entry('8'),
    aaaaa3: entry('7'),
    aaaaa4: 'garbled',
    aaaaa5: entry('9'),
  },
  ackReaction: '👀',
}
const { aaaaa2, aaaaa4, aaaaa5 } = before.pending

test.each<readonly [string, AccessChange, object]>([
  ['allow', { do: 'allow', ids: ['42', '1'] }, { allowFrom: ['1', '2', null, '42'] }],
  ['remove', { do: 'remove', id: '1' }, { allowFrom: [2, null] }],
  ['remove one written as a number', { do: 'remove', id: '2' }, { allowFrom: ['1', null] }],
  ['remove who is not there', { do: 'remove', id: '3' }, {}],
  ['policy', { do: 'policy', policy: 'disabled' }, { dmPolicy: 'disabled' }],
  ['lock', { do: 'lock' }, { dmPolicy: 'allowlist' }],
  ['deny', { do: 'deny', code: 'aaaaa1' }, { pending: { aaaaa2, aaaaa3: entry('7'), aaaaa4, aaaaa5 } }],
  [
    'deny a sender: all their codes go',
    { do: 'deny', senderId: '7' },
    { pending: { aaaaa2, aaaaa4, aaaaa5 } },
  ],
  ['deny a sender who is not there', { do: 'deny', senderId: 'constructor' }, {}],
  ['deny what is not there', { do: 'deny', code: '__proto__' }, {}],
  [
    'approve: all codes of the sender go, those of others stay',
    { do: 'approve', senderId: '7', policy: null },
    { allowFrom: ['1', '2', null, '7'], pending: { aaaaa2, aaaaa4, aaaaa5 } },
  ],
  [
    'approve and close',
    { do: 'approve', senderId: '8', policy: 'allowlist' },
    {
      dmPolicy: 'allowlist',
      allowFrom: ['1', '2', null, '8'],
      pending: { aaaaa1: entry('7'), aaaaa3: entry('7'), aaaaa4, aaaaa5 },
    },
  ],
])('%s', (_, change, after) => {
  const changed = applyAccessChange(before, change)
  expect(changed).toEqual({ ...before, ...after })
  expect(Object.keys(changed)).toEqual(Object.keys(before))
})

test('where fields are missing or strange, only what is asked for comes into being', () => {
  expect(applyAccessChange({}, { do: 'deny', code: 'a1b2c3' })).toEqual({})
  expect(applyAccessChange({}, { do: 'remove', id: '1' })).toEqual({})
  for (const fields of [{}, { dmPolicy: 'disabled' }, { dmPolicy: 'later' }])
    expect(applyAccessChange(fields, { do: 'lock' })).toEqual(fields)
  expect(applyAccessChange({ pending: [] }, { do: 'deny', code: 'a1b2c3' })).toEqual({ pending: [] })
  expect(applyAccessChange({ allowFrom: 'all' }, { do: 'approve', senderId: '7', policy: null })).toEqual({
    allowFrom: ['7'],
  })
})

const id = fc.constantFrom('7', '8', '9')
const code = fc.constantFrom('aaaaa1', 'aaaaa2', '__proto__', 'constructor')
const change: fc.Arbitrary<AccessChange> = fc.oneof(
  fc.record({ do: fc.constant('allow' as const), ids: fc.array(id) }),
  fc.record({ do: fc.constant('remove' as const), id }),
  fc.record({
    do: fc.constant('policy' as const),
    policy: fc.constantFrom('pairing', 'allowlist', 'disabled'),
  }),
  fc.record({ do: fc.constant('deny' as const), code }),
  fc.record({
    do: fc.constant('approve' as const),
    senderId: id,
    policy: fc.constantFrom('allowlist' as const, null),
  }),
)
const fields = fc
  .record(
    {
      dmPolicy: fc.oneof(fc.constant('pairing'), fc.jsonValue()),
      allowFrom: fc.oneof(fc.array(fc.oneof(id, fc.integer(), fc.constant(null))), fc.jsonValue()),
      pending: fc.oneof(fc.dictionary(code, fc.oneof(id.map(entry), fc.jsonValue())), fc.jsonValue()),
      other: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  .map((value): Readonly<Record<string, unknown>> => JSON.parse(JSON.stringify(value)))

test('a change made again changes nothing; what it does not name stays', () => {
  fc.assert(
    fc.property(fields, change, (file, asked) => {
      const once = applyAccessChange(file, asked)
      expect(JSON.stringify(applyAccessChange(once, asked))).toBe(JSON.stringify(once))
      expect(once.other).toEqual(file.other)
      const [was, is] = [accessOf(file), accessOf(once)]
      if (asked.do !== 'policy' && asked.do !== 'approve') expect(once.dmPolicy).toEqual(file.dmPolicy)
      if (asked.do === 'deny' || asked.do === 'policy') expect(is.senders).toEqual(was.senders)
      if (asked.do === 'approve')
        expect(is.pending).toEqual(was.pending.filter(({ senderId }) => senderId !== asked.senderId))
    }),
  )
})
