import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { pluginKey } from '../../src/core/channel.ts'
import type { Home } from '../sim/home.ts'
import { readProcess } from '../sim/processes.ts'
import { until } from '../sim/until.ts'
import { clients, delivered, pollers, registrations, transcriptRows, untilLive } from '../sim/watch.ts'
import { expectAnswer, makeRealHome, sender } from './harness.ts'
import type { Person } from './person.ts'
import { runByHand, runInTerminal } from './person.ts'
import { type ClientVersion, clientVersions } from './versions.ts'
import { screens, withoutWhatVaries } from './wizard-screens.ts'

const homes: Home[] = []
const people: Person[] = []
afterEach(async () => {
  for (const person of people.splice(0)) await person.close()
  for (const home of homes.splice(0)) await home.close()
})

describe.each(clientVersions)('the wizard with client %s', (version) => {
  test('goes by keys from nothing to a message that was answered', async () => {
    const home = await open(version)
    const person = await setup(home)
    const now = async () => withoutWhatVaries(await person.screen(), home)
    // Typed, since another session by hand on this machine is offered first, whosever it is.
    await person.presses('Which folder', 'C-u')
    await person.answers('Which folder', home.project)
    await person.sees('Do you trust')
    expect(await now()).toBe(screens.trust(version))
    await person.presses('Do you trust', 'y', 'Enter')
    await person.presses('Name of the session', 'C-u')
    await person.answers('Name of the session', 'work')
    await person.answers('The token (', home.bot.bot.token)
    await person.sees('What may Claude do')
    expect(await now()).toContain(screens.permissions)
    await person.presses('What may Claude do', 'Enter')
    await person.sees('Set it up like this?')
    // Nothing is written before the yes.
    expect(existsSync(stateDir(home))).toBe(false)
    await person.presses('Set it up like this?', 'Enter')
    await person.sees('Code (Enter alone if none came)')
    home.bot.bot.push('let me in')
    await person.answers('Code (Enter alone if none came)', await codeOf(home))
    await person.sees('Let them in?')
    expect(await now()).toContain(screens.who)
    await person.presses('Let them in?', 'y', 'Enter')
    await person.presses('tell 4242 when work is blocked', 'Enter')
    await person.sees('Waiting for your message to arrive')
    home.bot.bot.push('hello')
    await person.sees('[ended with')
    expect(await now()).toBe(screens.whole(version))
    expect(await person.screen()).not.toContain(home.bot.bot.token.split(':')[1])

    await untilLive(home)
    await expectAnswer(home, 'and again')
    expect((await home.status()).sessions[0]?.channels[0]).toMatchObject({ policy: 'allowlist', senders: 1 })
    const before = home.bot.bot.sent().length
    home.bot.bot.push('me too', { from: 666, username: 'stranger' })
    await until('it to be taken', () => home.bot.bot.pending() === 0)
    await expectAnswer(home, 'after the stranger')
    expect(
      home.bot.bot
        .sent()
        .slice(before)
        .map(({ chatId }) => chatId),
    ).toEqual([sender])
    expect(delivered(home, 'me too')).toEqual([])
  })

  test('finds a session that was started by hand; it is ended, and its conversation goes on', async () => {
    const home = await open(version)
    await startedByHand(home)
    const [hand] = clients(home)
    const [registration] = registrations(home)
    const [poller] = pollers(home)
    await expectAnswer(home, 'said by hand')

    const byFlags = (...more: readonly string[]) => {
      const flags = [
        '--session',
        'work',
        '--cwd',
        home.project,
        '--token-stdin',
        '--no-pair',
        '--yes',
        ...more,
      ]
      return home.channels(['setup', home.channel, ...flags], { input: `${home.bot.bot.token}\n` })
    }
    const unmoved = await byFlags('--take-over')
    expect(unmoved, unmoved.stderr).toMatchObject({ code: 1, stdout: '' })
    expect(unmoved.stderr).toContain('Say --move')
    const running = await byFlags('--move')
    expect(running, running.stderr).toMatchObject({ code: 1, stdout: '' })
    expect(running.stderr).toContain(`Claude (process ${hand?.pid}) in ${home.project}`)
    expect(running.stderr).toContain('say --take-over')

    const person = await setup(home)
    await person.presses('Which folder', 'C-u')
    await person.answers('Which folder', home.project)
    await person.presses('Name of the session', 'C-u')
    await person.answers('Name of the session', 'work')
    await person.presses('Which bot?', 'Enter')
    await person.presses('Move that folder', 'Enter')
    await person.sees('End it when setting up?')
    expect(withoutWhatVaries(await person.screen(), home)).toContain(screens.inUse)
    await person.presses('End it when setting up?', 'Escape')
    await person.sees('[ended with 130]')
    expect(pollers(home).map(({ pid }) => pid)).toEqual([poller?.pid])
    expect(existsSync(stateDir(home))).toBe(false)

    const done = await byFlags('--take-over', '--move')
    expect(done, done.stdout + done.stderr).toMatchObject({ code: 0 })
    const { client } = await untilLive(home)
    expect(client.conversation).toBe(registration?.conversation)
    expect(clients(home).map(({ pid }) => pid)).toEqual([client.pid])
    expect(readProcess(hand?.pid ?? 0)).toBeNull()
    expect(readProcess(poller?.pid ?? 0)).toBeNull()
    expect(existsSync(usualDir(home))).toBe(false)
    await expectAnswer(home, 'said to ours')
    const file = (text: string) => delivered(home, text).map(({ sessionId }) => sessionId)
    expect(file('said by hand')).toEqual([client.conversation])
    await until('the row', () => file('said to ours').length > 0)
    expect(file('said to ours')).toEqual([client.conversation])
    expect(new Set(transcriptRows(home).flatMap(({ sessionId }) => sessionId ?? []))).toEqual(
      new Set([client.conversation]),
    )
  })
})

