import { expect, test } from 'vitest'
import { pairSender } from '../../../src/commands/setup/pair.ts'
import type { Ask } from '../../../src/deps.ts'
import { cancelled } from '../../../src/errors.ts'
import { session } from '../../core/evidence-builder.ts'
import { atDesk, type Bot, entry, openBot } from '../bot.ts'

const waiting = (dmPolicy: string) => ({ dmPolicy, allowFrom: ['7'], pending: { a1b2c3: entry('71') } })
const disable = (bot: Bot) => bot.change({ do: 'policy', policy: 'disabled' })
const locked = '+ Locked: nobody else can ask to be let in.'
const isIn = '+ "Ada" (id 71, asked 5s ago) may write to @work_bot.'

test('a disabled bot is not opened: refused, with the command that opens it', async () => {
  const { bot, deps } = openBot(waiting('disabled'))
  const { ask, said } = atDesk(['a1b2c3'])
  await expect(pairSender(session, ask, deps)).rejects.toMatchObject({
    status: 1,
    message: expect.stringContaining('its policy is disabled'),
    hint: expect.stringContaining('`channels access work policy allowlist`'),
  })
  expect(bot.access).toEqual(waiting('disabled'))
  expect(said).toEqual([])
})

test.each(['allowlist', 'pairing'])('open while it asks, locked once they are in: %s', async (policy) => {
  const { bot, deps } = openBot(waiting(policy), () => expect(bot.access.dmPolicy).toBe('pairing'))
  const { ask, said } = atDesk(['a1b2c3'])
  await pairSender(session, ask, deps)
  expect(bot.access).toEqual({ dmPolicy: 'allowlist', allowFrom: ['7', '71'], pending: {} })
  expect(said.slice(-2)).toEqual([isIn, locked])
})

test.each(['allowlist', 'pairing', 'later'])('cancelled: the policy is %s as before', async (policy) => {
  const { bot, deps } = openBot(waiting(policy))
  await expect(pairSender(session, atDesk([]).ask, deps)).rejects.toMatchObject({ status: 130 })
  expect(bot.access).toEqual(waiting(policy))
})

test('disabled by somebody else while it asks: that stays, and is said', async () => {
  const { bot, deps } = openBot(waiting('allowlist'), disable)
  const { ask, said } = atDesk(['a1b2c3'])
  await pairSender(session, ask, deps)
  expect(bot.access).toEqual({ dmPolicy: 'disabled', allowFrom: ['7', '71'], pending: {} })
  expect(said.slice(-2)).toEqual([
    isIn,
    '! But its policy is disabled: nobody is heard until `channels access work policy allowlist`.',
  ])
})

test('and when it is cancelled then', async () => {
  const { bot, deps } = openBot(waiting('allowlist'))
  const text: Ask['text'] = async () => {
    disable(bot)
    throw cancelled('')
  }
  await expect(pairSender(session, atDesk([], { text }).ask, deps)).rejects.toMatchObject({ status: 130 })
  expect(bot.access).toEqual(waiting('disabled'))
})

test('Ctrl-C too late to keep them out: said that they are in, and noted', async () => {
  const { bot, deps, journal } = openBot(waiting('allowlist'))
  const wait: Ask['wait'] = async (what, action) => {
    const done = await action(new AbortController().signal, () => undefined)
    if (what === 'Writing the access list') throw cancelled('')
    return done
  }
  const { ask, said } = atDesk(['a1b2c3'], { wait })
  await expect(pairSender(session, ask, deps)).rejects.toMatchObject({ status: 130 })
  expect(bot.access).toEqual({ dmPolicy: 'allowlist', allowFrom: ['7', '71'], pending: {} })
  expect(said.slice(-2)).toEqual([isIn, locked])
  expect(journal).toEqual([{ type: 'asked', what: 'pair', by: 'command' }])
})
