import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { someone } from '../../sim/discord-api/ids.ts'
import { openFakechat } from '../../sim/fakechat.ts'
import { namePager } from '../../sim/other-wards.ts'
import { pagerOf } from '../../sim/pager.ts'
import { until } from '../../sim/until.ts'
import { expectComplete } from './expect.ts'
import { type Held, openMachine } from './machine.ts'
import { playWizard, shows } from './play.ts'
import { untilAsks, type Wizard } from './rig.ts'

let home: Held
beforeAll(async () => {
  home = await openMachine()
})
afterAll(() => home.end())

/** A wizard for a channel, on its way in a folder of its own, until the question of this kind. */
const withWizard = async (
  channel: string,
  session: string,
  play: (wizard: Wizard) => Promise<void>,
  before: (folder: string) => void = () => undefined,
): Promise<void> => {
  const folder = join(home.root, session)
  mkdirSync(folder)
  before(folder)
  await playWizard(home, ['setup', channel], async (wizard) => {
    await wizard.answer('Which folder shall Claude work in?', folder)
    await wizard.answer('Do you trust what is in', 'y')
    await wizard.answer('Name of the session', session)
    await play(wizard)
  })
}

const agree = async (wizard: Wizard): Promise<void> => {
  await wizard.answer('What may Claude do without asking?')
  await wizard.answer('Set it up like this?', 'y')
}

test('discord: every wrong turn on the way to the proof', async () => {
  const bot = home.discord.addBot()
  bot.setIntent(false)
  bot.setServers([])
  await withWizard(home.channelOf('discord'), 'chat', async (wizard) => {
    await untilAsks(wizard.look, 'The token')
    expect(await wizard.all('joined')).toContain('https://discord.com/developers/applications')
    // A person's own token, and what else stands in the portal.
    await wizard.answer('The token', home.discord.addUserToken())
    await shows(wizard, 'Discord refuses this token. It takes the token of a bot')
    await untilAsks(wizard.look, 'The token')
    await wizard.type('0123456789abcdef0123456789abcdef')
    await wizard.press('Enter')
    await shows(wizard, 'it has no dots; it is the client secret')
    await wizard.press('C-u')
    await wizard.answer('The token', bot.token)
    await shows(wizard, 'Its Message Content Intent is off')
    await shows(wizard, 'Waiting until the Message Content Intent is on')
    bot.setIntent(true)
    await shows(wizard, 'The bot is in no server yet')
    expect(await wizard.all('joined')).toMatch(
      /https:\/\/discord\.com\/oauth2\/authorize\?client_id=\d+&scope=bot&permissions=274878008384&integration_type=0/,
    )
    await shows(wizard, 'Waiting until the bot is in a server')
    bot.setServers([{ id: '100000000000000001', name: 'mine' }])
    await agree(wizard)
    await untilAsks(wizard.look, 'Code (Enter alone', 40_000)
    await wizard.answer('Code (Enter alone', '')
    await shows(wizard, 'message has arrived yet')
    bot.push('let me in')
    const { text } = await bot.waitForSent((sent) => sent.text.includes('pair '))
    await wizard.answer('Code (Enter alone', /pair (\w{6})/.exec(text)?.[1] ?? '')
    await untilAsks(wizard.look, 'Let them in?')
    await shows(wizard, `(id ${someone}, asked`)
    await wizard.answer('Let them in?', 'y')
    await wizard.answer('Shall ', 'y')
    await bot.waitForSent(({ text: said }) => said.startsWith('This is how I tell you when chat is blocked'))
    await shows(wizard, 'Waiting for your message to arrive')
    bot.push('hi there')
    expect(await wizard.ended(40_000)).toBe(0)
    expect(await wizard.screen()).toContain('✓ The answer went out: "echo: hi there"')
  })
  await expectComplete(home, 'chat')
})

