import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { pluginKey } from '../../../src/core/channel.ts'
import type { Bot } from '../../sim/bot-api/bot.ts'
import { openTerminal, type Terminal } from '../../sim/terminal.ts'
import { until } from '../../sim/until.ts'
import { clients, delivered, pollers, registrations } from '../../sim/watch.ts'
import {
  closeMachine,
  expectEcho,
  expectUp,
  live,
  type Machine,
  makeMachine,
  type Ward,
} from '../faults/kit.ts'
import { expectRefused, setupArgs } from '../faults/refuse.ts'
import { filesBelow, snapshot } from '../faults/secrets.ts'
import { atTerminal } from '../setup/keys.ts'

// A bot that somebody uses already, by hand and as the plugin's README has it: ended, moved and gone on with, when asked.

let home: Machine
let usualDir: string
beforeAll(async () => {
  home = await makeMachine()
  usualDir = join(home.home, '.claude', 'channels', 'telegram')
  const installed = await home.claude(['plugin', 'install', pluginKey(home.channel) ?? ''])
  expect(installed, installed.stderr).toMatchObject({ code: 0 })
})
afterAll(() => closeMachine(home))

const others = '# mine\r\nexport NOTE="a b"\n'
const access = {
  dmPolicy: 'allowlist',
  allowFrom: ['4242', '71'],
  groups: { '-5': { allowFrom: [] } },
  pending: {},
  mentionPatterns: ['@me'],
}

let bot: Bot
beforeEach(() => {
  bot = home.bot.addBot()
  mkdirSync(join(usualDir, 'inbox'), { recursive: true, mode: 0o700 })
  const files = {
    '.env': `${others}TELEGRAM_BOT_TOKEN=${bot.token}\nLAST=1`,
    'access.json': JSON.stringify(access),
    'inbox/1.jpg': 'a picture',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(usualDir, name), text, { mode: 0o600 })
  const file = join(home.home, '.claude.json')
  const json = JSON.parse(readFileSync(file, 'utf8')) as object
  const projects = { [home.project]: { hasTrustDialogAccepted: true } }
  writeFileSync(file, JSON.stringify({ ...json, projects }), { mode: 0o600 })
})

/** As a person starts it, with a message that was answered; hands back its conversation. */
const byHand = async (
  name: string,
): Promise<{ readonly terminal: Terminal; readonly conversation: string }> => {
  const before = registrations(home).length
  const allowed = '--allowedTools mcp__plugin_telegram_telegram__reply'
  const terminal = await openTerminal(
    home,
    name,
    home.project,
    `claude ${allowed} --channels ${home.channel}`,
  )
  await until('a registered channel', () => registrations(home).length > before, 20_000)
  bot.push(`before ${name}`)
  await bot.waitForSent(({ text }) => text === `echo: before ${name}`, 20_000)
  // What it writes at the end of its turn is not to be taken for a change of ours.
  const sessions = join(home.home, '.claude', 'sessions')
  await until('it to rest', () =>
    filesBelow(sessions).some(
      (file) => file.endsWith('.json') && /"status": "idle"/.test(readFileSync(file, 'utf8')),
    ),
  )
  return { terminal, conversation: registrations(home).at(-1)?.conversation ?? '' }
}

const wardOf = (name: string): Ward => ({
  name,
  bot,
  cwd: home.project,
  stateDir: join(home.home, '.claude', 'channels', `telegram-${name}`),
})

/** The former folder is gone and all of it is in the session's; the conversation goes on and answers. */
const expectTakenOver = async (name: string, conversation: string): Promise<void> => {
  const ward = wardOf(name)
  await live(home, name)
  const [session] = (await home.status()).sessions
  expect(session).toMatchObject({ name, state: 'live', client: { conversation }, cwd: home.project })
  expect(existsSync(usualDir)).toBe(false)
  expect(readFileSync(join(ward.stateDir, '.env'), 'utf8')).toBe(
    `${others}TELEGRAM_BOT_TOKEN=${bot.token}\nLAST=1`,
  )
  expect(JSON.parse(readFileSync(join(ward.stateDir, 'access.json'), 'utf8'))).toEqual(access)
  expect(readFileSync(join(ward.stateDir, 'inbox', '1.jpg'), 'utf8')).toBe('a picture')
  expect([clients(home).length, pollers(home).length]).toEqual([1, 1])
  await expectEcho(ward, `after ${name}`)
  const rows = delivered(home, `after ${name}`)
  expect(rows).toMatchObject([{ sessionId: conversation }])
  expect(await home.channels(['remove', name, '--purge', '--yes'])).toMatchObject({ code: 0 })
  await until('nobody', () => clients(home).length + pollers(home).length === 0)
}

