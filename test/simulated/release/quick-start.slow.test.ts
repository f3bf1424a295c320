import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chapterOf } from '../../docs/quick-start.ts'
import type { Sent } from '../../sim/bot-api/bot.ts'
import { openFakechat } from '../../sim/fakechat.ts'
import { namePager } from '../../sim/other-wards.ts'
import { pagerOf } from '../../sim/pager.ts'
import { type Answers, down, enter, follow, typeBlock, yes } from './follow.ts'
import { type Newcomer, openNewcomer } from './newcomer.ts'

// docs/quick-start.md word for word, in one terminal: no command is typed that does not stand there.
let newcomer: Newcomer
beforeAll(async () => {
  newcomer = await openNewcomer()
})
afterAll(() => newcomer?.close())

const folder = {
  'Which folder shall Claude work in?': enter,
  'Do you trust what is in': yes,
  'Name of the session': enter,
} satisfies Answers
const agreed = {
  'What may Claude do without asking?': enter,
  'Set it up like this?': enter,
} satisfies Answers

test('what is needed is there, and the package comes from the registry alone', async () => {
  const { shell, registry, prefix } = newcomer
  for (const title of ['What you need', 'Install'])
    for (const block of chapterOf(title).blocks) await typeBlock(shell, block)
  expect(await shell.shown()).toMatch(/"loggedIn": ?true/)
  expect(registry.asked().filter((line) => !line.includes('claude-channels'))).toEqual([])
  expect(readdirSync(join(prefix, 'lib', 'node_modules'))).toEqual(['claude-channels'])
})

/** The person at the phone: writes to the bot, and reads the code it answers with. */
type Phone = {
  readonly token: string
  readonly push: (text: string) => unknown
  readonly waitForSent: (fits: (sent: Pick<Sent, 'text'>) => boolean) => Promise<Pick<Sent, 'text'>>
}

const withBot = ({ token, push, waitForSent }: Phone): Answers => ({
  ...folder,
  'The token': () => token,
  ...agreed,
  'Code (Enter alone if none came)': async () => {
    push('hi')
    const { text } = await waitForSent((sent) => /pair \w{6}/.test(sent.text))
    return /pair (\w{6})/.exec(text)?.[1] ?? ''
  },
  'Let them in?': yes,
  'Shall … tell': enter,
})

test('Telegram, from the first line to a message that is answered', async () => {
  const { home, shell } = newcomer
  const bot = home.bot.addBot()
  await follow(shell, 'Telegram', withBot(bot), async () => bot.push('hello'))
  await bot.waitForSent(({ text }) => text === 'echo: hello')
  // As the page shows it.
  const [, head = ''] = /^```text\n(.*)$/m.exec(chapterOf('Telegram').text) ?? []
  const shown = (await shell.shown()).replace(/ +/g, ' ')
  expect(shown).toContain(`\n${head.replace(/ +/g, ' ')}\nsite live `)
  const config = join(home.home, '.config', 'channels', 'config.json')
  expect(statSync(config).mode & 0o777).toBe(0o600)
})

test('Discord, likewise', async () => {
  const { home, shell } = newcomer
  const bot = home.discord.addBot()
  await follow(shell, 'Discord', withBot(bot), async () => bot.push('hello'))
})

test('fakechat, on its page', async () => {
  const { shell } = newcomer
  await follow(shell, 'fakechat', { ...folder, ...agreed }, async () => {
    const [address = ''] = (await shell.shown()).match(/http:\/\/localhost:\d+/g)?.slice(-1) ?? []
    const page = await openFakechat(address.replace('localhost', '127.0.0.1'))
    page.say('hello')
    await page.waitForAnswer(({ text }) => text === 'echo: hello', 30_000).finally(page.close)
  })
})

test('a server of one’s own, named in .mcp.json', async () => {
  const { home, shell } = newcomer
  mkdirSync(join(home.home, 'pager'))
  namePager(home, join(home.home, 'pager'))
  const answers = { ...folder, 'The client warns of that at every start': down, ...agreed }
  await follow(shell, 'A plugin or a server of your own', answers, async () => {
    pagerOf(home, 'pager').say('hello')
    await pagerOf(home, 'pager').waitForAnswer((text) => text === 'echo: hello', 30_000)
  })
})
