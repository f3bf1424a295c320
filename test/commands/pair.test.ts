import { expect, test } from 'vitest'
import { pair } from '../../src/commands/pair.ts'
import { type AccessFields, accessOf, type Pending } from '../../src/core/access.ts'
import { unknown, yes } from '../../src/core/answer.ts'
import type { Channel } from '../../src/core/channel.ts'
import { emptySettings } from '../../src/core/settings.ts'
import type { Deps } from '../../src/deps.ts'
import { withoutClient, session as work } from '../core/evidence-builder.ts'
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
  expect(await pair('work', 'a1b2c3', null, deps)).toBe(0)
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
  await expect(pair('work', 'a1b2c3', null, deps)).rejects.toMatchObject({
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
  await expect(pair('work', 'a1b2c3', null, deps)).rejects.toMatchObject({ status: 1 })
  expect(bot.access.allowFrom).toEqual(['7'])
})

test('the policy is told as it is by then', async () => {
  const { deps, printed } = openBot(waiting('pairing'), ({ change }) =>
    change({ do: 'policy', policy: 'disabled' }),
  )
  await pair('work', 'a1b2c3', null, deps)
  expect(printed.at(-1)).toContain('its policy is disabled')
})

test('a code alone where there are several sessions: which one is asked, with the command', async () => {
  const { bot, deps } = openBot(waiting('pairing'))
  const sessions = { work, home: { ...work, name: 'home' } }
  const both = { ...deps, settings: { ...deps.settings, read: () => ({ ...emptySettings, sessions }) } }
  await expect(pair('A1B2C3', undefined, null, both)).rejects.toMatchObject({
    status: 2,
    message: 'There are several sessions; name the one whose bot answered with A1B2C3.',
    hint: '`channels pair <session> A1B2C3`, where the session is work or home.',
  })
  // Another word is more likely a name with a slip in it.
  await expect(pair('homes', undefined, null, both)).rejects.toMatchObject({ status: 3 })
  expect(bot.access.allowFrom).toEqual(['7'])
})

const twoBots = (lists: Readonly<Record<string, AccessFields>>) => {
  const { deps, printed } = openBot({})
  const [telegram] = work.channels
  if (telegram === undefined) throw new Error('the session has no channel')
  const discord: Channel = {
    ...telegram,
    ...{ id: 'plugin:discord@m', kind: 'discord', stateDir: '/discord', account: '@other_bot' },
  }
  // A chat between them, with no list at all.
  const chat: Channel = { ...telegram, id: 'plugin:fakechat@m', kind: 'fakechat', stateDir: '/chat' }
  const both = { ...work, channels: [telegram, chat, discord] }
  const approved: string[] = []
  const listOf = (stateDir: string) => (stateDir === '/discord' ? lists.discord : lists.telegram)
  const more = {
    settings: { ...deps.settings, read: () => ({ ...emptySettings, sessions: { work: both } }) },
    requestWith: () => async () => ({ status: 200, body: '{"ok":true,"result":{},"global_name":"Bob"}' }),
    channels: { ...deps.channels, readAccess: (stateDir: string) => yes(accessOf(listOf(stateDir) ?? {})) },
    approve: async (stateDir: string, { senderId }: Pending) =>
      void approved.push(`${senderId} in ${stateDir}`),
  }
  return { approved, printed, deps: { ...deps, ...more } as unknown as Deps, telegram }
}

test('a code of the second bot is approved in its own list, unsaid which bot it is of', async () => {
  const { approved, printed, deps } = twoBots({
    telegram: { dmPolicy: 'pairing', allowFrom: [], pending: { aaaaaa: entry('7') } },
    discord: { dmPolicy: 'pairing', allowFrom: [], pending: { a1b2c3: entry('71') } },
  })
  expect(await pair('work', 'A1B2C3', null, deps)).toBe(0)
  expect(approved).toEqual(['71 in /discord'])
  expect(printed[0]).toMatch(/^"Bob" \(id 71, .*\) may write to @other_bot now\.$/)
})