test('by flags: refused without --move and --take-over, and with them it goes on here', async () => {
  const { terminal, conversation } = await byHand('flags')
  const args = (more: Readonly<Record<string, string | true | null>>) =>
    setupArgs(home, {
      session: 'flags',
      cwd: home.project,
      trust: null,
      allow: null,
      'no-pair': true,
      ...more,
    })
  const before = snapshot(usualDir, home.channelsHome)
  const call = { input: bot.token }
  for (const [more, says] of [
    [{}, /set up in .*channels\/telegram already, .*\n.*--move.*Or --shared.*Nothing was changed/],
    [
      { move: true },
      /This bot is in use on this machine: Claude \(process \d+\) in .*project\.\n.*\/exit, or say --take-over.*Nothing was changed/,
    ],
    [{ shared: true }, /This bot is in use on this machine/],
  ] as const)
    await expectRefused(home, { args: args({ 'no-start': null, ...more }), code: 1, says, call })
  expect(snapshot(usualDir, home.channelsHome)).toEqual(before)
  expect(clients(home)).toHaveLength(1)
  const done = await home.channels(args({ 'no-start': null, move: true, 'take-over': true }), call)
  expect(done, done.stderr).toMatchObject({ code: 0 })
  expect(done.stderr).toMatch(/moved: .*channels\/telegram becomes that folder/)
  expect(done.stderr).toMatch(/ended: Claude \(process \d+\) in .*project/)
  expect(done.stderr).toMatch(new RegExp(`conversation: ${conversation} goes on`))
  expect(await terminal.screen()).toMatch(/\[ended with/)
  await terminal.close()
  await expectTakenOver('flags', conversation)
})

test('by keys: its folder, bot and conversation are offered; no leaves all as it is', async () => {
  const { terminal, conversation } = await byHand('keys')
  const before = snapshot(usualDir)
  const refusing = await atTerminal(home, ['setup', home.channel], { cwd: home.home })
  await refusing.answers(new RegExp(`Which folder shall Claude work in\\? ${home.project}`))
  await refusing.answers(/Name of the session/, 'keys')
  await refusing.answers(new RegExp(`Which bot\\? .*@${bot.username} \\(in .*telegram/\\.env\\)`))
  await refusing.answers(/Move that folder, access list and all, to .*telegram-keys\?/)
  await refusing.answers(/! This bot is in use on this machine: Claude .*End it when setting up\?/)
  expect(await refusing.ends(1)).toMatch(
    /This bot is in use.*\/exit, or say --take-over.*Nothing was changed/,
  )
  expect(snapshot(usualDir)).toEqual(before)
  await expectHandAnswers('still there')
  const person = await atTerminal(home, ['setup', home.channel], { cwd: home.home })
  await person.answers(/A setup of `keys` was not finished/)
  await person.answers(/Which bot\?/)
  await person.answers(/Move that folder/)
  await person.answers(/End it when setting up\?/, 'y')
  await person.answers(/Go on with the conversation it is in\?/)
  await person.answers(/What may Claude do/)
  await person.sees(
    new RegExp(`moved: .* becomes that folder .*ended: Claude .*conversation: ${conversation} goes on`),
  )
  await person.answers(/Set it up like this\?/)
  // Who may write came with the folder, and there are several: nobody has to be let in, and nobody is chosen.
  await person.sees(/can tell one of those it hears of trouble/, 30_000)
  await person.sees(/The proof/, 30_000)
  expect(await terminal.screen()).toMatch(/\[ended with/)
  await terminal.close()
  bot.push('the proof')
  await person.sees(/It arrived in the conversation, from tester: "the proof"/)
  await person.ends(0)
  await expectTakenOver('keys', conversation)
})

const expectHandAnswers = async (text: string): Promise<void> => {
  bot.push(text)
  await bot.waitForSent((sent) => sent.text === `echo: ${text}`)
}

test('a webhook: removed where that is said, with what waits behind it kept', async () => {
  for (const by of ['flags', 'keys'] as const) {
    bot = home.bot.addBot()
    bot.setWebhook('https://example.org/secret-path')
    bot.push(`waited for ${by}`)
    const name = `hook-${by}`
    const said = await (by === 'flags' ? hookByFlags(name) : hookByKeys(name))
    expect(said).toMatch(/webhook: that of example\.org is REMOVED/)
    expect(said).not.toContain('secret-path')
    expect(bot.webhook()).toBe('')
    const calls = home.bot.requests().filter((each) => each.bot === bot.id && each.method === 'deleteWebhook')
    expect(calls[0]?.params).toEqual({})
    await expectEcho(wardOf(name), `after ${by}`)
    expect(await home.channels(['remove', name, '--purge', '--yes'])).toMatchObject({ code: 0 })
  }
})

const hookByFlags = async (name: string): Promise<string> => {
  const args = setupArgs(home, { session: name, 'remove-webhook': true })
  const done = await home.channels(args, { input: bot.token })
  expect(done, done.stderr).toMatchObject({ code: 0 })
  expect(bot.pending()).toBe(1)
  await expectUp(home, name, 0, 'is live')
  return done.stderr
}

const hookByKeys = async (name: string): Promise<string> => {
  const flags = ['--cwd', home.project, '--trust', '--session', name, '--allow', '4242', '--no-notify']
  const person = await atTerminal(home, ['setup', home.channel, ...flags, '--permission-mode', 'default'])
  await person.answers(/Which bot\?/, '', 'Down', 'Enter')
  await person.answers(/The token/, bot.token)
  await person.answers(/Remove the webhook of example\.org when setting up\?/, 'y')
  await person.answers(/Set it up like this\?/)
  await person.sees(/The proof/, 30_000)
  bot.push('and the proof')
  return person.ends(0, 30_000)
}
