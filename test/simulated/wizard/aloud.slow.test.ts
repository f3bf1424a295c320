import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../sim/until.ts'
import { expectCancelled, expectReadable } from './expect.ts'
import { type Held, openMachine } from './machine.ts'
import { type Recorded, record } from './record.ts'
import { openWizard, untilAsks, type Wizard } from './rig.ts'
import { stepOf } from './steps.ts'
import { walk } from './walk.ts'

/** For a terminal that is read aloud. */
const env = { ACCESSIBLE: '1', NO_COLOR: '1' }

let home: Held
let aloud: Recorded
beforeAll(async () => {
  home = await openMachine()
  aloud = await record(home, { columns: 60, env, recorded: true })
})
afterAll(async () => {
  await aloud?.wizard.close()
  await home.end()
})

test('from start to proof', async () => {
  await expect(aloud.parts).toMatchFileSnapshot('screens/aloud.txt')
  await expectReadable(home, aloud.wizard)
})

/** By the terminal's own word, which has the last line later than the screen. */
const expectLinesOnly = async (wizard: Wizard, last: string): Promise<void> => {
  await until(last, () => wizard.written().includes(last))
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
  expect(wizard.written().match(/[\0-\x09\x0b\x0c\x0e-\x1f\x7f].{0,20}|\r(?!\n)/g)).toBe(null)
}

test('the terminal is sent lines and nothing else', () => expectLinesOnly(aloud.wizard, 'channels down site'))

test('another command asks the same way', async () => {
  const wizard = await openWizard(home, { args: ['remove', 'site'], env, recorded: true })
  try {
    const question = 'Shall `site` be'
    await wizard.answer(question, 'maybe')
    await wizard.answer(question, 'n')
    expect(await wizard.ended()).toBe(130)
    expect(await wizard.disorder()).toEqual([])
    expect(await wizard.screen()).toContain(
      '\ny or n; Enter alone: no\n> maybe\nType y for yes or n for no.\n> n\nchannels: Cancelled',
    )
    await expectLinesOnly(wizard, 'Cancelled')
  } finally {
    await wizard.close()
  }
})

describe('given up in the midst of an answer', () => {
  let fresh: Held
  beforeAll(async () => {
    fresh = await openMachine()
  })
  afterAll(() => fresh.end())

  // In the order in which they are asked: what is answered is kept in the draft and not asked again.
  test.each([
    ['the folder', 'C-c'],
    ['trust', 'Escape'],
    ['the name', 'C-d'],
    ['the token', 'C-c'],
    ['the token', 'Escape'],
    ['the permissions', 'Escape'],
  ])('at %s by %s', async (step, key) => {
    const wizard = await openWizard(fresh, { columns: 60, env, recorded: true })
    try {
      const person = { home: fresh, bot: fresh.bot.bot, folder: fresh.project, session: 'site' }
      await walk(wizard, person, { to: stepOf(step) })
      await wizard.type('qqq')
      if (step !== 'the token')
        await until('what was typed', async () => />.* qqq$/m.test(await wizard.screen()))
      await wizard.press(key)
      await expectCancelled(fresh, wizard, /Nothing was changed\. Run the same command again: it goes on/)
      expect((await wizard.all()).includes('qqq')).toBe(step !== 'the token')
      await expectLinesOnly(wizard, 'Cancelled')
    } finally {
      await wizard.close()
    }
  })

  test('lines pasted after a token answer nothing, and half of one is not taken', async () => {
    const wizard = await openWizard(fresh, { columns: 60, env })
    try {
      const person = { home: fresh, bot: fresh.bot.bot, folder: fresh.project, session: 'site' }
      await walk(wizard, person, { to: stepOf('the token') })
      const { token } = fresh.bot.bot
      await wizard.paste(`${token.slice(0, 20)}\r\n${token.slice(20)}\r\n`)
      const wrong = 'That is no bot token: it is too short; part of it is\nmissing.\n>\n'
      await until(wrong, async () => (await wizard.screen()).includes(wrong))
      await wizard.paste(`${token}\n2\ny\nyes\n`)
      const { screen } = await untilAsks(wizard.look, 'What may Claude do without asking?')
      expect(screen.trimEnd()).toMatch(/Type a number; Enter alone: 1\n>$/)
      await wizard.press('C-c')
      await expectCancelled(fresh, wizard, /Nothing was changed\. Run the same command again: it goes on/)
    } finally {
      await wizard.close()
    }
  })
})