const open = async (version: ClientVersion): Promise<Home> => {
  const home = await makeRealHome({ version })
  homes.push(home)
  return home
}

const setup = async (home: Home): Promise<Person> => {
  const person = await runByHand(home, 'setup', home.channel)
  people.push(person)
  return person
}

const stateDir = (home: Home): string => join(home.home, '.claude', 'channels', 'telegram-work')
const usualDir = (home: Home): string => join(home.home, '.claude', 'channels', 'telegram')

/** The code of the bot's last answer, as the person reads it on their phone. */
const codeOf = async (home: Home): Promise<string> => {
  const { text } = await home.bot.bot.waitForSent((sent) => sent.text.includes('access pair'), 20_000)
  return /pair (\w+)/.exec(text)?.[1] ?? ''
}

/** As the plugin's own manual has it: enabled for all, token in its usual folder, `claude --channels` in a terminal. */
const startedByHand = async (home: Home): Promise<void> => {
  const installed = await home.claude(['plugin', 'install', pluginKey(home.channel) ?? ''])
  expect(installed, installed.stderr).toMatchObject({ code: 0 })
  mkdirSync(usualDir(home), { recursive: true })
  writeFileSync(join(usualDir(home), '.env'), `TELEGRAM_BOT_TOKEN=${home.bot.bot.token}\n`)
  const access = { dmPolicy: 'allowlist', allowFrom: [sender], groups: {}, pending: {} }
  writeFileSync(join(usualDir(home), 'access.json'), JSON.stringify(access))
  const file = join(home.home, '.claude.json')
  const json = JSON.parse(readFileSync(file, 'utf8')) as object
  const projects = { [home.project]: { hasTrustDialogAccepted: true } }
  writeFileSync(file, JSON.stringify({ ...json, projects }))
  const reply = 'mcp__plugin_telegram_telegram__reply'
  people.push(
    await runInTerminal(home, [
      join(home.bin, 'claude'),
      '--permission-mode',
      'default',
      '--allowedTools',
      reply,
      '--channels',
      home.channel,
    ]),
  )
  await until('a registered channel', () => registrations(home).length > 0, 30_000)
  await until('its poller', () => home.bot.bot.pollers().length === 1, 30_000)
}
