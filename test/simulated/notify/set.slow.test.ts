import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Home } from '../../sim/home.ts'
import { channels, openSession } from '../life/rig.ts'

// Who is told is told so where it is set, and it is seen whether that arrives; no client is needed for it.

let home: Home
beforeAll(async () => {
  home = await openSession()
})
afterAll(() => home?.close())

const set = (...pairs: readonly string[]) => home.channels(['set', 'work', ...pairs])
const told = (): readonly string[] =>
  home.bot.bot.sent().map(({ chatId, text }) => `${chatId} ${text.split('\n')[0]}`)

test('nobody is told unless that is asked for, and nobody who may not write', async () => {
  const shown = await channels(home, 'set')
  expect(shown.stdout).toMatch(/^notify\.to\nnotify\.command\nnotify\.quiet$/m)
  for (const [value, says] of [
    ['notify.to=77', /nobody of that id may write to @.*\n.*lists who may: 4242/],
    ['notify.to=ada', /digits only/],
    ['notify.to=discord:4242', /no bot called so/],
    ['notify.quiet=nights', /22:00-08:00/],
    ['notify.who=4242', /nothing called "notify\.who"/],
  ] as const) {
    const refused = await set(value)
    expect(refused, refused.stderr).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toMatch(says)
  }
  expect(told()).toEqual([])
})

test('what keeps a first message from its person is said, with what helps, until it arrives', async () => {
  const absent = await set('notify.to=4242')
  expect(absent, absent.stderr).toMatchObject({ code: 1, stdout: 'work is changed.\n' })
  expect(absent.stderr).toMatch(/did not get there: .*chat not found\. They have to write to the bot first/)
  home.bot.bot.push('hello bot')
  const description = 'Forbidden: bot was blocked by the user'
  const heal = home.bot.fail({ method: 'sendMessage', how: 'refuse', status: 403, description })
  expect((await set('notify.to=4242')).stderr).toContain('blocked by the user')
  heal()
  home.bot.fail({
    ...{ method: 'sendMessage', how: 'refuse', status: 429, times: 1 },
    ...{ description: 'Too Many Requests: retry after 7', retryAfter: 7 },
  })
  const later = await set('notify.to=4242')
  expect(later).toMatchObject({ code: 1 })
  expect(later.stderr).toMatch(/Wait 7 s\. `channels set work notify\.to=telegram:4242` then tries again\./)
  const arrived = await set('notify.to=telegram:4242')
  expect(arrived, arrived.stderr).toMatchObject({ code: 0 })
  expect(arrived.stdout).toContain('A first message went to telegram:4242: look whether it is there.')
  expect(told()).toEqual([
    '4242 This is how I tell you when work is blocked, gave up, was down for more than a minute or waits for an answer, and when it is back.',
  ])
  expect(home.bot.requests().filter(({ method }) => method === 'getUpdates')).toEqual([])
})

test('a command is kept as it was typed, and not run by that; all of it is shown, and ends again', async () => {
  const command = 'cat >"$(touch x)"; echo `id`'
  expect(await set(`notify.command=${command}`, 'notify.quiet=22:00-8:00')).toMatchObject({ code: 0 })
  const { stdout } = await channels(home, 'set')
  expect(stdout).toContain(`notify.command                ${command}\n`)
  expect(stdout).toMatch(/^notify\.quiet +22:00-08:00$/m)
  expect(stdout).toMatch(/^notify\.to +telegram:4242$/m)
  expect(existsSync(join(home.project, 'x'))).toBe(false)
  const sent = told().length
  expect(await set('notify.to=', 'notify.command=', 'notify.quiet=')).toMatchObject({ code: 0 })
  expect(told()).toHaveLength(sent)
})
