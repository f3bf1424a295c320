import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { syncBuiltinESMExports } from 'node:module'
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net'
import { join } from 'node:path'
import tls from 'node:tls'
import { inspect } from 'node:util'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createRequest, NetworkError } from '../../src/system/https.ts'
import { proxyFor } from '../../src/system/proxy.ts'
import { ownFolder } from './own.ts'

const token = '123456789:AAtest_made-up-0123456789abcdefghij'
const request = createRequest({ env: {} })
const timeoutMs = 5000

const listen = async (server: Server): Promise<number> => {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => open.add(socket.on('error', () => undefined)))
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
const serve = async (answer: RequestListener) => `http://127.0.0.1:${await listen(createServer(answer))}`

/** The error, which must not hold the token anywhere, not even when inspected. */
const failure = async (promise: Promise<unknown>): Promise<unknown> => {
  const error = await promise.then(
    (value) => Promise.reject(new Error(`answered ${inspect(value)}`)),
    (each: unknown) => each,
  )
  expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/aatest/i)
  return error
}

test('hands back status and body, whatever the status', async () => {
  const root = await serve((incoming, response) => {
    response.writeHead(incoming.url === '/ok' ? 200 : 401).end(`${incoming.method} ü`)
  })
  const answer = await request(`${root}/ok`, { timeoutMs })
  expect(answer).toMatchObject({ status: 200, body: 'GET ü' })
  // `Date` has whole seconds.
  expect(Math.abs((answer.sentAt ?? 0) - Date.now())).toBeLessThan(60_000)
  expect(await request(`${root}/no`, { timeoutMs })).toMatchObject({ status: 401, body: 'GET ü' })
})

test('sends method, headers and body', async () => {
  const root = await serve(async (incoming, response) => {
    let body = ''
    for await (const chunk of incoming) body += String(chunk)
    const { authorization } = incoming.headers
    response.end(
      JSON.stringify({
        method: incoming.method,
        authorization,
        length: incoming.headers['content-length'],
        body,
      }),
    )
  })
  const answer = await request(root, {
    method: 'POST',
    headers: { authorization: 'Bot x' },
    body: '{"ü":1}',
    timeoutMs,
  })
  expect(JSON.parse(answer.body)).toEqual({
    method: 'POST',
    authorization: 'Bot x',
    length: '8',
    body: '{"ü":1}',
  })
})

test('does not follow a redirection: it would hand the token on', async () => {
  const root = await serve((_, response) =>
    response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  )
  expect(await request(root, { timeoutMs })).toMatchObject({ status: 302, body: '' })
})

test('refuses plain http to any other machine', async () => {
  for (const host of [
    'api.telegram.org',
    '10.0.0.1',
    '127.0.0.1.example.org',
    'localhost.example.org',
    '0.0.0.0',
    '[::2]',
  ])
    expect(await failure(request(`http://${host}/bot${token}/getMe`, { timeoutMs }))).toMatchObject({
      status: 78,
    })
  expect(await failure(request(`ftp://127.0.0.1/bot${token}`, { timeoutMs }))).toMatchObject({ status: 78 })
})

test('an address that is none is an error without the address', async () => {
  for (const address of [`bot${token}`, '', `https://[/bot${token}`])
    expect(await failure(request(address, { timeoutMs }))).toMatchObject({ status: 78 })
})

test('nobody listens: a NetworkError with its code', async () => {
  const server = createServer()
  const port = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  const error = await failure(request(`http://127.0.0.1:${port}/bot${token}/getMe`, { timeoutMs }))
  expect(error).toMatchObject({ name: 'NetworkError', code: 'ECONNREFUSED' })
  expect(error).toMatchObject({ message: expect.stringContaining(`127.0.0.1:${port}`) })
  expect(await failure(request(`http://localhost:${port}/bot${token}/getMe`, { timeoutMs }))).toMatchObject({
    code: 'ECONNREFUSED',
  })
})

test('a name that is not known: a NetworkError', async () => {
  expect(await failure(request(`https://no-such-host.invalid/bot${token}`, { timeoutMs }))).toBeInstanceOf(
    NetworkError,
  )
})