test('fakechat: a free port, its page, and the proof', async () => {
  // The usual port is another's.
  const other = createServer()
  let isTaken = false
  other.once('error', () => {
    // By another test's: as good.
    isTaken = true
  })
  other.listen(8787, '127.0.0.1')
  try {
    await until('port 8787 taken', () => other.listening || isTaken)
    await withWizard(home.channelOf('fakechat'), 'page', async (wizard) => {
      await agree(wizard)
      await shows(wizard, 'Waiting for your message to arrive', 60_000)
      const [, address = ''] = /(http:\/\/localhost:\d+)/.exec(await wizard.all('joined')) ?? []
      expect(address).not.toBe('http://localhost:8787')
      const page = await openFakechat(address.replace('localhost', '127.0.0.1'))
      page.say('hi there')
      await page.waitForAnswer(({ text }) => text === 'echo: hi there').finally(page.close)
      expect(await wizard.ended(40_000)).toBe(0)
      const all = await wizard.all('joined')
      expect(all).toContain('✓ The answer went out: "echo: hi there"')
      expect(all).not.toContain('Let yourself in')
    })
  } finally {
    other.close()
  }
  await expectComplete(home, 'page')
})

test('a server of .mcp.json: not named there, refused before, and then with the warning answered', async () => {
  const folder = join(home.root, 'mine')
  await withWizard(
    'server:pager',
    'mine',
    async (wizard) => {
      await untilAsks(wizard.look, 'The client warns of that at every start')
      await shows(wizard, 'is not on the list of channels that Anthropic approved')
      await wizard.answer('The client warns of that at every start', '', 'Down')
      await agree(wizard)
      await shows(wizard, 'Waiting for your message to arrive', 60_000)
      pagerOf(home, 'mine').say('hi there')
      await pagerOf(home, 'mine').waitForAnswer((text) => text === 'echo: hi there')
      expect(await wizard.ended(40_000)).toBe(0)
      expect(await wizard.screen()).toContain('✓ The answer went out: "echo: hi there"')
    },
    (inFolder) => namePager(home, inFolder),
  )
  await expectComplete(home, 'mine')
  const refused = async (...words: readonly string[]) => {
    const setup = await home.channels([
      'setup',
      'server:pager',
      '--cwd',
      folder,
      '--trust',
      '--yes',
      ...words,
    ])
    return `${setup.code} ${setup.stderr.replace(/\s+/g, ' ')}`
  }
  const flags = ['--session', 'other', '--development', 'accept', '--no-start']
  expect(await refused('--session', 'other', '--no-start')).toMatch(/^2 .*--development accept/)
  mkdirSync(join(folder, '.claude'))
  writeFileSync(join(folder, '.claude', 'settings.local.json'), '{"disabledMcpjsonServers":["pager"]}')
  expect(await refused(...flags)).toMatch(
    /^1 .*was refused: .*settings\.local\.json .*disabledMcpjsonServers/,
  )
  rmSync(join(folder, '.claude', 'settings.local.json'))
  writeFileSync(join(folder, '.claude', 'settings.json'), '{"disabledMcpjsonServers":["pager"]}')
  expect(await refused(...flags)).toMatch(/^1 .*was refused: .*settings\.json .*disabledMcpjsonServers/)
  writeFileSync(join(folder, '.mcp.json'), '{"mcpServers":{"beeper":{"command":"true"}}}')
  expect(await refused(...flags)).toMatch(/^1 .*No MCP server is called `pager`.*There are: server:beeper/)
})

test('an own plugin, whose server is called otherwise than the plugin: to the proof', async () => {
  const file = join(home.root, 'market', 'pager', '.mcp.json')
  const { mcpServers } = JSON.parse(readFileSync(file, 'utf8')) as { readonly mcpServers: { pager: unknown } }
  writeFileSync(file, JSON.stringify({ mcpServers: { beeper: mcpServers.pager } }))
  await withWizard(home.channelOf('pager'), 'beep', async (wizard) => {
    await wizard.answer('The client warns of that at every start', '', 'Down')
    await agree(wizard)
    await shows(wizard, 'Waiting for your message to arrive', 60_000)
    pagerOf(home, 'beep').say('hi there')
    await pagerOf(home, 'beep').waitForAnswer((text) => text === 'echo: hi there')
    expect(await wizard.ended(40_000)).toBe(0)
    expect(await wizard.screen()).toContain('✓ The answer went out: "echo: hi there"')
  })
  await expectComplete(home, 'beep')
})