test('said which bot, no other list is looked in', async () => {
  const { approved, deps, telegram } = twoBots({
    telegram: waiting('pairing'),
    discord: { dmPolicy: 'pairing', allowFrom: [], pending: { a1b2c3: entry('8') } },
  })
  await pair('work', 'a1b2c3', 'discord', deps)
  await pair('work', 'a1b2c3', telegram.id, deps)
  expect(approved).toEqual(['8 in /discord', `71 in ${telegram.stateDir}`])
  await expect(pair('work', 'a1b2c3', 'fakechat', deps)).rejects.toMatchObject({
    status: 2,
    hint: 'Say which: --channel telegram or --channel discord.',
  })
})

test('a code that neither gave out', async () => {
  const { approved, deps } = twoBots({ telegram: waiting('pairing'), discord: {} })
  await expect(pair('work', 'ffffff', null, deps)).rejects.toMatchObject({
    status: 1,
    message: 'Nobody was given this code, or it was used already.',
  })
  expect(approved).toEqual([])
})

test('without a code and without saying which bot: which one is asked', async () => {
  const { deps } = twoBots({ telegram: waiting('pairing'), discord: {} })
  await expect(pair('work', undefined, null, deps)).rejects.toMatchObject({
    status: 2,
    message: '`work` has several channels: telegram and discord.',
  })
})

test('a list that can not be read is said to be that', async () => {
  const { deps } = openBot({})
  const channels = { ...deps.channels, readAccess: () => unknown('the access.json is broken') }
  await expect(pair('work', 'a1b2c3', null, { ...deps, channels })).rejects.toMatchObject({ status: 78 })
})

const opening = 'first `channels access work policy pairing`. Write to the bot'

test.each([
  ['pairing', /^Write to the bot, then `channels pair work <code>`\.$/, /^Type the code .*; a new message/],
  ['allowlist', new RegExp(`${opening}, then .channels pair work <code>`), new RegExp(`${opening} again`)],
  ['disabled', new RegExp(`${opening}, then .channels pair work <code>`), new RegExp(`${opening} again`)],
])('what helps where the policy is %s', async (policy, withoutCode, withAnother) => {
  const { deps } = openBot(waiting(policy))
  const noTerminal = { ...deps, output: { ...deps.output, interactive: () => false } }
  await expect(pair('work', undefined, null, noTerminal)).rejects.toMatchObject({
    status: 2,
    message: 'Which code did the bot answer with?',
    hint: expect.stringMatching(withoutCode),
  })
  await expect(pair('work', 'aaaaaa', null, deps)).rejects.toMatchObject({
    status: 1,
    message: 'Nobody was given this code, or it was used already.',
    hint: expect.stringMatching(withAnother),
  })
})

test('and where the session is stopped', async () => {
  const { deps } = openBot(waiting('allowlist'))
  const observe = async () => withoutClient({ wanted: null })
  await expect(pair('work', 'aaaaaa', null, { ...deps, observe })).rejects.toMatchObject({
    hint: expect.stringContaining('first `channels up work`, then `channels access work policy pairing`.'),
  })
})

test('a code that is over: a new one only where the bot gives it out', async () => {
  const old = { a1b2c3: { ...entry('71'), expiresAt: 1 } }
  for (const [dmPolicy, hint] of [
    ['pairing', /^Write to the bot again/],
    ['allowlist', new RegExp(opening)],
  ]) {
    const { deps } = openBot({ dmPolicy, allowFrom: [], pending: old })
    await expect(pair('work', 'a1b2c3', null, deps)).rejects.toMatchObject({
      message: expect.stringContaining('too old'),
      hint: expect.stringMatching(hint ?? ''),
    })
  }
})

test('the command that takes an unsafe entry out works as it is printed', async () => {
  const { deps } = openBot({ ...waiting('allowlist'), pending: { a1b2c3: entry('../../x') } })
  await expect(pair('work', 'A1B2C3', null, deps)).rejects.toMatchObject({
    hint: 'Nobody is let in by it. `channels access work deny a1b2c3` takes it out.',
  })
})