test('the timeout bounds the whole exchange, not its pauses', async () => {
  const silent = await serve(() => undefined)
  const dripping = await serve((_, response) => {
    const drip = setInterval(() => response.write('x'), 20)
    response.once('close', () => clearInterval(drip))
  })
  for (const root of [silent, dripping]) {
    const started = performance.now()
    expect(await failure(request(`${root}/bot${token}`, { timeoutMs: 200 }))).toMatchObject({
      code: 'ETIMEDOUT',
    })
    expect(performance.now() - started).toBeLessThan(2000)
  }
})

test('whoever was not reached was asked nothing; whoever was may have done it', async () => {
  const asked = async (root: string, waitMs = 300) =>
    failure(request(`${root}/bot${token}`, { method: 'POST', body: '{}', timeoutMs: waitMs }))
  const deaf = await listen(createTcpServer(() => undefined))
  for (const root of ['http://127.0.0.1:1', 'https://no-such-host.invalid', `https://127.0.0.1:${deaf}`])
    expect(await asked(root), root).toMatchObject({ mayHaveArrived: false })
  const silent = await serve(() => undefined)
  const cut = await serve((_, response) => response.destroy())
  const long = await serve((_, response) => response.end('x'.repeat(1024 * 1024 + 1)))
  for (const root of [silent, cut]) expect(await asked(root)).toMatchObject({ mayHaveArrived: true })
  expect(await asked(long, timeoutMs)).toMatchObject({ mayHaveArrived: true })
})

test('an answer over 1 MiB is not read to its end', async () => {
  const root = await serve((_, response) => response.end('x'.repeat(1024 * 1024 + 1)))
  expect(await failure(request(`${root}/bot${token}`, { timeoutMs }))).toMatchObject({
    message: expect.stringContaining('more than'),
  })
  const whole = await serve((_, response) => response.end('x'.repeat(1024 * 1024)))
  expect((await request(whole, { timeoutMs })).body.length).toBe(1024 * 1024)
})

test('connections that end early, or speak another language, are NetworkErrors', async () => {
  const cut = await serve((_, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('x', () => response.destroy())
  })
  expect(await failure(request(`${cut}/bot${token}`, { timeoutMs }))).toBeInstanceOf(NetworkError)
  for (const words of ['', 'SSH-2.0-OpenSSH\r\n', 'HTTP/1.1 abc\r\n\r\n']) {
    const port = await listen(createTcpServer((socket) => socket.end(words)))
    for (const protocol of ['http', 'https'])
      expect(
        await failure(request(`${protocol}://127.0.0.1:${port}/bot${token}`, { timeoutMs })),
      ).toBeInstanceOf(NetworkError)
  }
})

/** A key and a certificate for api.test and this machine; null without openssl. */
const certificate = () => {
  const folder = ownFolder()
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const names = 'subjectAltName=DNS:api.test,IP:127.0.0.1'
  const line = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test -addext ${names}`
  const made = spawnSync('openssl', [...line.split(' '), '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return made.status === 0 ? { path: cert, key: readFileSync(key), cert: readFileSync(cert) } : null
}

test('https: trusts what NODE_EXTRA_CA_CERTS names, and nobody else', async ({ skip }) => {
  const tls = certificate()
  if (tls === null) return skip()
  const port = await listen(createTlsServer(tls, (_, response) => response.end('safe')))
  const url = `https://127.0.0.1:${port}/bot${token}`
  expect(await failure(request(url, { timeoutMs }))).toMatchObject({
    ...{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT', mayHaveArrived: false },
  })
  const trusting = createRequest({ env: { NODE_EXTRA_CA_CERTS: tls.path } })
  expect(await trusting(url, { timeoutMs })).toMatchObject({ status: 200, body: 'safe' })
  const missing = createRequest({ env: { NODE_EXTRA_CA_CERTS: '/no/such/file' } })
  expect(await failure(missing(url, { timeoutMs }))).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
})

/** A server that notes its connections, and one that asks it as a keeper does. */
const trusted = async (answer: RequestListener) => {
  const made = certificate()
  if (made === null) return null
  const sockets: Socket[] = []
  const server = createTlsServer(made, answer)
  server.on('secureConnection', (socket: Socket) => sockets.push(socket))
  const url = `https://127.0.0.1:${await listen(server)}/bot${token}`
  return { url, sockets, asking: () => createRequest({ env: { NODE_EXTRA_CA_CERTS: made.path } }) }
}

