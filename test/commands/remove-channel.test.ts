import { expect, test } from 'vitest'
import { removeChannel } from '../../src/commands/remove-channel.ts'
import type { Channel } from '../../src/core/channel.ts'
import type { Recipient } from '../../src/core/session.ts'
import { emptySettings, type Settings } from '../../src/core/settings.ts'
import type { Deps } from '../../src/deps.ts'
import { discordChannel, session, withoutClient } from '../core/evidence-builder.ts'

const [telegram] = session.channels
if (telegram === undefined) throw new Error('the session has a channel')
const fakechat: Channel = {
  ...telegram,
  id: 'plugin:fakechat@m',
  kind: 'fakechat',
  account: null,
  botId: null,
}

/** Takes Telegram from a session with another channel, where this one is told. */
const removed = async (to: Recipient, other: Channel) => {
  const printed: string[] = []
  const before = {
    ...{ ...session, channels: [telegram, other] },
    notify: { to, command: 'page', quiet: null },
  }
  let settings: Settings = { ...emptySettings, sessions: { work: before } }
  const deps = {
    env: {},
    folders: { configFile: '/config.json' },
    settings: {
      read: () => settings,
      update: async (change: (settings: Settings) => Settings) => {
        settings = change(settings)
      },
    },
    files: { realPath: (path: string) => path, list: () => [], exists: () => false },
    channels: { stateDirFor: () => '/own' },
    claude: { sessionPaths: () => ({ config: '/claude', json: '/claude.json' }) },
    withLock: (_: string, action: () => Promise<unknown>) => action(),
    observe: async () => withoutClient({ wanted: null }),
    processes: { self: () => ({ pid: 1 }), ancestors: () => [] },
    journal: { append: () => undefined },
    output: { print: (line: string) => printed.push(line), say: () => undefined },
  } as unknown as Deps
  const status = await removeChannel('work', { channel: 'telegram', yes: true, purge: false }, deps)
  return { status, notify: settings.sessions.work?.notify, printed }
}

test('whom its bot told is told no more, and that is said; the command is', async () => {
  const { status, notify, printed } = await removed({ channel: telegram.id, sender: '42' }, discordChannel)
  expect(status).toBe(0)
  expect(notify).toEqual({ to: null, command: 'page', quiet: null })
  expect(printed.at(-1)).toBe(
    '  `notify.to` of `work` named them: nobody is told of trouble by a bot any more. `channels set work notify.to=<user id>` names somebody else.',
  )
})

test('nobody else can be named where no bot is left', async () => {
  const { notify, printed } = await removed({ channel: telegram.id, sender: '42' }, fakechat)
  expect(notify?.to).toBeNull()
  expect(printed.at(-1)).toMatch(/nobody is told of trouble by a bot any more\.$/)
})

test('whom another bot tells goes on being told', async () => {
  const to = { channel: discordChannel.id, sender: '42' }
  const { notify, printed } = await removed(to, discordChannel)
  expect(notify?.to).toEqual(to)
  expect(printed.join('\n')).not.toContain('notify.to')
})
