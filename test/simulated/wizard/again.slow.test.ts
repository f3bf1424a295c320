import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readProcess } from '../../sim/processes.ts'
import { expectEcho, expectUp, live, setUp, type Ward } from '../faults/kit.ts'
import { expectCancelled, expectComplete, expectReadable } from './expect.ts'
import { type Held, openMachine } from './machine.ts'
import { openWizard, untilAsks, type Wizard, type WizardOptions } from './rig.ts'
import { type Person, stepOf } from './steps.ts'
import { walk } from './walk.ts'

let home: Held
let site: Ward
let someone: Person
beforeAll(async () => {
  home = await openMachine()
  site = await setUp(home, 'site')
  someone = { home, bot: site.bot, folder: site.cwd, session: 'site' }
  await expectUp(home, 'site', 0, 'site is live')
})
afterAll(() => home.end())

const withWizard = async (options: WizardOptions, play: (wizard: Wizard) => Promise<void>): Promise<void> => {
  const wizard = await openWizard(home, options)
  try {
    await play(wizard)
    await expectReadable(home, wizard)
    expect(await wizard.disorder()).toEqual([])
  } finally {
    await wizard.close()
  }
}

const expectEnded = async (wizard: Wizard, person: Person, code: number, says: string): Promise<void> => {
  const { ended } = await walk(wizard, person)
  const screen = await wizard.screen()
  expect({ ended, screen }).toEqual({ ended: code, screen: expect.stringContaining(says) })
}

test('--check repeats the proof on the session that is there', () =>
  withWizard({ args: ['setup', 'telegram', '--check'], columns: 60 }, async (wizard) => {
    await expectEnded(wizard, someone, 0, '✓ The answer went out: "echo: hi there"')
    expect(await wizard.all()).not.toContain('◇')
  }))

test('--check without a message says so and what helps', () =>
  withWizard({ args: ['setup', 'telegram', '--check', '--timeout', '1s'] }, async (wizard) => {
    expect(await wizard.ended()).toBe(1)
    expect(await wizard.screen()).toContain('! No message arrived within the time given.')
    expect(await wizard.screen()).toContain('`channels attach site`')
  }))

test.each(['C-c', 'Escape'])('--check cancelled by %s', (key) =>
  withWizard({ args: ['setup', 'telegram', '--check'] }, async (wizard) => {
    await walk(wizard, someone, { to: stepOf('the message') })
    await wizard.press(key)
    await expectCancelled(home, wizard, /Cancelled\. `channels status site` shows where it stands\.$/)
  }),
)

test('a second bot gets a session beside the first, and not the first one’s bot', async () => {
  const bot = home.bot.addBot()
  const folder = join(home.root, 'shop')
  const second = { home, bot, folder, session: 'shop' }
  mkdirSync(folder)
  const client = await live(home, 'site')
  await withWizard({}, async (wizard) => {
    await wizard.answer('Which folder shall Claude work in?', folder)
    await wizard.answer('Do you trust what is in', 'y')
    await wizard.answer('Name of the session', 'SITE')
    await untilAsks(wizard.look, 'Name of the session, for commands such as `channels status <name>`')
    expect(await wizard.screen()).toContain('There is a session of that name')
    await wizard.press('C-u')
    await wizard.answer('Name of the session', 'shop')
    await wizard.answer('The token', site.bot.token)
    await untilAsks(wizard.look, 'The token')
    expect(await wizard.screen()).toContain('! Session `site` has this bot already')
    await expectEnded(wizard, second, 0, '✓ The answer went out: "echo: hi there"')
  })
  await expectComplete(home, 'shop')
  expect(await live(home, 'site')).toBe(client)
  await expectEcho(site, 'still you')
})

test('set up already: the rest of it is done', () =>
  withWizard({ args: ['setup', home.channel, '--session', 'site'] }, async (wizard) => {
    await untilAsks(wizard.look, '`site` is set up already.')
    await expectEnded(wizard, someone, 0, '✓ The answer went out: "echo: hi there"')
    // Somebody is in, and it runs: nothing but the proof is left.
    expect(await wizard.all()).toContain('site is live already.')
    expect(await wizard.all()).not.toContain('Let yourself in')
  }))

test('set up already: it is set up again, and what is there is offered', () =>
  withWizard({ args: ['setup', home.channel, '--session', 'site'] }, async (wizard) => {
    await wizard.answer('`site` is set up already.', '', 'Down')
    await wizard.answer('Which folder shall Claude work in?', site.cwd)
    await untilAsks(wizard.look, 'Which bot?')
    expect((await wizard.look()).asks).toContain(`● @${site.bot.username} (in ${site.stateDir}/.env)`)
    await wizard.answer('Which bot?')
    await wizard.answer('What may Claude do without asking?', '', 'Down')
    await expectEnded(wizard, someone, 0, '✓ The answer went out: "echo: hi there"')
    const pid = await live(home, 'site')
    expect(readProcess(pid)?.argv.join(' ')).toContain('--permission-mode acceptEdits')
  }))

test('flags beside a setup that is written and not finished: they count, and the command it names goes on', async () => {
  const bot = home.bot.addBot()
  const folder = join(home.root, 'wiki')
  const someoneElse = { home, bot, folder, session: 'wiki' }
  mkdirSync(folder)
  const args = ['setup', home.channel, '--session', 'wiki', '--cwd', folder, '--trust']
  const cancelAtCode = (mode: string) =>
    withWizard({ args: [...args, '--permission-mode', mode] }, async (wizard) => {
      await walk(wizard, someoneElse, { to: stepOf('the code') })
      await wizard.press('C-c')
      const goesOn = `\`channels setup ${home.channel} --session wiki\` goes on where it stopped.`
      await expectCancelled(home, wizard, new RegExp(`Cancelled\\. wiki is set up\\. ${goesOn}$`))
    })
  await cancelAtCode('acceptEdits')
  expect(readProcess(await live(home, 'wiki'))?.argv.join(' ')).toContain('--permission-mode acceptEdits')
  await cancelAtCode('plan')
  expect(readProcess(await live(home, 'wiki'))?.argv.join(' ')).toContain('--permission-mode plan')
  await withWizard({ args: args.slice(0, 4) }, async (wizard) => {
    await wizard.answer('A setup of `wiki` was not finished.')
    await expectEnded(wizard, someoneElse, 0, '✓ The answer went out: "echo: hi there"')
  })
})
