import { afterAll, beforeAll, expect, test } from 'vitest'
import { openFakechat } from '../../sim/fakechat.ts'
import { setUpDiscord, setUpFakechat, setUpPager, setUpServer } from '../../sim/other-wards.ts'
import type { Pager } from '../../sim/pager.ts'
import { untilNobody } from '../../sim/until.ts'
import { closeMachine, live, type Machine, makeMachine } from '../faults/kit.ts'

// One session of each kind beside telegram: set up by the command, live, answers, and leaves nothing when it is stopped.

let home: Machine
beforeAll(async () => {
  home = await makeMachine()
})
afterAll(() => closeMachine(home))

const up = async (name: string) => {
  await home.channels(['up', name, '--no-wait'])
  await live(home, name)
}

/** fakechat does not end with its client: somebody has to end it (field notes, section 2). */
const down = async (name: string) => {
  expect(await home.channels(['down', name])).toMatchObject({ code: 0 })
  const left = () => home.processes().filter(({ env }) => env.CHANNELS_SESSION === name)
  await untilNobody(`nothing of ${name}`, left)
}

const talk = async (pager: Pager) => {
  pager.say('hello')
  await pager.waitForAnswer((text) => text === 'echo: hello')
}

test('discord', async () => {
  const { name, bot } = await setUpDiscord(home, 'guild')
  await up(name)
  bot.push('hello')
  await bot.waitForSent(({ text }) => text === 'echo: hello')
  await down(name)
  expect(bot.gateways()).toEqual([])
})

test('fakechat', async () => {
  const { name, address } = await setUpFakechat(home, 'page')
  await up(name)
  const page = await openFakechat(address)
  page.say('hello')
  await page.waitForAnswer(({ text }) => text === 'echo: hello')
  await down(name)
  expect(page.isOpen()).toBe(false)
})

test('a plugin that no list approves', async () => {
  const { name, pager } = await setUpPager(home, 'own')
  await up(name)
  await talk(pager)
  await down(name)
})

test('a server of the folder', async () => {
  const { name, pager } = await setUpServer(home, 'folder')
  await up(name)
  await talk(pager)
  await down(name)
})
