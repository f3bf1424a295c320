import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { writeJson } from '../sim/client/json.ts'
import { someone } from '../sim/discord-api/ids.ts'
import { startDiscordApi } from '../sim/discord-api/server.ts'
import { openFakechat } from '../sim/fakechat.ts'
import { freePort } from '../sim/other-wards.ts'
import { pagerOf } from '../sim/pager.ts'
import type { Plugin } from '../sim/plugin/marketplace.ts'
import { openPluginLab } from '../sim/plugin/rig.ts'
import { until } from '../sim/until.ts'
import { bunPath } from './install.ts'

// The channel plugins of the tests, from their sources, by the real Bun: what the stand-in for Bun makes of them is
// tried with the stand-ins themselves.

const open = (plugin: Plugin, environment: Readonly<Record<string, string>>) => {
  const lab = openPluginLab(plugin, environment, { bun: bunPath(), server: 'ts' })
  onTestFinished(lab.close)
  return lab
}

/** Starts it and has it answer the first message once that is there. */
const begin = async (lab: ReturnType<typeof open>) => {
  const { hello, rpc, seen, stderr } = lab.start()
  await hello
  const answer = async (text: string) => {
    const { params } = await until('the message', () => seen()[0])
    expect(params.content).toBe(text)
    const { chat_id } = params.meta as { readonly chat_id: string }
    await rpc.request('tools/call', { name: 'reply', arguments: { chat_id, text: `echo: ${text}` } })
  }
  return { answer, stderr }
}

test('discord', async () => {
  const api = await startDiscordApi()
  onTestFinished(api.close)
  const lab = open('discord', { DISCORD_API_ROOT: api.root })
  const state = join(lab.home, '.claude', 'channels', 'discord')
  mkdirSync(state, { recursive: true })
  writeFileSync(join(state, '.env'), `DISCORD_BOT_TOKEN=${api.bot.token}\n`)
  writeJson(join(state, 'access.json'), {
    dmPolicy: 'allowlist',
    allowFrom: [someone],
    groups: {},
    pending: {},
  })
  const { answer, stderr } = await begin(lab)
  // Hung up on before it was greeted, it ends.
  await until('the greeting', () => stderr().includes('gateway connected as'))
  api.bot.dropGateways()
  await until('another', () => api.requests().length === 2 && api.bot.gateways().length === 1)
  api.bot.push('hello')
  await answer('hello')
  await api.bot.waitForSent(({ text }) => text === 'echo: hello')
  for (const pid of lab.pids()) process.kill(pid, 'SIGTERM')
  await until('its end', () => lab.pids().length === 0)
})

test('fakechat', async () => {
  const port = await freePort()
  const lab = open('fakechat', { FAKECHAT_PORT: String(port) })
  const { answer } = await begin(lab)
  const page = await openFakechat(`http://127.0.0.1:${port}`)
  const text = 'grüße '.repeat(50)
  page.say(text)
  await answer(text)
  await page.waitForAnswer((shown) => shown.text === `echo: ${text}`)
  const later = lab.start()
  await expect(later.hello).rejects.toThrow('Connection closed')
  expect(later.stderr()).toContain(`error: Failed to start server. Is port ${port} in use?`)
  for (const pid of lab.pids()) process.kill(pid, 'SIGTERM')
  await until('its end', () => lab.pids().length === 0)
})

test('pager', async () => {
  const lab = open('pager', { CHANNELS_SESSION: 'work' })
  const pager = pagerOf(lab, 'work')
  const { answer } = await begin(lab)
  pager.say('hello')
  await answer('hello')
  await pager.waitForAnswer((text) => text === 'echo: hello')
})
