import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../sim/until.ts'
import { addMarketplace, succeeded } from '../../sim/ward.ts'
import { clients } from '../../sim/watch.ts'
import { readReport, sessionIn } from '../faults/kit.ts'
import { closeDesk, type Desk, openDesk } from './desk.ts'

// docs/living.md, "Moving to another machine", step by step. The other machine is another configuration of ours and of the
// client: neither knows anything of the first.

let desk: Desk
beforeAll(async () => {
  desk = await openDesk('site')
})
afterAll(() => closeDesk(desk))

test('a bot, who may write to it and its conversation go on elsewhere', async () => {
  const { home, bot, conversation } = desk
  const config = join(home.root, 'config')
  mkdirSync(config)
  cpSync(join(home.home, '.claude.json'), join(config, '.claude.json'))
  cpSync(join(home.home, '.claude', 'settings.json'), join(config, 'settings.json'))
  const env = { CLAUDE_CONFIG_DIR: config, CHANNELS_HOME: join(home.root, 'elsewhere') }
  await addMarketplace(home, env)
  const there = (words: readonly string[], input = '') => home.channels(words, { env, input })
  const folder = sessionIn(await home.status(), 'site').cwd

  succeeded(await home.channels(['down', 'site']))
  const flags = ['--token-stdin', '--allow', '4242', '--trust', '--yes']
  const setup = ['setup', home.channel, '--session', 'site', '--cwd', folder, ...flags]
  succeeded(await there(setup, `${bot.token}\n`))
  cpSync(join(home.home, '.claude', 'projects'), join(config, 'projects'), { recursive: true })
  succeeded(await there(['restart', 'site', '--conversation', conversation]))

  const moved = sessionIn(readReport(await there(['status', '--json'])), 'site')
  expect(moved).toMatchObject({ state: 'live', client: { conversation } })
  bot.push('still there?')
  await bot.waitForSent(({ text }) => text === 'echo: still there?', 15_000)
  succeeded(await home.channels(['remove', 'site', '--purge', '--yes']))
  expect(existsSync(join(home.home, '.claude', 'channels', 'telegram-site'))).toBe(false)
  await until('its one client', () => clients(home).length === 1)
  expect(sessionIn(readReport(await there(['status', '--json'])), 'site').state).toBe('live')
})
