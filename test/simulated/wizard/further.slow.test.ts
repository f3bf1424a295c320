import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { patience } from '../../patience.ts'
import type { DiscordBot } from '../../sim/discord-api/bot.ts'
import { until } from '../../sim/until.ts'
import { expectEcho, expectUp, live, setUp, untilSession, type Ward } from '../faults/kit.ts'
import { expectComplete } from './expect.ts'
import { type Held, openMachine } from './machine.ts'
import { playWizard, shows } from './play.ts'
import { untilAsks, type Wizard } from './rig.ts'

// A Discord bot for a session whose Telegram is in use.

let home: Held
let site: Ward
let bot: DiscordBot
beforeAll(async () => {
  home = await openMachine()
  site = await setUp(home, 'site')
  bot = home.discord.addBot()
  await expectUp(home, 'site', 0, 'site is live')
})
afterAll(() => home.end())

const withWizard = (play: (wizard: Wizard) => Promise<void>, ...flags: readonly string[]): Promise<void> =>
  playWizard(home, ['setup', home.channelOf('discord'), '--session', 'site', ...flags], play)

const stored = () => JSON.parse(readFileSync(join(home.channelsHome, 'config.json'), 'utf8')).sessions.site

test('changed while the wizard waits for Discord: said, and neither is lost', async () => {
  bot.setIntent(false)
  const before = stored()
  await withWizard(async (wizard) => {
    await wizard.answer('The token', bot.token)
    await shows(wizard, 'Waiting until the Message Content Intent is on')
    expect(await home.channels(['set', 'site', 'model=opus', 'permission-mode=acceptEdits'])).toMatchObject({
      code: 0,
    })
    bot.setIntent(true)
    await wizard.answer('Set it up like this?', 'y')
    expect(await wizard.ended()).toBe(1)
    const screen = (await wizard.all('joined')).replace(/\s+/g, ' ')
    expect(screen).toContain(
      '`site` was changed since this was planned: its permission mode, its model or arguments. Nothing was written.',
    )
    expect(screen).toContain('Your answers are kept, but for the token and what was changed.')
  })
  expect(stored()).toEqual({ ...before, permissionMode: 'acceptEdits', arguments: ['--model', 'opus'] })
  expect(existsSync(join(home.home, '.claude', 'channels', 'discord-site'))).toBe(false)
})

/** It has to last for longer than all the rest of a setup. */
const work = `slow: ${8 * patience}`

test('run again while Claude works: it is waited for, and only what comes by Discord is the proof', async () => {
  const former = await live(home, 'site')
  await withWizard(async (wizard) => {
    await wizard.answer('A setup of `site` was not finished.')
    await wizard.answer('The token', bot.token)
    await untilAsks(wizard.look, 'Set it up like this?')
    site.bot.push(work)
    await until(
      'Claude at work',
      async () => (await untilSession(home, 'site', { state: 'live' })).client?.activity === 'busy',
    )
    await wizard.answer('Set it up like this?', 'y')
    await shows(wizard, 'Waiting until Claude is idle, then starting site anew')
    expect((await home.status()).sessions[0]?.client?.pid).toBe(former)
    await site.bot.waitForSent(({ text }) => text === `echo: ${work}`, 30_000)
    await untilAsks(wizard.look, 'Code (Enter alone', 40_000)
    bot.push('let me in')
    const { text } = await bot.waitForSent((sent) => sent.text.includes('pair '))
    await wizard.answer('Code (Enter alone', /pair (\w{6})/.exec(text)?.[1] ?? '')
    await wizard.answer('Let them in?', 'y')
    await wizard.answer('Shall ', 'n')
    await shows(wizard, 'Waiting for your message to arrive')
    await expectEcho(site, 'over there')
    await shows(wizard, 'Waiting for your message to arrive')
    bot.push('hi there')
    expect(await wizard.ended(40_000)).toBe(0)
    expect(await wizard.all('joined')).toContain('✓ The answer went out: "echo: hi there"')
    expect(await wizard.all('joined')).not.toContain('over there')
  })
  await expectComplete(home, 'site')
  expect(await live(home, 'site')).not.toBe(former)
  expect(stored()).toMatchObject({ permissionMode: 'acceptEdits', arguments: ['--model', 'opus'] })
})

test('--check of one channel hears no other', () =>
  withWizard(async (wizard) => {
    await shows(wizard, 'Waiting for your message to arrive')
    await expectEcho(site, 'still over there')
    await shows(wizard, 'Waiting for your message to arrive')
    bot.push('here I am')
    expect(await wizard.ended(40_000)).toBe(0)
    expect(await wizard.all('joined')).toContain('✓ The answer went out: "echo: here I am"')
  }, '--check'))
