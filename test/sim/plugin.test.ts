import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { exactly, within } from '../patience.ts'
import { type BotApi, startBotApi } from './bot-api/server.ts'
import { buildStandIns, standIns } from './build.ts'
import { type Fields, readJson, writeJson } from './client/json.ts'
import { openRpc } from './client/rpc.ts'
import { writeMarketplace } from './plugin/marketplace.ts'
import { until } from './until.ts'

let folder: string
let state: string
let api: BotApi
const pids: number[] = []

beforeAll(async () => {
  await buildStandIns()
})
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sim-plugin-'))
  state = join(folder, 'state')
  api = await startBotApi()
  mkdirSync(state)
  writeMarketplace(join(folder, 'market'), { name: 'lab', server: 'compiled' })
  writeFileSync(join(state, '.env'), `TELEGRAM_BOT_TOKEN=${api.bot.token}\n`)
  writeJson(join(state, 'access.json'), {
    dmPolicy: 'allowlist',
    allowFrom: ['4242'],
    groups: {},
    pending: {},
  })
})
afterEach(async () => {
  for (const pid of pids.splice(0)) if (existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL')
  await api.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Starts it as the client does, by the stand-in Bun, and shakes hands. */
const start = (environment: Readonly<Record<string, string>> = {}) => {
  const root = join(folder, 'market', 'telegram')
  const child = spawn('bun', ['run', '--cwd', root, '--shell=bun', '--silent', 'start'], {
    env: {
      PATH: dirname(standIns.bun),
      HOME: folder,
      TELEGRAM_STATE_DIR: state,
      TELEGRAM_API_ROOT: api.root,
      ...environment,
    },
  })
  pids.push(child.pid ?? 0)
  const seen: { readonly method: string; readonly params: Fields }[] = []
  const rpc = openRpc(child, (method, params) => seen.push({ method, params }))
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk)
  })
  const exit = new Promise<number | null>((done) => child.on('exit', done))
  const hello = rpc.request('initialize', { protocolVersion: '2025-11-25', capabilities: {} })
  hello.catch(() => undefined)
  return { child, rpc, hello, exit, seen: () => seen, stderr: () => stderr }
}
const botPid = () =>
  existsSync(join(state, 'bot.pid')) ? Number(readFileSync(join(state, 'bot.pid'), 'utf8')) : null
const polling = () => until('a poller', () => api.bot.pollers().length === 1)

test('declares a channel, takes the slot before it polls, polls with gzip after deleteWebhook (sections 2, 3)', async () => {
  const { hello } = start()
  expect(await hello).toMatchObject({
    capabilities: { experimental: { 'claude/channel': {}, 'claude/channel/permission': {} } },
  })
  await polling()
  expect(api.requests().map(({ method, gzip }) => [method, gzip])).toEqual([
    ['deleteWebhook', true],
    ['getUpdates', true],
  ])
  expect(readFileSync(`/proc/${botPid()}/cmdline`, 'utf8')).toBe('bun\0server.ts\0')
})

test('without a token it says so and ends; a CR at the end of the line is no token (section 3)', async () => {
  writeFileSync(join(state, '.env'), `TELEGRAM_BOT_TOKEN=${api.bot.token}\r\n`)
  const { exit, stderr } = start()
  expect(await exit).toBe(1)
  expect(stderr()).toContain('telegram channel: TELEGRAM_BOT_TOKEN required')
  expect(api.requests()).toEqual([])
})

test('the real environment wins over .env; a token refused is said once it is tried, and it connects (section 2)', async () => {
  const { hello, stderr } = start({ TELEGRAM_BOT_TOKEN: '987654321:AAtestnobody' })
  await hello
  await until('the line', () => stderr() !== '')
  expect(stderr()).toContain(
    "telegram channel: polling error: GrammyError: Call to 'deleteWebhook' failed! (401: Unauthorized), retrying in 1s",
  )
})

test('a newcomer ends the poller before it and takes bot.pid; the last one removes it (section 3)', async () => {
  start()
  await polling()
  const first = botPid()
  const second = start()
  await until('the newcomer', () => botPid() !== first && api.bot.pollers().length === 1)
  await until('the end of the first', () => !existsSync(`/proc/${first}`), 1500)
  second.child.stdin.end()
  await until('the end', () => botPid() === null, exactly(8000))
})

