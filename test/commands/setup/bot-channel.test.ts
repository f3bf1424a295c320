import { expect, test } from 'vitest'
import { messengerOf } from '../../../src/channels/messenger.ts'
import { describeBot } from '../../../src/commands/setup/bot-channel.ts'
import { no, yes } from '../../../src/core/answer.ts'
import { channelKind } from '../../../src/core/channel.ts'
import type { Platform } from '../../../src/core/records.ts'
import { emptySettings } from '../../../src/core/settings.ts'
import type { Deps, Other } from '../../../src/deps.ts'
import { platform, session } from '../../core/evidence-builder.ts'
import { askedOf, refusalOf } from './asked.ts'

const discord = 'plugin:discord@claude-plugins-official'
const telegram = 'plugin:telegram@claude-plugins-official'
/** Made up, by each messenger's rule. */
const tokenOf = (id: string) => [Buffer.from(id).toString('base64url'), 'Gtest0', 'x'.repeat(38)].join('.')
const bot = '123456789012345678'
const telegramToken = '555555555:AAtest_of_nobody_00000000000000000000'

type Facts = {
  readonly id?: string
  readonly token?: string
  readonly env?: Readonly<Record<string, string>>
  readonly says?: Partial<Platform>
  /** What stands in the state folder. */
  readonly known?: string
  readonly others?: readonly Partial<Other>[]
  readonly claimed?: boolean
}

/** Describes a bot with nobody there, whose token is piped in. */
const describe = (facts: Facts) => {
  const {
    id = discord,
    token = tokenOf(bot),
    env = {},
    says = {},
    known,
    others = [],
    claimed = false,
  } = facts
  const asked: string[] = []
  const { asked: channel, said } = askedOf(id)
  const other = {
    ...session,
    name: 'home',
    channels: session.channels.map((each) => ({ ...each, botId: bot })),
  }
  const real = messengerOf(channelKind(id))
  const deps = {
    env,
    clock: { now: () => 5 },
    cancelled: new AbortController().signal,
    readStdin: async () => token,
    requestWith: () => async () => ({ status: 500, body: '' }),
    settings: { read: () => ({ ...emptySettings, sessions: claimed ? { home: other } : {} }) },
    files: { readText: () => null, realPath: (path: string) => path },
    findOthers: async (about: object) => {
      asked.push(JSON.stringify(about))
      return others
    },
    observe: async () => ({ client: null, run: null }),
    channels: {
      messengerOf: () => ({ ...real, probe: async () => ({ ...platform(), account: '@work_bot', ...says }) }),
      readToken: (_: string, variable: string) => {
        asked.push(variable)
        return known === undefined ? no('-') : yes(known)
      },
      meantToken: () => null,
      readApplication: async () => yes({ id: '99' }),
      inviteLink: (application: string) => `invite ${application}`,
      findOtherPoller: async () => {
        asked.push('listened')
        return { is: 'none' }
      },
    },
  } as unknown as Deps
  const options = { ...channel.options, tokenStdin: true }
  return { asked, said, done: describeBot({ ...channel, options, ask: null }, deps) }
}

test('a bot of Discord: told by its token, and nobody listens whether another machine has it', async () => {
  const { asked, done } = describe({})
  expect(await done).toMatchObject({
    channel: { id: discord, kind: 'discord', stateDir: '/state', account: '@work_bot', botId: bot },
    ...{ token: tokenOf(bot), replaces: null, webhook: null, takeOver: [], environment: {} },
  })
  expect(asked).toContain('DISCORD_BOT_TOKEN')
  expect(asked).not.toContain('TELEGRAM_BOT_TOKEN')
  expect(asked.find((each) => each.startsWith('{'))).toContain(`"kind":"discord","botId":"${bot}"`)
  expect(asked).not.toContain('listened')
})

test('a bot of Telegram is listened for', async () => {
  const { asked, done } = describe({ id: telegram, token: telegramToken })
  expect((await done).channel).toMatchObject({ kind: 'telegram', botId: '555555555' })
  expect(asked).toContain('listened')
})

test('another bot whose token stands there is named', async () => {
  expect((await describe({ known: tokenOf('987654321098765432') }).done).replaces).toBe('987654321098765432')
  expect((await describe({ known: tokenOf(bot) }).done).replaces).toBeNull()
  // Of another messenger it is none.
  expect((await describe({ known: telegramToken }).done).replaces).toBeNull()
})

test('a token that is exported is warned of, by its messenger’s variable alone, and not shown', async () => {
  const own = describe({ env: { DISCORD_BOT_TOKEN: tokenOf(bot), TELEGRAM_BOT_TOKEN: telegramToken } })
  await own.done
  expect(own.said[0]).toBe("! DISCORD_BOT_TOKEN is exported in this shell and holds this bot's token.")
  expect(own.said.join()).not.toMatch(/xxxxxxxx|TELEGRAM/)
  const another = describe({ env: { DISCORD_BOT_TOKEN: tokenOf('987654321098765432') } })
  await another.done
  expect(another.said[0]).toContain('holds another token')
  const none = describe({ env: { DISCORD_BOT_TOKEN: '' } })
  await none.done
  expect(none.said).toEqual([])
})

test.each<[what: string, facts: Facts, refusal: object]>([
  [
    'another messenger’s token',
    { token: telegramToken },
    { status: 2, message: expect.stringContaining('no Discord bot token') },
  ],
  [
    'refused',
    { says: { token: 'rejected' } },
    { status: 1, message: 'Discord refuses this token.', hint: expect.stringContaining('Developer Portal') },
  ],
  [
    'a person’s',
    { says: { token: 'rejected', detail: 'it is the token of a person’s account' } },
    { status: 1, message: 'Discord refuses this token: it is the token of a person’s account.' },
  ],
  [
    'nobody to ask',
    { says: { token: 'unknown', detail: 'timeout' } },
    { status: 69, message: expect.stringContaining('Discord could not be asked') },
  ],
  [
    'no intent',
    { says: { lacks: 'message-content' } },
    { status: 1, hint: expect.stringContaining('/99/bot, switch on Message Content Intent') },
  ],
  [
    'no server',
    { says: { lacks: 'server' } },
    { status: 1, hint: expect.stringContaining('Open invite 99') },
  ],
  [
    'another session’s',
    { claimed: true },
    { status: 1, message: expect.stringContaining('`home` has this bot already') },
  ],
  [
    'in use',
    { others: [{ session: null, botId: bot, client: null, poller: null, folder: null, config: '/' }] },
    { status: 1, message: expect.stringContaining('in use on this machine') },
  ],
])('refused: %s', async (_, facts, refusal) => {
  expect(await refusalOf(describe(facts).done)).toMatchObject(refusal)
})

test('whoever has the plugin with another bot is nobody to be ended', async () => {
  const others = [{ session: null, botId: '7', channels: false, config: '/' }]
  expect((await describe({ others }).done).takeOver).toEqual([])
})
