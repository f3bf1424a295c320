import { expect, test } from 'vitest'
import { token } from '../../src/commands/token.ts'
import { yes } from '../../src/core/answer.ts'
import type { Channel } from '../../src/core/channel.ts'
import type { Platform } from '../../src/core/records.ts'
import type { Session } from '../../src/core/session.ts'
import { emptySettings, type Settings } from '../../src/core/settings.ts'
import type { Deps } from '../../src/deps.ts'
import { evidence, platform, run, session, withoutClient } from '../core/evidence-builder.ts'

const own = session.channels[0]?.botId ?? ''
const other = '42'

const named = (name: string, change: Partial<Channel> = {}): Session => ({
  ...session,
  name,
  channels: session.channels.map((channel) => ({ ...channel, stateDir: `/state/${name}`, ...change })),
})
const settingsOf = (...sessions: readonly Session[]): Settings => ({
  ...emptySettings,
  sessions: Object.fromEntries(sessions.map((each) => [each.name, each])),
})

type Given = {
  /** What others do while it asks Telegram. */
  readonly meanwhile?: Settings
  /** What they did before it had the lock. */
  readonly behindLock?: Settings
  /** The bot the session's client was started with; without it none runs. */
  readonly runsWith?: string
  /** Whose client that is; `work`'s when absent. */
  readonly runs?: string
  readonly isPolled?: boolean
  readonly lacks?: Platform['lacks']
}

/** `channels token work` with a token of that bot. */
const give = async (
  botId: string,
  { meanwhile, behindLock, runsWith, runs = 'work', isPolled = false, lacks = null }: Given = {},
) => {
  let settings = settingsOf(named('work'), named('idle', { botId: '7' }))
  const written: (readonly [string, string])[] = []
  const said: string[] = []
  const messenger = {
    label: 'Telegram',
    variable: 'TELEGRAM_BOT_TOKEN',
    apiRoot: () => '',
    tokenIn: (text: string) => text,
    botId: (text: string) => text.split(':')[0],
    probe: async () => {
      settings = meanwhile ?? settings
      return platform({ botId, account: '@new_bot', lacks })
    },
  }
  const deps = {
    env: {},
    clock: { now: () => 0 },
    cancelled: new AbortController().signal,
    processes: { self: () => ({ pid: 1 }), ancestors: () => [] },
    folders: { configFile: '/config.json' },
    settings: {
      read: () => settings,
      update: async (change: (settings: Settings) => Settings) => {
        settings = change(settings)
        return settings
      },
    },
    files: { realPath: (path: string) => path },
    withLock: async (_: string, action: () => unknown) => {
      settings = behindLock ?? settings
      return action()
    },
    requestWith: () => undefined,
    readStdin: async () => `${botId}:AA`,
    findOthers: async () => [],
    observe: async ({ name }: Session) =>
      name !== runs || runsWith === undefined
        ? withoutClient({ wanted: null })
        : evidence({ wanted: null, run: run({ botIds: [runsWith] }) }),
    journal: { append: () => undefined },
    output: {
      interactive: () => false,
      print: (line: string) => said.push(line),
      say: (line: string) => said.push(line),
    },
    channels: {
      messengerOf: () => messenger,
      readApplication: async () => yes({ id: '99' }),
      inviteLink: (id: string) => `invite ${id}`,
      writeToken: (stateDir: string, _: string, given: string) => written.push([stateDir, given]),
      findOtherPoller: async () => ({ is: isPolled ? 'polls' : 'none' }),
    },
  } as unknown as Deps
  const options = { channel: null, tokenFile: null, tokenStdin: true, yes: true, timeoutMs: 1_000 }
  const ended = await token('work', options, deps).catch((error: unknown) => error)
  return { ended, written, said: said.join('\n'), sessions: settings.sessions }
}

test.each([own, other])('the token of bot %s is stored, and whose it is', async (botId) => {
  const { ended, written, sessions } = await give(botId)
  expect(ended).toBe(0)
  expect(written).toEqual([['/state/work', `${botId}:AA`]])
  expect(sessions.work?.channels).toMatchObject([{ botId, account: '@new_bot', stateDir: '/state/work' }])
})

test('another bot, which is in no server, is refused as `setup` does; its own is not', async () => {
  const { ended, written } = await give(other, { lacks: 'server' })
  const hint = expect.stringMatching(/^Open invite 99 .* Nothing was changed\.$/)
  expect(ended).toMatchObject({ status: 1, hint })
  expect(written).toEqual([])
  expect((await give(own, { lacks: 'server' })).ended).toBe(0)
})

const refused = async (settings: Settings, status: number, says: RegExp) => {
  const { ended, written, said, sessions } = await give(other, { behindLock: settings })
  expect(ended).toMatchObject({ status, message: expect.stringMatching(says) })
  expect(written).toEqual([])
  expect(said).not.toContain('is stored')
  expect(sessions).toEqual(settings.sessions)
}

test('another session got the bot while it was asked for: refused, nothing is written', () =>
  refused(
    settingsOf(named('work'), named('idle', { botId: other })),
    1,
    /Session `idle` has this bot already/,
  ))

test('removed meanwhile: no token is put where no command finds it', () =>
  refused(settingsOf(named('idle', { botId: '7' })), 3, /No session named `work`/))

test.each([
  ['with another state folder', { stateDir: '/state/elsewhere' }],
  ['with another bot', { botId: '99' }],
])('set up again meanwhile, %s: refused, and that setup stays', (_, change) =>
  refused(settingsOf(named('work', change)), 1, /`work` was set up again meanwhile/),
)

test('what else was changed meanwhile stays', async () => {
  const changed = { ...named('work'), cwd: '/elsewhere' }
  const { ended, sessions } = await give(own, { meanwhile: settingsOf(changed) })
  expect(ended).toBe(0)
  expect(sessions.work).toMatchObject({ cwd: '/elsewhere', channels: [{ account: '@new_bot' }] })
})

test('the same token given twice at once: both are stored', async () => {
  const { ended, written } = await give(other, { behindLock: settingsOf(named('work', { botId: other })) })
  expect([ended, written.length]).toEqual([0, 1])
})

test('back to the bot that the session still runs with: its own poller is nobody else', async () => {
  expect(await give(other, { runsWith: other, isPolled: true })).toMatchObject({
    ended: 0,
    written: [['/state/work', `${other}:AA`]],
  })
})

test('a bot that another session still runs with, having been set up anew: it is named, nothing is written', async () => {
  const { ended, written } = await give(other, { runs: 'idle', runsWith: other })
  expect(ended).toMatchObject({ status: 1, message: expect.stringContaining('`idle` still runs with') })
  expect(written).toEqual([])
})

test.each([own, undefined])(
  'a bot that somebody polls for, while the session runs with %s',
  async (runsWith) => {
    const { ended, written } = await give(other, {
      isPolled: true,
      ...(runsWith === undefined ? {} : { runsWith }),
    })
    expect(ended).toMatchObject({ status: 1, message: expect.stringMatching(/^Another program polls/) })
    expect(written).toEqual([])
  },
)