test('eight 409s in a row: it stays up and is deaf (section 5)', within(60_000), async () => {
  const stop = api.fail({
    how: 'refuse',
    method: 'getUpdates',
    status: 409,
    description: 'Conflict',
    times: 8,
  })
  const { rpc } = start()
  await until(
    'eight tries',
    () => api.requests().filter(({ method }) => method === 'getUpdates').length === 8,
    40_000,
  )
  stop()
  api.bot.push('anybody?')
  expect(await rpc.request('ping', {})).toEqual({})
  expect([api.bot.pollers(), api.bot.pending(), existsSync(`/proc/${botPid()}`)]).toEqual([[], 1, true])
})

test('pairing: a code for a stranger, three codes at most, "Paired!" when approved, access.json read each time (section 3)', async () => {
  writeJson(join(state, 'access.json'), {
    dmPolicy: 'pairing',
    allowFrom: [],
    groups: {},
    pending: {},
    mine: 1,
  })
  const { hello, seen } = start()
  await hello
  for (const from of [1, 2, 3, 4]) api.bot.push('hello', { from })
  await until('three codes', () => api.bot.sent().length === 3 && api.bot.pending() === 0)
  const { pending, mine } = readJson(join(state, 'access.json'))
  expect([
    Object.values(pending ?? {})
      .map((entry: Fields) => entry.senderId)
      .sort(),
    mine,
  ]).toEqual([['1', '2', '3'], 1])
  expect(Object.keys(pending ?? {}).every((code) => /^[0-9a-f]{6}$/.test(code))).toBe(true)
  writeJson(join(state, 'access.json'), { dmPolicy: 'allowlist', allowFrom: ['2'], groups: {}, pending: {} })
  mkdirSync(join(state, 'approved'))
  writeFileSync(join(state, 'approved', '2'), '2')
  await api.bot.waitForSent(({ text, chatId }) => text.startsWith('Paired!') && chatId === '2', 5000)
  expect(existsSync(join(state, 'approved', '2'))).toBe(false)
  api.bot.push('from a stranger', { from: 1 })
  api.bot.push('from a friend', { from: 2 })
  await until('the message', () => seen().length > 0)
  expect(seen()).toMatchObject([
    { method: 'notifications/claude/channel', params: { content: 'from a friend', meta: { chat_id: '2' } } },
  ])
})

test('a photo lands in inbox/, its path with the message; the tools answer, react and edit (section 3)', async () => {
  const { hello, rpc, seen } = start()
  await hello
  const messageId = api.bot.pushPhoto(new Uint8Array([1, 2, 3]), { caption: 'look' })
  const { params } = await until('the photo', () => seen()[0])
  const { image_path } = params.meta as Record<string, string>
  expect([params.content, dirname(image_path ?? '')]).toEqual(['look', join(state, 'inbox')])
  expect([...readFileSync(image_path ?? '')]).toEqual([1, 2, 3])
  const use = (name: string, input: object) =>
    rpc.request('tools/call', { name, arguments: { chat_id: '4242', ...input } })
  expect(await use('reply', { text: 'nice' })).toMatchObject({
    content: [{ text: expect.stringMatching(/^sent \(id: \d+\)$/) }],
  })
  await use('react', { message_id: String(messageId), emoji: '👍' })
  expect([api.bot.sent()[0]?.text, api.bot.reactions()[0]?.emoji]).toEqual(['nice', ['👍']])
  expect(await use('reply', { chat_id: '77', text: 'to a stranger' })).toMatchObject({ isError: true })
})

test('a permission prompt goes to the approved chat, the button comes back (section 3)', async () => {
  const { hello, rpc, seen } = start()
  await hello
  api.bot.push('hello')
  await until('the message', () => seen().length === 1)
  rpc.notify('notifications/claude/channel/permission_request', {
    request_id: 'abcde',
    tool_name: 'Bash',
    description: 'ls',
  })
  await api.bot.waitForSent(({ text }) => text.includes('Bash'))
  api.bot.pushCallback('allow:abcde')
  await until('the answer', () => seen().length === 2)
  expect(seen()[1]).toEqual({
    method: 'notifications/claude/channel/permission',
    params: { request_id: 'abcde', behavior: 'allow' },
  })
})

test('no network for its packages: Bun ends, and so does the start (section 3)', async () => {
  const { exit, stderr } = start({ FAKE_BUN_OFFLINE: '1' })
  expect(await exit).toBe(1)
  expect([stderr().includes('error: '), botPid()]).toEqual([true, null])
})
