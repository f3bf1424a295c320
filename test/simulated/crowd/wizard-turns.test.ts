import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { pluginKey } from '../../../src/core/channel.ts'
import { within } from '../../patience.ts'
import { openTerminal } from '../../sim/terminal.ts'
import { until } from '../../sim/until.ts'
import { registrations } from '../../sim/watch.ts'
import { setUp } from '../faults/kit.ts'
import { complete, endAt, type Way, withPerson } from '../wizard/end.ts'
import type { Held } from '../wizard/machine.ts'
import { openWizard, type Wizard } from '../wizard/rig.ts'
import { type Person, stepOf } from '../wizard/steps.ts'
import { walk } from '../wizard/walk.ts'

const ways: readonly Way[] = ['C-c', 'Escape', 'kill -9']

/** The plugin is used by hand already: its token in the usual folder, a session that polls with it, here. */
const useByHand = async (home: Held): Promise<void> => {
  const installed = await home.claude(['plugin', 'install', pluginKey(home.channel) ?? ''])
  expect(installed, installed.stderr).toMatchObject({ code: 0 })
  const usual = join(home.home, '.claude', 'channels', 'telegram')
  mkdirSync(usual, { recursive: true, mode: 0o700 })
  writeFileSync(join(usual, '.env'), `TELEGRAM_BOT_TOKEN=${home.bot.bot.token}\n`, { mode: 0o600 })
  const access = { dmPolicy: 'allowlist', allowFrom: ['4242'], groups: {}, pending: {} }
  writeFileSync(join(usual, 'access.json'), JSON.stringify(access), { mode: 0o600 })
  const file = join(home.home, '.claude.json')
  const projects = { [home.project]: { hasTrustDialogAccepted: true } }
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), projects }))
  await openTerminal(home, 'hand', home.project, `claude --channels ${home.channel}`)
  await until('the session by hand', () => registrations(home)[0])
}

/** Somebody else polls, as Telegram says it: once. */
const pollElsewhere = ({ home }: Person): void => {
  home.bot.fail({
    method: 'getUpdates',
    how: 'refuse',
    status: 409,
    description:
      'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    times: 1,
  })
}

/** Enter alone, until it tells who waits: where the machine is busy, the session may be recovering at first. */
const askWhoWaits = (wizard: Wizard): Promise<unknown> =>
  until(
    'the question whether to deny them',
    async () => {
      await wizard.answer('Code (Enter alone')
      const { asks } = await until('a question', async () => {
        const seen = await wizard.look()
        return seen.asks === null ? null : seen
      })
      return asks?.startsWith('Deny them all')
    },
    30_000,
  )

describe.concurrent.each(ways)('%s', within(150_000), (way) => {
  test('at every question about a bot that is used by hand: nothing has changed, the next run takes it over', () =>
    withPerson(async (someone) => {
      await useByHand(someone.home)
      for (const name of ['which bot', 'the move', 'the take-over', 'the conversation'])
        await endAt(stepOf(name), way, someone)
      await complete(someone)
    }))

  test('at the question about a webhook: it stands, and the next run removes it', () =>
    withPerson(async (someone) => {
      const { bot } = someone
      bot.setWebhook('https://example.com/hook')
      await endAt(stepOf('the webhook'), way, someone)
      expect(bot.webhook()).toBe('https://example.com/hook')
      await complete(someone)
      expect(bot.webhook()).toBe('')
    }))

  test('where another machine has the bot: nothing has changed, the next run goes on', () =>
    withPerson(async (someone) => {
      pollElsewhere(someone)
      await endAt(stepOf('another machine'), way, someone)
      pollElsewhere(someone)
      await complete(someone)
    }))

  test('at a session that is set up already: nothing has changed, the next run goes on', () =>
    withPerson(async (someone) => {
      const { home } = someone
      const { bot, cwd } = await setUp(home, 'site')
      const again = { ...someone, bot, folder: cwd }
      await endAt(stepOf('set up already'), way, again, ['--session', 'site'])
      await complete(again, ['--session', 'site'])
    }))
})

test.concurrent.each(ways)(
  '%s where strangers hold all places: nobody is denied, the next run goes on',
  within(150_000),
  (way) =>
    withPerson(async (someone) => {
      const { home, bot } = someone
      const toCode = await openWizard(home)
      await walk(toCode, someone, { to: stepOf('the code') })
      for (const from of [1, 2, 3]) bot.push('let me in', { from, username: `stranger${from}` })
      const access = join(home.home, '.claude', 'channels', 'telegram-site', 'access.json')
      const pending = () =>
        Object.keys((JSON.parse(readFileSync(access, 'utf8')) as { pending: object }).pending)
      await until('three that wait', () => pending().length === 3)
      const before = pending()
      await askWhoWaits(toCode)
      if (way === 'kill -9') process.kill(toCode.process().pid, 'SIGKILL')
      else await toCode.press(way)
      expect(await toCode.ended()).toBe(way === 'kill -9' ? 137 : 130)
      expect(pending()).toEqual(before)
      await toCode.close()
      const again = await openWizard(home)
      await again.answer('A setup of')
      await askWhoWaits(again)
      await again.answer('Deny them all', 'y')
      const { ended, screen } = await walk(again, someone)
      expect({ ended, screen }).toMatchObject({ ended: 0 })
      await again.close()
    }),
)
