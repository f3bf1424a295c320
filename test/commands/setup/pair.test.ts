import { expect, test } from 'vitest'
import { pairSender } from '../../../src/commands/setup/pair.ts'
import { emptySettings, type Settings } from '../../../src/core/settings.ts'
import type { Ask } from '../../../src/deps.ts'
import { cancelled } from '../../../src/errors.ts'
import { session, withoutClient } from '../../core/evidence-builder.ts'
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

test('removed with what the bot keeps while it asks: nothing of it comes into being again', async () => {
  const { bot, deps } = openBot(waiting('allowlist'))
  const text: Ask['text'] = async () => {
    bot.access = {}
    throw cancelled('')
  }
  await expect(pairSender(session, atDesk([], { text }).ask, deps)).rejects.toMatchObject({ status: 130 })
  expect(bot.access).toEqual({})
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

/** At the desk, with what somebody else does before each line that is typed; then Ctrl-C. */
const atDeskWhile = (turns: readonly (readonly [typed: string, meanwhile: () => void])[]) => {
  const left = [...turns]
  const text: Ask['text'] = async () => {
    const turn = left.shift()
    if (turn === undefined) throw cancelled('')
    turn[1]()
    return turn[0]
  }
  return atDesk([], { text })
}
const closed =
  '! Something else closed the bot meanwhile, another `channels pair` perhaps: it gave out no codes.'
const open = 'It is open again. Write to @work_bot once more.'
const nothing = () => undefined

test.each(['allowlist', 'pairing'])(
  'closed by something else, %s before: said, and opened again',
  async (policy) => {
    const { bot, deps } = openBot({ dmPolicy: policy, allowFrom: ['7'], pending: {} })
    const { ask, said } = atDeskWhile([
      ['', () => bot.change({ do: 'policy', policy: 'allowlist' })],
      ['', () => expect(bot.access.dmPolicy).toBe('pairing')],
    ])
    await expect(pairSender(session, ask, deps)).rejects.toMatchObject({ status: 130 })
    expect(said.slice(2, -1)).toEqual([closed, open])
    expect(said.at(-1)).toContain("Nobody's message has arrived yet")
    expect(bot.access.dmPolicy).toBe('allowlist')
  },
)

test('also where a code is not known by then', async () => {
  const { bot, deps } = openBot({ dmPolicy: 'allowlist', allowFrom: ['7'], pending: {} })
  const { ask, said } = atDeskWhile([
    ['a1b2c3', () => bot.change({ do: 'policy', policy: 'allowlist' })],
    ['', () => expect(bot.access.dmPolicy).toBe('pairing')],
  ])
  await expect(pairSender(session, ask, deps)).rejects.toMatchObject({ status: 130 })
  expect(said.slice(-3, -1)).toEqual([closed, open])
})

test('somebody let in from elsewhere: it ends, and says who', async () => {
  const { bot, deps } = openBot(waiting('allowlist'))
  const { ask, said } = atDeskWhile([
    ['', () => bot.change({ do: 'approve', senderId: '71', policy: 'allowlist' })],
  ])
  await pairSender(session, ask, deps)
  expect(said.slice(2)).toEqual([
    '+ "Ada" (id 71) was let in from elsewhere meanwhile.',
    '`channels pair work` lets in somebody else.',
  ])
  expect(bot.access).toEqual({ dmPolicy: 'allowlist', allowFrom: ['7', '71'], pending: {} })
})

test('disabled by somebody else: it ends, and that stays', async () => {
  const { bot, deps } = openBot(waiting('allowlist'))
  const { ask } = atDeskWhile([['', () => disable(bot)]])
  await expect(pairSender(session, ask, deps)).rejects.toMatchObject({
    status: 1,
    message: expect.stringContaining('its policy is disabled'),
  })
  expect(bot.access).toEqual(waiting('disabled'))
})

/** A bot whose session can be removed, which leaves its access list. */
const openRemovable = () => {
  const { bot, deps } = openBot(waiting('allowlist'))
  let settings: Settings = deps.settings.read()
  const remove = () => {
    settings = emptySettings
  }
  return { bot, deps: { ...deps, settings: { ...deps.settings, read: () => settings } }, remove }
}
const removed = { status: 3, message: 'Nobody was let in: `work` was removed meanwhile.' }

test.each(['', 'a1b2c3'])('the session was removed, and %j typed: 3, nobody is let in', async (typed) => {
  const { bot, deps, remove } = openRemovable()
  const { ask } = atDeskWhile([[typed, remove]])
  await expect(pairSender(session, ask, deps)).rejects.toMatchObject(removed)
  expect(bot.access).toEqual(waiting('allowlist'))
})

test('or while it is asked whether to let them in', async () => {
  const { bot, deps, remove } = openRemovable()
  const confirm: Ask['confirm'] = async () => {
    remove()
    return true
  }
  const { ask } = atDesk(['a1b2c3'], { confirm })
  await expect(pairSender(session, ask, deps)).rejects.toMatchObject(removed)
  expect(bot.access).toEqual(waiting('allowlist'))
})

test('stopped meanwhile: said, with what starts it', async () => {
  const { deps } = openBot(waiting('allowlist'))
  const { ask, said } = atDeskWhile([['', nothing]])
  const own = { ...deps, observe: async () => withoutClient({ wanted: null }) }
  await expect(pairSender(session, ask, own)).rejects.toMatchObject({ status: 130 })
  expect(said.at(-1)).toBe('work is stopped; `channels up work` starts it.')
})
