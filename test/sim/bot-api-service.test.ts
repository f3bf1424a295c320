import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import type { Reply } from './bot-api/rig.ts'
import { call, closeAll, start } from './bot-api/rig.ts'

afterEach(closeAll)

test('takes gzip-encoded JSON and forms', async () => {
  const api = await start()
  api.bot.push('hi')
  const post = async (type: string, body: string): Promise<Reply> => {
    const headers = { 'content-type': type, 'content-encoding': 'gzip' }
    const response = await fetch(`${api.root}/bot${api.bot.token}/sendMessage`, {
      method: 'POST',
      headers,
      body: gzipSync(body),
    })
    return (await response.json()) as Reply
  }
  expect(await post('application/json', JSON.stringify({ chat_id: 4242, text: 'a' }))).toMatchObject({
    ok: true,
  })
  expect(await post('application/x-www-form-urlencoded', 'chat_id=4242&text=b+c')).toMatchObject({ ok: true })
  expect(api.bot.sent().map(({ text }) => text)).toEqual(['a', 'b c'])
  expect(api.requests().map(({ method, gzip, status }) => [method, gzip, status])).toEqual([
    ['sendMessage', true, 200],
    ['sendMessage', true, 200],
  ])
})

test('hands out the files of photos', async () => {
  const api = await start()
  const bytes = new Uint8Array([255, 216, 1, 2, 3])
  api.bot.pushPhoto(bytes, { caption: 'look' })
  const { result } = await call(api, 'getUpdates')
  const [update] = result as { message: { caption: string; photo: { file_id: string }[] } }[]
  expect(update?.message.caption).toBe('look')
  const file = await call(api, 'getFile', { file_id: update?.message.photo[0]?.file_id })
  const { file_path: path } = file.result as { file_path: string }
  const response = await fetch(`${api.root}/file/bot${api.bot.token}/${path}`)
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes)
  expect((await fetch(`${api.root}/file/bot${api.bot.token}/photos/other.jpg`)).status).toBe(404)
})

test('fails on demand: refuses, is slow, hangs, hangs up, talks nonsense', async () => {
  const api = await start()
  api.fail({ how: 'refuse', status: 502, description: 'Bad Gateway', method: 'getMe', times: 1 })
  expect(await call(api, 'getMe')).toMatchObject({ error_code: 502 })
  expect(await call(api, 'getMe')).toMatchObject({ ok: true })
  const healSlow = api.fail({ how: 'slow', ms: 150 })
  const before = Date.now()
  await call(api, 'getMe')
  expect(Date.now() - before).toBeGreaterThan(140)
  healSlow()
  const healHang = api.fail({ how: 'hang' })
  await expect(
    fetch(`${api.root}/bot${api.bot.token}/getMe`, { signal: AbortSignal.timeout(200) }),
  ).rejects.toThrow()
  healHang()
  api.fail({ how: 'reset', times: 1 })
  await expect(call(api, 'getMe')).rejects.toThrow()
  api.fail({ how: 'garbage', times: 1 })
  await expect(call(api, 'getMe')).rejects.toThrow(SyntaxError)
  expect(await call(api, 'getMe')).toMatchObject({ ok: true })
})

test('comes back on the same port', async () => {
  const api = await start()
  await api.close()
  await expect(call(api, 'getMe')).rejects.toThrow()
  const again = await start({ port: api.port, tokens: [api.bot.token] })
  expect(await call(again, 'getMe')).toMatchObject({ ok: true })
})

test('speaks TLS with a certificate that NODE_EXTRA_CA_CERTS makes good', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bot-api-'))
  try {
    const api = await start({ tls: { folder } })
    const script = `fetch('${api.root}/bot${api.bot.token}/getMe').then((r) => r.json()).then((r) => console.log(r.ok), (e) => console.log(e.cause.code))`
    const ask = (env: NodeJS.ProcessEnv): Promise<string> =>
      new Promise((resolve, reject) => {
        execFile(process.execPath, ['-e', script], { env }, (error, stdout) =>
          error ? reject(error) : resolve(stdout.trim()),
        )
      })
    expect(await ask({})).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
    expect(await ask({ NODE_EXTRA_CA_CERTS: api.caFile ?? '' })).toBe('true')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
