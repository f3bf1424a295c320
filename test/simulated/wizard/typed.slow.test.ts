import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../../sim/until.ts'
import { expectCancelled, expectComplete, expectReadable } from './expect.ts'
import { type Held, openMachine } from './machine.ts'
import { openWizard, untilAsks, type Wizard } from './rig.ts'
import { type Person, stepOf } from './steps.ts'
import { walk } from './walk.ts'

let home: Held
let someone: Person
// Each its own: where one goes wrong, the other still says something.
beforeEach(async () => {
  home = await openMachine()
  someone = { home, bot: home.bot.bot, folder: home.project, session: 'site' }
})
afterEach(() => home.end())

const draft = (): string => join(home.state, 'setup.json')

const expectDraft = (holds: object): void => {
  const text = readFileSync(draft(), 'utf8')
  expect(JSON.parse(text)).toMatchObject(holds)
  expect(text).not.toContain(someone.bot.token.slice(-30))
  expect(statSync(draft()).mode & 0o777).toBe(0o600)
  expect(statSync(home.state).mode & 0o777).toBe(0o700)
}

/** Open and as it was put: nothing of what was typed before has chosen anything. */
const expectUntouched = async (wizard: Wizard): Promise<void> => {
  await untilAsks(wizard.look, 'What may Claude do without asking?')
  expect((await wizard.look()).asks).toContain('● Nothing but read')
}

test('a token pasted with CRLF is taken, half of one is not, and the draft holds neither', async () => {
  const wizard = await openWizard(home)
  try {
    await walk(wizard, someone, { to: stepOf('the token') })
    const { token } = someone.bot
    await wizard.paste(`${token.slice(0, 20)}\r\n${token.slice(20)}\r\n`)
    const wrong = 'That is no bot token: it is too short; part of it is missing.'
    await until(wrong, async () => (await wizard.screen()).includes(wrong))
    // What was wrong is shown in place of the dots; the next try begins anew.
    await wizard.paste(`${token}\r\n`)
    // Until it is drawn as taken, the walk would find the question open still and answer it once more.
    await until('the token to be taken', async () => (await wizard.look()).asks === null)
    await walk(wizard, someone, { to: stepOf('whether another machine polls') })
    await wizard.type('y')
    await wizard.press('Enter', 'Down', 'Enter')
    await expectUntouched(wizard)
    expectDraft({ session: 'site', cwd: home.project, permissionMode: null })
    await wizard.press('C-c')
    await expectCancelled(
      home,
      wizard,
      /Nothing was changed\. Run the same command again: it goes on where it stopped\.$/,
    )
    expectDraft({ session: 'site', cwd: home.project, permissionMode: null })
  } finally {
    await wizard.close()
  }
})

test('lines pasted after a token answer nothing, and the draft is gone after the proof', async () => {
  const wizard = await openWizard(home)
  try {
    await walk(wizard, someone, { to: stepOf('the token') })
    await wizard.paste(`${someone.bot.token}\n\u001b[B\ny\nyes\n`)
    await expectUntouched(wizard)
    await wizard.answer('What may Claude do without asking?', '', 'Down')
    await untilAsks(wizard.look, 'Set it up like this?')
    expectDraft({ permissionMode: 'acceptEdits' })
    // Typed out in full it is one yes, and no answer to what comes next.
    await wizard.type('yes')
    await wizard.press('Enter')
    const { ended, screen } = await walk(wizard, someone)
    expect({ ended, screen }).toMatchObject({ ended: 0 })
    await expectReadable(home, wizard)
    await expectComplete(home, 'site')
  } finally {
    await wizard.close()
  }
})