test('questions in a row take one connection, what changes something has its own, and none is kept for long', async ({
  skip,
}) => {
  const place = await trusted((incoming, response) => response.end(incoming.method))
  if (place === null) return skip()
  const { url, sockets, asking } = place
  const ask = asking()
  for (let i = 0; i < 3; i++) expect(await ask(url, { timeoutMs })).toMatchObject({ body: 'GET' })
  expect(sockets).toHaveLength(1)
  expect(await ask(url, { method: 'POST', body: '{}', timeoutMs })).toMatchObject({ body: 'POST' })
  expect(sockets).toHaveLength(2)
  await asking()(url, { timeoutMs })
  expect(sockets).toHaveLength(3)
  await vi.waitFor(() => expect(sockets.every(({ destroyed }) => destroyed)).toBe(true), { timeout: 5_000 })
})

test('an answer may take longer than a connection is kept', async ({ skip }) => {
  const place = await trusted((_, response) => void setTimeout(() => response.end('late'), 1_500))
  if (place === null) return skip()
  const ask = place.asking()
  for (let i = 0; i < 2; i++) expect(await ask(place.url, { timeoutMs })).toMatchObject({ body: 'late' })
  expect(place.sockets).toHaveLength(1)
})

test('a connection that is gone by the second question: it is asked once more, on another', async ({
  skip,
}) => {
  const asked: Socket[] = []
  const place = await trusted(({ socket }, response) => {
    // The second question on one is cut off.
    if (asked.includes(socket)) socket.destroy()
    else response.end('safe')
    asked.push(socket)
  })
  if (place === null) return skip()
  const ask = place.asking()
  for (let i = 0; i < 2; i++) expect(await ask(place.url, { timeoutMs })).toMatchObject({ body: 'safe' })
  expect(asked).toHaveLength(3)
  expect(place.sockets).toHaveLength(2)
})

test('a second question that is answered by nobody may have arrived, and is not asked again', async ({
  skip,
}) => {
  let asked = 0
  const place = await trusted((_, response) => {
    asked += 1
    if (asked === 1) response.end('safe')
  })
  if (place === null) return skip()
  const ask = place.asking()
  await ask(place.url, { timeoutMs })
  expect(await failure(ask(place.url, { timeoutMs: 300 }))).toMatchObject({
    ...{ code: 'ETIMEDOUT', mayHaveArrived: true },
  })
  expect(asked).toBe(2)
})

test('the authorities of a file are read once for all, and anew when it changes', async ({ skip }) => {
  const [first, second] = [certificate(), certificate()]
  if (first === null || second === null) return skip()
  const port = await listen(createTlsServer(first, (_, response) => response.end('safe')))
  const url = `https://127.0.0.1:${port}/bot${token}`
  const path = join(ownFolder(), 'ca.pem')
  writeFileSync(path, first.cert)
  // As the keeper does it, one for each session.
  const ask = () => createRequest({ env: { NODE_EXTRA_CA_CERTS: path } })(url, { timeoutMs })
  const made = vi.spyOn(tls, 'createSecureContext')
  // `import()` hands out a copy of what the module exports.
  syncBuiltinESMExports()
  onTestFinished(() => {
    made.mockRestore()
    syncBuiltinESMExports()
  })
  await Promise.all([ask(), ask(), ask()])
  await ask()
  expect(made).toHaveBeenCalledTimes(1)
  writeFileSync(path, second.cert)
  expect(await failure(ask())).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  expect(made).toHaveBeenCalledTimes(2)
  rmSync(path)
  expect(await failure(ask())).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  writeFileSync(path, first.cert)
  expect(await ask()).toMatchObject({ status: 200, body: 'safe' })
})

/** A proxy that connects everything to one port and notes what it was asked. */
const proxy = async (to: number, status = 200) => {
  const asked: { readonly host: string | undefined; readonly user: string | undefined }[] = []
  const server = createServer((_, response) => response.writeHead(500).end())
  server.on('connect', (incoming, client: Socket) => {
    asked.push({ host: incoming.url, user: incoming.headers['proxy-authorization'] })
    if (status !== 200) {
      client.end(`HTTP/1.1 ${status} No\r\n\r\n`)
      return
    }
    const target = connect(to, '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n'))
    target.on('error', () => client.destroy()).pipe(client)
    client.on('error', () => target.destroy()).pipe(target)
  })
  return { address: `127.0.0.1:${await listen(server)}`, asked }
}

