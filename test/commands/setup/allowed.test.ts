import { expect, test } from 'vitest'
import { messengerOf } from '../../../src/channels/messenger.ts'
import { awaitAllowed, awaitKnownAllowed, notAllowed } from '../../../src/commands/setup/allowed.ts'
import { unknown, yes } from '../../../src/core/answer.ts'
import type { Platform } from '../../../src/core/records.ts'
import type { Ask, Deps, Messenger } from '../../../src/deps.ts'
import { platform } from '../../core/evidence-builder.ts'
import { refusalOf } from './asked.ts'

const discord = messengerOf('discord')
if (discord === null) throw new Error('no Discord')
const token = 'TOKEN'
type Lack = NonNullable<Platform['lacks']>

/** A bot of which Discord says these things, one after the other, the last one on and on. */
const wait = (
  lacking: Lack | null,
  says: readonly Partial<Platform>[],
  application: string | null = '99',
  cancelAt = 50,
) => {
  const said: string[] = []
  const tell = (sign: string) => (text: string) => void said.push(`${sign}${text}`)
  const cancel = new AbortController()
  let [asked, slept] = [0, 0]
  const messenger: Messenger = {
    ...discord,
    probe: async () => {
      const answer = says[Math.min(asked, says.length - 1)] ?? {}
      asked += 1
      return { ...platform(), ...answer }
    },
  }
  const ask = {
    ...{ say: tell(''), done: tell('+ '), warn: tell('! '), link: tell('-> ') },
    wait: (what: string, action: (signal: AbortSignal, tell: (next: string) => void) => unknown) => {
      said.push(`… ${what}`)
      return action(cancel.signal, tell('… '))
    },
  } as unknown as Ask
  const deps = {
    env: {},
    requestWith: () => async () => ({ status: 500, body: '' }),
    clock: {
      now: () => 5,
      sleep: async (ms: number) => {
        slept += ms
        if (slept >= cancelAt * 3_000) cancel.abort()
      },
    },
    channels: {
      readApplication: async () => (application === null ? unknown('-') : yes({ id: application })),
      inviteLink: (id: string) => `invite ${id}`,
      permissionNames: ['Send Messages', 'Add Reactions'],
    },
  } as unknown as Deps
  const known = {
    ...deps,
    channels: { ...deps.channels, messengerOf: () => messenger, readToken: () => yes(token) },
  } as Deps
  const place = { messenger } as Parameters<typeof awaitAllowed>[2]
  return { said, deps, known, ask, count: () => asked, done: awaitAllowed(lacking, token, place, ask, deps) }
}

test('a bot that lacks nothing is not waited for', async () => {
  const { said, count, done } = wait(null, [])
  await done
  expect([said, count()]).toEqual([[], 0])
})

test('the intent, then a server: each with its page, until Discord says otherwise', async () => {
  const intent = { lacks: 'message-content' } as const
  const server = { lacks: 'server' } as const
  const { said, done, count } = wait('message-content', [intent, intent, server, server, { lacks: null }])
  await done
  expect(said).toEqual([
    '! Its Message Content Intent is off: it may not read what people write.',
    '-> https://discord.com/developers/applications/99/bot',
    expect.stringContaining('Privileged Gateway Intents'),
    '… Waiting until the Message Content Intent is on',
    '+ The Message Content Intent is on',
    '! The bot is in no server yet, so nobody can write to it.',
    '-> invite 99',
    expect.stringContaining('what the plugin needs: Send Messages, Add Reactions.'),
    '… Waiting until the bot is in a server',
    '+ The bot is in a server',
  ])
  expect(count()).toBe(5)
})

test('what could not be asked is said and asked again, and half an answer takes nothing for done', async () => {
  const { said, done, count } = wait('server', [
    { token: 'unknown', lacks: null, detail: 'timeout' },
    { lacks: null, detail: '/users/@me/guilds answered 429' },
    { lacks: null },
  ])
  await done
  expect(said.filter((line) => line.startsWith('… '))).toEqual([
    '… Waiting until the bot is in a server',
    '… Waiting until the bot is in a server (timeout)',
    '… Waiting until the bot is in a server (/users/@me/guilds answered 429)',
  ])
  expect(count()).toBe(3)
})

test('a token that is reset meanwhile: 1, and where to get the present one', async () => {
  const { done } = wait('server', [{ lacks: 'server' }, { token: 'rejected' }])
  expect(await refusalOf(done)).toEqual({
    status: 1,
    message: 'Discord refuses the token by now: it was reset.',
    hint: 'Get the present one in the Developer Portal (your application, Bot, Reset Token).',
  })
})

test('cancelled while it waits: 130', async () => {
  const { done, count } = wait('server', [{ lacks: 'server' }], '99', 3)
  expect(await refusalOf(done)).toMatchObject({ status: 130 })
  expect(count()).toBe(3)
})

test.each<[Lack, string | null, RegExp]>([
  ['message-content', '99', /^Open https:\/\/discord\.com\/developers\/applications\/99\/bot, switch on/],
  ['message-content', null, /^Open https:\/\/discord\.com\/developers\/applications, switch on/],
  ['server', '99', /^Open invite 99 and choose/],
  ['server', null, /^Open its invite link and choose/],
])('with nobody there to wait, %s is the end: 1, with what to open', async (lack, application, hint) => {
  const { deps } = wait(null, [], application)
  const error = await notAllowed(lack, discord, token, deps)
  expect([error.status, error.hint]).toEqual([1, expect.stringMatching(hint)])
  expect(error.hint).toMatch(/run the same command again\. Nothing was changed\.$/)
})

const earlier = { kind: 'discord', stateDir: '/state' } as const
const inProxy = { environment: { HTTPS_PROXY: 'http://proxy' } }

test('a bot that was set up earlier is looked at before its session starts, and waited for', async () => {
  const { said, known, ask } = wait(null, [{ lacks: 'server' }, { lacks: 'server' }, { lacks: null }])
  const asked: unknown[] = []
  const requestWith = (env: unknown) => {
    asked.push(env)
    return known.requestWith({})
  }
  await awaitKnownAllowed(inProxy, earlier, ask, { ...known, requestWith } as Deps)
  expect(said[0]).toBe('… Asking Discord what the bot lacks')
  expect(said).toContain('-> invite 99')
  expect(said.at(-1)).toBe('+ The bot is in a server')
  for (const env of asked) expect(env).toEqual(inProxy.environment)
})

test.each<[what: string, kind: 'telegram' | 'discord', says: Partial<Platform>, asks: number]>([
  ['lacks nothing', 'discord', { lacks: null }, 1],
  ['can not be asked about', 'discord', { token: 'unknown', lacks: null, detail: 'timeout' }, 1],
  ['is of a kind that can lack nothing', 'telegram', { lacks: 'server' }, 0],
])('one that %s holds the start up no longer', async (_, kind, says, asks) => {
  const { known, ask, count } = wait(null, [says])
  await awaitKnownAllowed(inProxy, { ...earlier, kind }, ask, known)
  expect(count()).toBe(asks)
})
