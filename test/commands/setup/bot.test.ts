import { expect, test } from 'vitest'
import * as envFile from '../../../src/channels/env-file.ts'
import { messengerOf } from '../../../src/channels/messenger.ts'
import { chooseBot } from '../../../src/commands/setup/bot.ts'
import { emptySettings } from '../../../src/core/settings.ts'
import type { Ask, Deps } from '../../../src/deps.ts'
import { ExpectedError } from '../../../src/errors.ts'
import type { Request } from '../../../src/system/https.ts'
import { noon } from '../../core/evidence-builder.ts'
import { flags } from './flags.ts'

const telegram = messengerOf('telegram')
if (telegram === null) throw new Error('no Telegram')
const place = {
  name: 'work',
  stateDir: '/work',
  usualDir: '/usual',
  channel: 'plugin:telegram@claude-plugins-official',
  config: '/config',
  messenger: telegram,
}
const token = '555555555:AAtest_of_nobody_00000000000000000000'
const answer = (result: unknown) => ({ status: 200, body: JSON.stringify({ ok: true, result }) })
const busy = { status: 429, body: JSON.stringify({ ok: false, description: 'Too Many Requests' }) }

type Facts = {
  readonly who: 'somebody' | 'nobody'
  /** How often Telegram does not tell whether a webhook is set. */
  readonly silent?: number
  readonly env?: Readonly<Record<string, string>>
  readonly tokenFile?: string
  readonly read?: () => typeof emptySettings
}

/** Asks for the bot; the same token at every question. */
const choose = async ({
  who,
  silent = 0,
  env = {},
  tokenFile = '/token',
  read = () => emptySettings,
}: Facts) => {
  const said: string[] = []
  const say = (text: string) => void said.push(text)
  let asked = 0
  let left = silent
  const request: Request = async (url) => {
    if (url.endsWith('/getMe')) return answer({ username: 'some_bot' })
    left -= 1
    return left >= 0 ? busy : answer({ url: '', pending_update_count: 0 })
  }
  const ask = {
    ...{ say, done: say, warn: say, link: say },
    wait: (_: string, action: () => Promise<unknown>) => action(),
    secret: async () => {
      asked += 1
      if (asked > 5) throw new Error('asked without end')
      return token
    },
  } as unknown as Ask
  const deps = {
    env,
    home: '/home/me',
    clock: { now: () => noon },
    cancelled: new AbortController().signal,
    requestWith: () => request,
    settings: { read },
    files: {
      realPath: (path: string) => path,
      isFolder: (path: string) => path === '/folder',
      readText: (path: string) => (path === '/token' || path === '/home/me/bot-token' ? token : null),
    },
    channels: { ...envFile, messengerOf },
  } as unknown as Deps
  const asker = who === 'somebody' ? ask : null
  const options = { ...flags, tokenFile: who === 'nobody' ? tokenFile : null }
  const ended = await chooseBot(place, options, asker, deps).then(
    ({ account, webhook }) => ({ account, webhook }),
    ({ status, message, hint }: ExpectedError) => ({ status, message, hint }),
  )
  return { asked, said, ended }
}

test('a bot whose webhook can not be told is none without a webhook: 69', async () => {
  expect((await choose({ who: 'nobody', silent: 1 })).ended).toEqual({
    status: 69,
    message: 'Whether this bot can be used could not be told: getWebhookInfo answered 429.',
    hint: expect.stringMatching(/run the same command again\. Nothing was changed\.$/),
  })
})

test('and where somebody is asked, it is said and asked again', async () => {
  const { asked, said, ended } = await choose({ who: 'somebody', silent: 1 })
  expect(said).toContainEqual(expect.stringMatching(/^Whether this bot can be used could not be/))
  expect([asked, ended]).toEqual([2, { account: '@some_bot', webhook: null }])
})

test.each<[what: string, facts: Partial<Facts>, status: number]>([
  ['an address that no token may go to', { env: { TELEGRAM_API_ROOT: 'http://example.invalid' } }, 2],
  [
    'a configuration that can not be read',
    {
      read: () => {
        throw new ExpectedError(78, 'config.json is broken.', 'Mend it.')
      },
    },
    78,
  ],
])('%s, which no other token mends: the end', async (_, facts, status) => {
  const { asked, ended } = await choose({ who: 'somebody', ...facts })
  expect([asked, ended]).toEqual([1, expect.objectContaining({ status })])
})

test('a `~` that the shell left in --token-file=~/bot-token is the home folder', async () => {
  expect((await choose({ who: 'nobody', tokenFile: '~/bot-token' })).ended).toMatchObject({
    account: '@some_bot',
  })
  expect((await choose({ who: 'nobody', tokenFile: '~/nothing' })).ended).toMatchObject({
    status: 2,
    message: 'There is no file ~/nothing.',
  })
})

test.each([
  ['', 'There is no file "".'],
  ['/folder', '/folder is a folder.'],
])('--token-file=%s: no word of permissions', async (tokenFile, message) => {
  expect((await choose({ who: 'nobody', tokenFile })).ended).toMatchObject({ status: 2, message })
})
