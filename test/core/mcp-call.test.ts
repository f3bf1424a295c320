import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expandCall, isCalled, type McpCall, tellingWords } from '../../src/core/mcp-call.ts'

const call = (command: string, ...args: readonly string[]): McpCall => ({ command, args, env: {} })
const variable = (name: string, otherwise = '') => `\${${name}${otherwise}}`

// Seen by others on 2.1.278: both forms everywhere, `$NAME` nowhere, and one that is not set as it stands.
test.each([
  [variable('HOME'), '/home/me'],
  [`${variable('HOME')}/a/${variable('ROOM')}`, '/home/me/a/7'],
  [variable('ROOM', ':-8'), '7'],
  [variable('NONE', ':-8'), '8'],
  [variable('NONE', ':-'), ''],
  [variable('NONE'), variable('NONE')],
  [variable('EMPTY', ':-8'), ''],
  ['$HOME', '$HOME'],
  [variable('toString'), variable('toString')],
  [variable('1'), variable('1')],
  [variable(''), variable('')],
  ['plain', 'plain'],
])('%s is %s', (written, meant) => {
  const variables = { HOME: '/home/me', ROOM: '7', EMPTY: '' }
  expect(expandCall({ command: written, args: ['x', written], env: { A: written } }, variables)).toEqual({
    command: meant,
    args: ['x', meant],
    env: { A: meant },
  })
})

test.each<[line: string, call: McpCall, is: boolean]>([
  ['node s.mjs', call('node', 's.mjs'), true],
  ['/usr/bin/node s.mjs', call('node', 's.mjs'), true],
  ['node s.mjs', call('/opt/bin/node', 's.mjs'), true],
  ['node --flag ./s a', call('./s', 'a'), true],
  ['./s', call('./s'), true],
  ['node s.mjs more', call('node', 's.mjs'), false],
  ['node', call('node', 's.mjs'), false],
  ['node t.mjs', call('node', 's.mjs'), false],
  ['mynode s.mjs', call('node', 's.mjs'), false],
  // What only names it is not it.
  ['vim pager.py', call('pager'), false],
  ['pager --x', call('pager'), false],
  ['npm exec pager', call('npx', 'pager'), false],
  ['', call('node'), false],
  ['node', call(''), false],
])('whether %j is called as %j: %s', (line, written, is) => {
  expect(isCalled(line.split(' '), written)).toBe(is)
  // `ps` cuts at every space.
  expect(isCalled([line], written)).toBe(is)
})

test('whatever it is called with, it is known by that, behind an interpreter too', () => {
  const word = fc.string({ minLength: 1 }).filter((text) => !text.includes('/'))
  fc.assert(
    fc.property(word, fc.array(fc.string()), (name, args) => {
      const written = call(`/opt/${name}`, ...args)
      expect(isCalled([name, ...args], written)).toBe(true)
      expect(isCalled(['/usr/bin/env', `/opt/${name}`, ...args], written)).toBe(true)
    }),
  )
})

test('words that tell it from others are long enough, no options, and nobody else’s', () => {
  const own = call('npx', '-y', '@me/pager', 'stdio', '8')
  expect(tellingWords(own, [])).toEqual(['@me/pager', 'stdio'])
  expect(tellingWords(own, [call('npx', '@hub/mcp', 'stdio')])).toEqual(['@me/pager'])
})
