import { expect, test } from 'vitest'
import { pair } from '../../src/commands/pair.ts'
import { unknown } from '../../src/core/answer.ts'
import { entry, openBot } from './bot.ts'

const waiting = (dmPolicy: string) => ({ dmPolicy, allowFrom: ['7'], pending: { a1b2c3: entry('71') } })

test.each([
  ['allowlist', []],
  [
    'disabled',
    ['  But its policy is disabled: nobody is heard until `channels access work policy allowlist`.'],
  ],
  ['pairing', ['  Others can still ask to be let in; `channels access work policy allowlist` ends that.']],
])('the policy stays, and is told: %s', async (policy, told) => {
  const { bot, deps, printed } = openBot(waiting(policy))
  expect(await pair('work', 'a1b2c3', deps)).toBe(0)
  expect(bot.access).toEqual({ dmPolicy: policy, allowFrom: ['7', '71'], pending: {} })
  expect(printed).toEqual([
    '"Ada" (id 71, asked 5s ago) may write to @work_bot now.',
    '  `channels access work remove 71` takes that back.',
    ...told,
  ])
})

test('denied while Telegram is asked who it is: not let in', async () => {
  const { bot, deps, printed, journal } = openBot(waiting('pairing'), ({ change }) =>
    change({ do: 'deny', code: 'a1b2c3' }),
  )
  await expect(pair('work', 'a1b2c3', deps)).rejects.toMatchObject({
    status: 1,
    message: expect.stringContaining('Nobody was given this code'),
  })
  expect(bot.access).toEqual({ dmPolicy: 'pairing', allowFrom: ['7'], pending: {} })
  expect([printed, journal]).toEqual([[], []])
})

test('or the code given to somebody else: neither is let in', async () => {
  const { bot, deps } = openBot(waiting('pairing'), (bot) => {
    bot.access = { ...bot.access, pending: { a1b2c3: entry('666') } }
  })
  await expect(pair('work', 'a1b2c3', deps)).rejects.toMatchObject({ status: 1 })
  expect(bot.access.allowFrom).toEqual(['7'])
})

test('the policy is told as it is by then', async () => {
  const { deps, printed } = openBot(waiting('pairing'), ({ change }) =>
    change({ do: 'policy', policy: 'disabled' }),
  )
  await pair('work', 'a1b2c3', deps)
  expect(printed.at(-1)).toContain('its policy is disabled')
})

test('a list that can not be read is said to be that', async () => {
  const { deps } = openBot({})
  const channels = { ...deps.channels, readAccess: () => unknown('the access.json is broken') }
  await expect(pair('work', 'a1b2c3', { ...deps, channels })).rejects.toMatchObject({ status: 78 })
})
