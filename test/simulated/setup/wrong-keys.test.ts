import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addMarketplace, closeMachine, type Machine, makeMachine, setUp, type Ward } from '../faults/kit.ts'
import { filesBelow, snapshot } from '../faults/secrets.ts'
import { folderAt, sitDownAt } from './desk.ts'
import { pollElsewhere } from './elsewhere.ts'
import type { Person } from './keys.ts'

// The wizard's wrong turns by keys: what is read, how it ends, and that nothing but the answers so far is kept.

let home: Machine
let known: Ward
let before: ReturnType<typeof snapshot>
beforeAll(async () => {
  home = await makeMachine()
  known = await setUp(home, 'known')
  before = snapshot(home.home, home.channelsHome, home.project)
})
afterAll(async () => {
  try {
    expect(snapshot(home.home, home.channelsHome, home.project)).toEqual(before)
  } finally {
    await closeMachine(home)
  }
})

const sitDown = sitDownAt(() => home)
const folder = folderAt(() => home)

/** From the beginning to the question for the token. */
const toToken = async (person: Person, name: string): Promise<void> => {
  await person.answers(/Which folder shall Claude work in\?/, folder(`for-${name}`))
  await person.answers(/Do you trust what is in/, 'y')
  await person.answers(/Name of the session/, name)
}

describe.concurrent('what is answered', () => {
  test('folders and names that can not be are asked for again', async () => {
    const person = await sitDown()
    await person.answers(/Which folder/, join(home.root, 'nowhere'))
    await person.corrects(/There is no folder .*nowhere; make it first/, '~')
    await person.corrects(/never trusts the home folder itself; name one below it/, home.home)
    await person.corrects(/never trusts the home folder/, '~/.claude.json')
    await person.corrects(/There is no folder ~\/\.claude\.json/, folder("odd $(touch trap)'s"))
    await person.answers(/Do you trust what is in .*odd/)
    await person.sees(/Then another folder: without trust/)
    await person.answers(/Which folder/, folder('odd $(touch trap)'))
    await person.answers(/Do you trust what is in .*odd/, 'y')
    await person.sees(/Name of the session, .* odd-touch-trap/)
    await person.type('KNOWN')
    await person.press('Enter')
    await person.corrects(
      /There is a session of that name; `channels setup telegram --session KNOWN`/,
      '../up',
    )
    await person.corrects(/Letters, digits, - and _, at most 32/, '$(touch trap)')
    await person.corrects(/Letters, digits/, 'x'.repeat(33))
    await person.corrects(/Letters, digits/, 'odd')
    await person.answers(/The token/, '', 'C-c')
    expect(await person.ends(130)).toMatch(/Nothing was changed/)
    expect(filesBelow(home.root).filter((file) => file.endsWith('trap'))).toEqual([])
    person.expectUntouched()
  })

  test('tokens that can not be used: why, and asked again', async () => {
    const [revoked, hooked] = [home.bot.addBot(), home.bot.addBot()]
    revoked.revoke()
    hooked.setWebhook('https://example.org/secret-path')
    const person = await sitDown()
    await toToken(person, 'tokens')
    await person.answers(/The token/, 'hello')
    await person.sees(/That is no bot token: /)
    await person.type(`"${hooked.token}"`)
    await person.press('Enter')
    await person.sees(/That is no bot token: .*quotes/)
    await person.type(revoked.token)
    await person.press('Enter')
    await person.sees(/! Telegram refuses this token\. Get the present one from @BotFather/)
    await person.answers(/The token/, known.bot.token)
    await person.sees(/! Session `known` has this bot already; .*`channels remove known` first/)
    await person.answers(/The token/, hooked.token)
    await person.sees(/! A webhook is set on this bot, for example\.org/)
    await person.sees(/that program gets no message from this bot any more/)
    await person.answers(/Remove the webhook of example\.org when setting up\?/)
    await person.answers(/The token/, '', 'Escape')
    const said = await person.ends(130)
    expect(said).not.toMatch(/secret-path/)
    for (const { token } of [revoked, hooked, known.bot]) expect(said).not.toContain(token.slice(15))
    expect(hooked.webhook()).toBe('https://example.org/secret-path')
    expect(
      home.bot
        .requests()
        .filter((each) => each.bot === hooked.id)
        .map(({ method }) => method),
    ).not.toContain('deleteWebhook')
    person.expectUntouched()
  })

  test('the network away: said, with what was tried, and asked again', async () => {
    const person = await sitDown({ env: { TELEGRAM_API_ROOT: 'http://127.0.0.1:1' } })
    await toToken(person, 'away')
    await person.answers(/The token/, home.bot.addBot().token)
    await person.sees(/! Telegram could not be asked about the token: .*\. Check the network and the proxy/)
    await person.answers(/The token/, '', 'C-c')
    await person.ends(130)
    person.expectUntouched()
  })

  test('tokens that lie there, exported, or spoilt by a file of Windows: offered and told, kept nowhere else', async () => {
    const [usual, exported] = [home.bot.addBot(), home.bot.addBot()]
    const config = folder('config-of-its-own')
    const usualDir = folder('config-of-its-own/channels/telegram')
    const text = `# mine\r\nTELEGRAM_BOT_TOKEN="${usual.token}"\r\nOTHER=1\r\n`
    writeFileSync(join(usualDir, '.env'), text, { mode: 0o600 })
    const env = { CLAUDE_CONFIG_DIR: config, TELEGRAM_BOT_TOKEN: exported.token }
    // As a client has it that knows the marketplace, and was told which channels are approved.
    await addMarketplace(home, { CLAUDE_CONFIG_DIR: config })
    cpSync(join(home.home, '.claude.json'), join(config, '.claude.json'))
    const kept = snapshot(config)
    const person = await sitDown({ env })
    await toToken(person, 'lying')
    await person.sees(/! .*telegram\/\.env: the token’s line ends in a carriage return/)
    await person.sees(/! .*telegram\/\.env: the token stands in quotes/)
    await person.sees(
      new RegExp(`Which bot\\?.*@${usual.username} \\(in .*@${exported.username} \\(exported`),
    )
    await person.press('Down', 'Enter')
    await person.sees(new RegExp(`Telegram knows it: @${exported.username}`))
    await person.sees(/TELEGRAM_BOT_TOKEN is exported in this shell and holds this bot's token/, 30_000)
    await person.answers(/What may Claude do/)
    await person.sees(/What will be done/)
    await person.answers(/Set it up like this\?/, 'n')
    const said = await person.ends(130)
    expect(said).toMatch(/Nothing was changed/)
    for (const { token } of [usual, exported]) expect(said).not.toContain(token.slice(15))
    expect(snapshot(config)).toEqual(kept)
    person.expectUntouched()
  })

  test('a bot that another machine polls: told, and left alone', async () => {
    const bot = home.bot.addBot()
    const stop = pollElsewhere(home, bot.token)
    try {
      const person = await sitDown({}, '--cwd', home.project, '--trust', '--session', 'elsewhere')
      await person.answers(/The token/, bot.token)
      await person.sees(/! Another program polls for this bot, on another machine/, 30_000)
      await person.answers(/Have you ended it, and shall I listen again\?/, 'n')
      expect(await person.ends(1)).toMatch(
        /polls for this bot, perhaps on another machine\. End it there.*Nothing was changed/,
      )
      person.expectUntouched()
    } finally {
      await stop()
    }
  })
})