test('https through a proxy: the name is the proxy’s to look up, the certificate is still checked', async ({
  skip,
}) => {
  const tls = certificate()
  if (tls === null) return skip()
  const port = await listen(
    createTlsServer(tls, (incoming, response) => response.end(`${incoming.headers.host}`)),
  )
  const { address, asked } = await proxy(port)
  const env = { HTTPS_PROXY: `http://me:p%40ss@${address}`, NODE_EXTRA_CA_CERTS: tls.path }
  expect(await createRequest({ env })('https://api.test/x', { timeoutMs })).toMatchObject({
    status: 200,
    body: 'api.test',
  })
  const silent = await proxy(await listen(createTlsServer(tls, () => undefined)))
  const waiting = createRequest({ env: { ...env, HTTPS_PROXY: silent.address } })
  expect(await failure(waiting(`https://api.test/bot${token}`, { timeoutMs: 500 }))).toMatchObject({
    ...{ code: 'ETIMEDOUT', mayHaveArrived: true },
  })
  expect(asked).toEqual([
    { host: 'api.test:443', user: `Basic ${Buffer.from('me:p@ss').toString('base64')}` },
  ])
  expect(
    await failure(createRequest({ env })(`https://other.test/bot${token}`, { timeoutMs })),
  ).toMatchObject({
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  })
})

test('a proxy that refuses, is silent, or is not there', async () => {
  const url = `https://api.test/bot${token}`
  const through = (address: string) =>
    createRequest({ env: { HTTPS_PROXY: address } })(url, { timeoutMs: 500 })
  const refusing = await proxy(1, 407)
  expect(await failure(through(`http://me:secret@${refusing.address}`))).toMatchObject({
    message: `the proxy ${refusing.address} answered 407 for api.test:443`,
  })
  const silent = await listen(createTcpServer(() => undefined))
  expect(await failure(through(`127.0.0.1:${silent}`))).toMatchObject({ code: 'ETIMEDOUT' })
  expect(await failure(through('http://127.0.0.1:1'))).toMatchObject({ code: 'ECONNREFUSED' })
  expect(await failure(through('socks5://127.0.0.1:1'))).toBeInstanceOf(NetworkError)
  expect(await failure(through('http://[bad'))).toBeInstanceOf(NetworkError)
})

test('a proxy never stands between us and this machine', async () => {
  const root = await serve((_, response) => response.end('direct'))
  const env = { HTTPS_PROXY: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1' }
  expect(await createRequest({ env })(root, { timeoutMs })).toMatchObject({ body: 'direct' })
})

test.each([
  [{}, null],
  [{ HTTPS_PROXY: '' }, null],
  [{ HTTPS_PROXY: 'p:8080' }, 'p:8080'],
  [{ HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:2' }, 'b:2'],
  [{ ALL_PROXY: 'http://a:1' }, 'a:1'],
  [{ HTTPS_PROXY: 'http://a:1', NO_PROXY: '*' }, null],
  [{ HTTPS_PROXY: 'http://a:1', NO_PROXY: 'telegram.org' }, null],
  [{ HTTPS_PROXY: 'http://a:1', NO_PROXY: 'x, .Telegram.org' }, null],
  [{ HTTPS_PROXY: 'http://a:1', NO_PROXY: '*.telegram.org' }, null],
  [{ HTTPS_PROXY: 'http://a:1', no_proxy: 'api.telegram.org:443' }, null],
  [{ HTTPS_PROXY: 'http://a:1', no_proxy: 'api.telegram.org:8443' }, 'a:1'],
  [{ HTTPS_PROXY: 'http://a:1', NO_PROXY: 'gram.org,elegram.org,,' }, 'a:1'],
])('proxy for the API out of %j: %s', (env, expected) => {
  expect(proxyFor(new URL('https://api.telegram.org/'), env)?.host ?? null).toBe(expected)
})

test('is not waited for once the command is to end, and not begun after that', async () => {
  const root = await serve(() => undefined)
  const stop = new AbortController()
  const hurried = createRequest({ env: {}, signal: stop.signal })
  const waiting = failure(hurried(`${root}/bot${token}/getMe`, { timeoutMs: 60_000 }))
  stop.abort()
  expect(await waiting).toMatchObject({ name: 'NetworkError', code: 'ECANCELED' })
  expect(await failure(hurried(root, { timeoutMs: 60_000 }))).toMatchObject({ code: 'ECANCELED' })
})
