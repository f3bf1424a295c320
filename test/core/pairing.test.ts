import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Access, accessOf } from '../../src/core/access.ts'
import { findPending, isSenderId, readCode } from '../../src/core/pairing.ts'

const noon = 1_790_000_000_000
const hour = 3_600_000

test.each([
  ['a1b2c3', 'a1b2c3'],
  ['A1B2C3', 'a1b2c3'],
  [' a1b2c3\r\n', 'a1b2c3'],
  ['/telegram:access pair a1b2c3', 'a1b2c3'],
  ['  /Telegram:access  pair\tA1B2C3 ', 'a1b2c3'],
  ['channels pair a1b2c3', 'a1b2c3'],
  ['k3x9z', 'k3x9z'],
  ['', null],
  ['a1b2', null],
  ['a1b2c3d', null],
  ['a1b2c!', null],
  ['no thanks', null],
  ['a1b 2c3', null],
  ['/telegram:access pair', null],
  ['__proto__', null],
  ['constructor', null],
  ['../../x', null],
  ['ａ１ｂ２ｃ３', null],
])('typed %j', (typed, code) => expect(readCode(typed)).toBe(code))

test('what is taken for a code always has the form of one', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ maxLength: 6 })), (typed) => {
      expect(readCode(typed) ?? 'a1b2c3').toMatch(/^[a-z0-9]{5,6}$/)
    }),
  )
})

const entry = (change: object = {}) => ({
  senderId: '7',
  chatId: '7',
  createdAt: noon,
  expiresAt: noon + hour,
  replies: 1,
  ...change,
})
const withPending = (pending: object): Access => accessOf({ dmPolicy: 'pairing', pending })

test('the entry of the code, and of no other', () => {
  const access = withPending({ a1b2c3: entry(), d4e5f6: entry({ senderId: '8', chatId: '-8' }) })
  expect(findPending(access, 'd4e5f6', noon)).toEqual({
    is: 'found',
    pending: { code: 'd4e5f6', senderId: '8', chatId: '-8', createdAt: noon, expiresAt: noon + hour },
  })
  expect(findPending(access, 'a1b2c4', noon)).toEqual({ is: 'unknown' })
})

test.each([
  ['in its last moment', noon + hour - 1, 'found'],
  ['when its time is over', noon + hour, 'expired'],
  ['long after', noon + 9 * hour, 'expired'],
])('%s', (_, now, is) => expect(findPending(withPending({ a1b2c3: entry() }), 'a1b2c3', now).is).toBe(is))

test.each([
  ['no expiry', { expiresAt: undefined }],
  ['text', { expiresAt: String(noon + hour) }],
  ['null', { expiresAt: null }],
  ['infinite', { expiresAt: Number.POSITIVE_INFINITY }],
])('without a readable expiry it is expired: %s', (_, change) =>
  expect(findPending(withPending({ a1b2c3: entry(change) }), 'a1b2c3', noon).is).toBe('expired'),
)

test.each([
  ['../../x'],
  ['a/b'],
  [''],
  ['.'],
  ['-7'],
  ['7\n'],
  ['7\0'],
  ['７'],
  ['1'.repeat(21)],
  ['1e21'],
  ['00042'],
  ['0'],
])('a sender %j is never approved, also when the code is over', (senderId) => {
  const access = withPending({ a1b2c3: entry({ senderId }) })
  for (const now of [noon, noon + 2 * hour])
    expect(findPending(access, 'a1b2c3', now)).toEqual({ is: 'unsafe' })
})

test.each([
  ['1', true],
  ['42', true],
  ['9'.repeat(20), true],
  ['0', false],
  ['00042', false],
])('%s can be the id of a sender: %s', (id, can) => expect(isSenderId(id)).toBe(can))

test.each(['', '--7', '7-', '@name', '7 8', '1'.repeat(21), '0', '-07'])(
  'nor one with the chat %j',
  (chatId) =>
    expect(findPending(withPending({ a1b2c3: entry({ chatId }) }), 'a1b2c3', noon).is).toBe('unsafe'),
)

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length'])(
  'the code %s finds what stands under it, and nothing where nothing does',
  (code) => {
    const none = accessOf(JSON.parse('{"pending":{}}'))
    expect(findPending(none, code, noon)).toEqual({ is: 'unknown' })
    const one = accessOf(JSON.parse(`{"pending":{"${code}":${JSON.stringify(entry())}}}`))
    expect(findPending(one, code, noon).is).toBe('found')
    expect(findPending(one, 'a1b2c3', noon)).toEqual({ is: 'unknown' })
  },
)

test('a pending of the prototype is none', () => {
  const access = accessOf(JSON.parse(`{"__proto__":{"pending":{"a1b2c3":${JSON.stringify(entry())}}}}`))
  expect(access).toEqual({ policy: 'pairing', senders: [], pending: [] })
})

test('garbled entries are left out, the rest is there', () => {
  const pending = {
    a: null,
    b: 'text',
    c: [],
    d: {},
    e: { senderId: '7' },
    f: { senderId: {}, chatId: '7' },
    g: { senderId: 7, chatId: 7 },
    a1b2c3: entry({ createdAt: 'noon' }),
  }
  expect(withPending(pending).pending).toEqual([
    { code: 'g', senderId: '7', chatId: '7', createdAt: null, expiresAt: null },
    { code: 'a1b2c3', senderId: '7', chatId: '7', createdAt: null, expiresAt: noon + hour },
  ])
})

test('nobody is found without the very code, whatever the file holds', () => {
  const anything = fc.dictionary(fc.string(), fc.anything())
  fc.assert(
    fc.property(fc.record({ pending: fc.oneof(anything, fc.anything()) }), fc.string(), (fields, code) => {
      const found = findPending(accessOf(fields), code, noon)
      if (found.is !== 'unknown') expect(Object.hasOwn(fields.pending as object, code)).toBe(true)
      if (found.is === 'found') expect(found.pending.senderId).toMatch(/^\d{1,20}$/)
    }),
  )
})
