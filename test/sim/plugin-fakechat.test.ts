import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildStandIns } from './build.ts'
import { openFakechat } from './fakechat.ts'
import { freePort } from './other-wards.ts'
import { openPluginLab, type PluginLab } from './plugin/rig.ts'
import { until } from './until.ts'

let port: number
let address: string
let lab: PluginLab
beforeAll(async () => {
  await buildStandIns()
})
beforeEach(async () => {
  port = await freePort()
  address = `http://127.0.0.1:${port}`
  lab = openPluginLab('fakechat', { FAKECHAT_PORT: String(port), CLAUDE_CONFIG_DIR: '/nowhere' })
})
afterEach(() => lab.close())

const answer = (rpc: ReturnType<PluginLab['start']>['rpc'], name: string, input: object) =>
  rpc.request('tools/call', { name, arguments: input })

test('a page on this machine: what is typed arrives, what is answered is shown to everybody', async () => {
  const { hello, rpc, seen, stderr } = lab.start()
  await hello
  expect(stderr()).toBe(`fakechat: http://localhost:${port}\n`)
  expect(await (await fetch(address)).text()).toContain('<title>fakechat</title>')
  const [one, other] = [await openFakechat(address), await openFakechat(address)]
  const long = 'grüße '.repeat(50)
  const id = one.say(long)
  const { method, params } = await until('the message', () => seen()[0])
  expect([method, params.content]).toEqual(['notifications/claude/channel', long])
  expect(params.meta).toMatchObject({ chat_id: 'web', message_id: id, user: 'web' })
  await answer(rpc, 'reply', { chat_id: 'web', text: long, reply_to: id })
  const shown = await one.waitForAnswer(({ text }) => text === long)
  expect(await other.waitForAnswer(() => true)).toEqual(shown)
  expect(shown).toMatchObject({ type: 'msg', from: 'assistant', replyTo: id })
  await answer(rpc, 'edit_message', { message_id: shown.id, text: 'shorter' })
  expect(await one.waitForAnswer(({ type }) => type === 'edit')).toMatchObject({
    id: shown.id,
    text: 'shorter',
  })
  one.close()
  await until('its end', () => !one.isOpen())
  expect(other.isOpen()).toBe(true)
})

test('a file is uploaded into the inbox, below the home whatever the config folder is', async () => {
  const { hello, seen } = lab.start()
  await hello
  const form = new FormData()
  form.set('id', 'u1')
  form.set('text', 'look')
  form.set('file', new Blob([new Uint8Array([0, 200, 13, 10])]), 'photo.png')
  expect(await fetch(`${address}/upload`, { method: 'POST', body: form })).toMatchObject({ status: 204 })
  const { params } = await until('the message', () => seen()[0])
  const { file_path } = params.meta as { readonly file_path: string }
  expect([params.content, file_path.startsWith(join(lab.home, '.claude', 'channels', 'fakechat'))]).toEqual([
    'look',
    true,
  ])
  expect([...readFileSync(file_path)]).toEqual([0, 200, 13, 10])
})

test('its port taken: said, and no handshake', async () => {
  const first = lab.start()
  await first.hello
  const second = lab.start()
  await expect(second.hello).rejects.toThrow('Connection closed')
  expect([await second.exit, second.stderr()]).toEqual([
    1,
    `error: Failed to start server. Is port ${port} in use?\n`,
  ])
})

test('its client gone, it stays and holds the port; asked to end, it ends', async () => {
  const { hello, child } = lab.start()
  await hello
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy()
  const page = await openFakechat(address)
  page.say('anybody?')
  const later = lab.start()
  await expect(later.hello).rejects.toThrow('Connection closed')
  expect(page.isOpen()).toBe(true)
  const [pid = 0] = lab.pids()
  process.kill(pid, 'SIGTERM')
  await until('its end', () => lab.pids().length === 0 && !page.isOpen())
})
