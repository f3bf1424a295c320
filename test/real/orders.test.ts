import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Home } from '../sim/home.ts'
import { processesOf, readProcess } from '../sim/processes.ts'
import { serverOf } from '../sim/terminals.ts'
import { until } from '../sim/until.ts'
import { clients, journal, pollers, untilLive } from '../sim/watch.ts'
import { bringUp, expectAnswer, kill, makeRealHome, sender } from './harness.ts'
import { someClientVersions } from './versions.ts'

describe.each(someClientVersions)('what is asked of client %s', (version) => {
  let home: Home
  beforeAll(async () => {
    home = await makeRealHome({ version })
    await bringUp(home)
  })
  afterAll(() => home?.close())

  test('lets Claude see photos, and neither token nor access list', async () => {
    const [stateDir] = clients(home).map(({ env }) => env.TELEGRAM_STATE_DIR ?? '')
    expect(stateDir).toBeTruthy()
    const pixel =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='
    home.bot.bot.pushPhoto(Buffer.from(pixel, 'base64'), { caption: 'say: a photo' })
    const inbox = join(stateDir ?? '', 'inbox')
    const [photo] = await until('the photo', () => (list(inbox).length > 0 ? list(inbox) : null))
    home.bot.bot.push(`read: ${inbox}/${photo}`)
    await home.bot.bot.waitForSent(({ text }) => text.includes('[image]'))
    for (const name of ['.env', 'access.json']) {
      for (const order of [`read: ${stateDir}/${name}`, `run: cat ${stateDir}/${name}`]) {
        const sent = home.bot.bot.sent().length
        home.bot.bot.push(order)
        const answer = await until(`an answer to ${order}`, () => home.bot.bot.sent()[sent], 20_000)
        expect(answer.text).toMatch(/denied|not allowed|permission/i)
      }
    }
    expect(
      home.bot.bot
        .sent()
        .map(({ text }) => text)
        .join('\n'),
    ).not.toContain(home.bot.bot.token.split(':')[1])
  })

  test('keeps the bot token in the plugin’s .env and nowhere else', async () => {
    const secret = home.bot.bot.token.split(':')[1] ?? ''
    for (const { pid } of processesOf(home.home)) {
      const { argv, env } = readProcess(pid) ?? { argv: [], env: {} }
      expect([...argv, ...Object.values(env)].join('\n')).not.toContain(secret)
    }
    const said = [['status', '--json'], ['status'], ['logs', 'work'], ['logs', 'work', '--json'], ['list']]
    for (const args of said) {
      const { stdout, stderr } = await home.channels(args)
      expect(stdout + stderr).not.toContain(secret)
    }
    const holders = filesOf(home.root).filter((file) => readFileSync(file, 'utf8').includes(secret))
    expect(holders).toEqual([join(clients(home)[0]?.env.TELEGRAM_STATE_DIR ?? '', '.env')])
    expect(statSync(holders[0] ?? '').mode & 0o777).toBe(0o600)
  })

  test('fifty at once make one client; down leaves a server that Claude was asked to start, and nothing else', async () => {
    const before = await untilLive(home)
    home.bot.bot.push('run: setsid nohup sleep 31415 > /dev/null 2>&1 & echo started')
    const server = await until(
      'the server',
      () => home.processes().find(({ argv }) => argv.join(' ') === 'sleep 31415'),
      20_000,
    )

    kill(serverOf(home) ?? 0)
    const all = await Promise.all(
      Array.from({ length: 50 }, () =>
        home.channels(['up', 'work', '--timeout', '110s'], { timeoutMs: 120_000 }),
      ),
    )
    expect(
      all.map(({ code, stdout, stderr }) => (code === 0 ? 0 : stdout + stderr)).filter((code) => code !== 0),
    ).toEqual([])
    const after = await untilLive(home, { not: before.client.pid })
    expect(clients(home).map(({ pid }) => pid)).toEqual([after.client.pid])

    const down = await home.channels(['down', 'work'])
    expect(down, down.stdout + down.stderr).toMatchObject({ code: 0 })
    expect(down.ms).toBeLessThan(10_000)
    expect([...clients(home), ...pollers(home)]).toEqual([])
    expect(readProcess(server.pid)).not.toBeNull()
    expect(journal(home)).toContainEqual(expect.objectContaining({ type: 'survivor', pid: server.pid }))
    expect((await home.status()).sessions[0]).toMatchObject({ state: 'stopped', wanted: false, client: null })

    const again = await home.channels(['down', 'work'])
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('was not running') })
    const up = await home.channels(['up', 'work'])
    expect(up, up.stdout + up.stderr).toMatchObject({ code: 0 })
    const [, upAgain] = await Promise.all([home.channels(['down', 'work']), upOnceUnwanted(home)])
    expect(upAgain, upAgain.stdout + upAgain.stderr).toMatchObject({ code: 0 })
    await untilLive(home)
    await expectAnswer(home, 'up again')
    expect(home.bot.bot.sent().every(({ chatId }) => chatId === sender)).toBe(true)
  })
})

/** `up` as soon as a `down` has written that nothing is wanted. */
const upOnceUnwanted = async (home: Home) => {
  await until('the order to stop', async () => (await home.status()).sessions[0]?.wanted === false)
  return home.channels(['up', 'work'], { timeoutMs: 90_000 })
}

const list = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
