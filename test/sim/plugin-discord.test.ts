import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildStandIns } from './build.ts'
import { fields, readJson, writeJson } from './client/json.ts'
import { someone } from './discord-api/ids.ts'
import { type DiscordApi, startDiscordApi } from './discord-api/server.ts'
import { openPluginLab, type PluginLab } from './plugin/rig.ts'
import { until } from './until.ts'

let api: DiscordApi
let lab: PluginLab
let state: string
beforeAll(async () => {
  await buildStandIns()
})
beforeEach(async () => {
  api = await startDiscordApi()
  lab = openPluginLab('discord', { DISCORD_API_ROOT: api.root, CLAUDE_CONFIG_DIR: '/nowhere' })
  state = join(lab.home, '.claude', 'channels', 'discord')
  mkdirSync(state, { recursive: true })
  writeFileSync(join(state, '.env'), `DISCORD_BOT_TOKEN=${api.bot.token}\n`)
  writeAccess('allowlist', [someone])
})
afterEach(async () => {
  await lab.close()
  await api.close()
})

const writeAccess = (dmPolicy: string, allowFrom: readonly string[]) =>
  writeJson(join(state, 'access.json'), { dmPolicy, allowFrom, groups: {}, pending: {} })
const connected = (count = 1) => until('gateways', () => api.bot.gateways().length === count)

test('connects to the client first, then to Discord, and writes no pid file', async () => {
  const { hello, stderr, seen } = lab.start()
  expect(await hello).toMatchObject({
    serverInfo: { name: 'discord' },
    capabilities: { experimental: { 'claude/channel': {} } },
  })
  await connected()
  await until('its word', () => stderr() !== '')
  expect(stderr()).toBe(`discord channel: gateway connected as ${api.bot.username}\n`)
  expect(existsSync(join(state, 'bot.pid'))).toBe(false)
  const id = api.bot.push('hello')
  const { method, params } = await until('the message', () => seen()[0])
  expect([method, params.content]).toEqual(['notifications/claude/channel', 'hello'])
  expect(params.meta).toEqual({
    chat_id: api.bot.channelOf(),
    message_id: id,
    user: 'tester',
    user_id: someone,
    ts: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  })
})

test('no token: said at once, and no handshake; refused or without the intent: after it', async () => {
  const refused = lab.start({ DISCORD_BOT_TOKEN: api.addUserToken() })
  await refused.hello
  expect(await refused.exit).toBe(1)
  expect(refused.stderr()).toBe(
    'discord channel: login failed: Error [TokenInvalid]: An invalid token was provided.\n',
  )
  api.bot.setIntent(false)
  const unseeing = lab.start()
  await unseeing.hello
  expect(await unseeing.exit).toBe(1)
  expect(unseeing.stderr()).toBe('discord channel: login failed: Error: Used disallowed intents\n')
  writeFileSync(join(state, '.env'), '')
  const without = lab.start()
  await expect(without.hello).rejects.toThrow('Connection closed')
  expect(await without.exit).toBe(1)
  expect(without.stderr()).toContain('discord channel: DISCORD_BOT_TOKEN required\n  set in ')
})

test('hung up on, it connects again; two of one bot both get every message', async () => {
  const [one, other] = [lab.start(), lab.start()]
  await Promise.all([one.hello, other.hello])
  await connected(2)
  api.bot.push('doubled')
  for (const { seen } of [one, other]) await until('the message', () => seen().length === 1)
  const before = api.requests().length
  api.bot.dropGateways()
  await until('two more logins', () => api.requests().length >= before + 2)
  await connected(2)
  api.bot.push('again')
  for (const { seen } of [one, other]) await until('the next message', () => seen().length === 2)
})

test('pairing: the code names where to answer, the direct channel is what gets "Paired!"', async () => {
  writeAccess('pairing', [])
  const { hello, seen } = lab.start()
  await hello
  await connected()
  const [stranger, channel] = ['333333333333333333', api.bot.channelOf('333333333333333333')]
  for (let time = 0; time < 3; time += 1) api.bot.push('hi', { from: stranger })
  api.bot.push('hi', { from: '333333333333333334' })
  await until('two answers, and one', () => api.bot.sent().length === 3)
  const pending = Object.entries(fields(readJson(join(state, 'access.json')).pending))
  const [code, entry] = pending.find(([, one]) => fields(one).senderId === stranger) ?? []
  expect(code).toMatch(/^[0-9a-f]{6}$/)
  expect(entry).toMatchObject({ senderId: stranger, chatId: channel, replies: 2 })
  expect(
    api.bot
      .sent()
      .slice(0, 2)
      .map(({ text, chatId }) => [text, chatId]),
  ).toEqual(
    Array(2).fill([`Pairing required — run in Claude Code:\n\n/discord:access pair ${code}`, channel]),
  )
  writeAccess('allowlist', [stranger])
  mkdirSync(join(state, 'approved'))
  writeFileSync(join(state, 'approved', stranger), channel)
  await api.bot.waitForSent(({ text, chatId }) => text.startsWith('Paired!') && chatId === channel, 5000)
  expect(existsSync(join(state, 'approved', stranger))).toBe(false)
  api.bot.push('not on the list')
  api.bot.push('on the list', { from: stranger })
  await until('the message', () => seen().length > 0)
  expect(seen().map(({ params }) => params.content)).toEqual(['on the list'])
})

test('the tools answer, react, edit, read back and save what is attached', async () => {
  const { hello, rpc, seen } = lab.start()
  await hello
  await connected()
  const attachment = { name: 'photo.png', bytes: new Uint8Array([1, 2, 3]) }
  const message_id = api.bot.push('look', { attachment })
  const { params } = await until('the message', () => seen()[0])
  expect(params.meta).toMatchObject({ attachment_count: '1' })
  const chat_id = api.bot.channelOf()
  const use = async (name: string, input: object) => {
    const { content } = await rpc.request('tools/call', { name, arguments: { chat_id, ...input } })
    return String((content as readonly { readonly text: string }[])[0]?.text)
  }
  const [, sent] = /^sent \(id: (\d+)\)$/.exec(await use('reply', { text: 'nice' })) ?? []
  await use('edit_message', { message_id: sent, text: 'very nice' })
  await use('react', { message_id, emoji: '👍' })
  expect([api.bot.sent()[0]?.text, api.bot.reactions()[0]?.emoji]).toEqual(['very nice', '👍'])
  expect(await use('fetch_messages', { channel: chat_id })).toMatch(/^tester: look .*\n.*: very nice/)
  const saved = await use('download_attachment', { message_id })
  expect(saved.startsWith(join(state, 'inbox'))).toBe(true)
  expect([...readFileSync(saved)]).toEqual([1, 2, 3])
  expect(await rpc.request('tools/list', {})).toMatchObject({
    tools: ['reply', 'react', 'edit_message', 'fetch_messages', 'download_attachment'].map((name) => ({
      name,
    })),
  })
})

test('its client gone, or asked to end: gone within two seconds', async () => {
  const [first, second] = [lab.start(), lab.start()]
  await Promise.all([first.hello, second.hello])
  await connected(2)
  first.child.stdin.end()
  await connected(1)
  await until('the end of the first', () => lab.pids().length === 1, 2_000)
  for (const pid of lab.pids()) process.kill(pid, 'SIGTERM')
  await until('the end of the second', () => lab.pids().length === 0, 2_000)
})
