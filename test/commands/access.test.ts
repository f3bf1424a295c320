import { expect, test } from 'vitest'
import { access } from '../../src/commands/access.ts'
import { entry, openBot } from './bot.ts'

const waiting = {
  dmPolicy: 'pairing',
  allowFrom: ['7'],
  pending: { a1b2c3: entry('71'), d4e5f6: entry('72'), aaaaaa: entry('../../x'), 123456: entry('73') },
}
const deny = (value: string, before: object = waiting) => {
  const { bot, deps, printed } = openBot({ ...before })
  return { bot, printed, done: access('work', { action: 'deny', value, channel: null, json: false }, deps) }
}

test.each([
  ['D4E5F6', 'd4e5f6', 'Denied: that code lets nobody in any more.'],
  ['72', 'd4e5f6', 'Denied: the code that 72 was given lets nobody in any more.'],
  ['../../x', 'aaaaaa', 'Denied: the code that ../../x was given lets nobody in any more.'],
  ['123456', '123456', 'Denied: that code lets nobody in any more.'],
])('deny takes a code, or the id that is shown: %s', async (value, code, says) => {
  const { bot, printed, done } = deny(value)
  expect(await done).toBe(0)
  const left = Object.entries(waiting.pending).filter(([each]) => each !== code)
  expect(bot.access).toEqual({ ...waiting, pending: Object.fromEntries(left) })
  expect(printed).toEqual([says])
})

test.each(['7', '720', 'abcdef', '', '__proto__'])('nobody waits as %j', async (value) => {
  const { bot, done } = deny(value)
  await expect(done).rejects.toMatchObject({ status: 1, message: 'Nobody waits with this code or id.' })
  expect(bot.access).toEqual(waiting)
})

test('the list names the command that takes an id', async () => {
  const { deps, printed } = openBot(waiting)
  await access('work', { action: 'list', value: null, channel: null, json: false }, deps)
  expect(printed).toContain('  waits: "Ada" (id 72, asked 5s ago)')
  expect(printed.at(-1)).toContain('`channels access work deny <id>`')
  expect(printed.join('\n')).not.toContain('d4e5f6')
})
