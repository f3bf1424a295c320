import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressOf, isPort, portOf, portVariable } from '../../src/core/port.ts'

const of = (port: string | undefined, kind: Parameters<typeof portOf>[1]['kind'] = 'fakechat') =>
  portOf({ environment: port === undefined ? {} : { [portVariable]: port } }, { kind })

test('only fakechat listens, where its variable says, else at 8787', () => {
  expect(of('9001')).toBe(9001)
  for (const none of [undefined, '', '0', '65536', '-1', '9001.5', 'x', 'NaN', 'Infinity'])
    expect(of(none)).toBe(8787)
  for (const kind of ['telegram', 'discord', 'imessage', 'custom'] as const)
    expect(of('9001', kind)).toBeNull()
})

test('a port is a whole number from 1 to 65535', () => {
  for (const port of [1, 80, 65_535]) expect(isPort(port)).toBe(true)
  for (const none of [0, -1, 65_536, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
    expect(isPort(none)).toBe(false)
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(isPort(of(text) ?? 0)).toBe(true)
    }),
  )
})

test('where a person finds it', () => expect(addressOf(8790)).toBe('http://localhost:8790'))
