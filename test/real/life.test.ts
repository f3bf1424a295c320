import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Home } from '../sim/home.ts'
import { processesOf, readProcess, signal } from '../sim/processes.ts'
import { statusFaults } from '../sim/status-schema.ts'
import { until } from '../sim/until.ts'
import {
  clients,
  delivered,
  journal,
  pollers,
  registrations,
  screen,
  sockets,
  tmux,
  typeLine,
  untilLive,
} from '../sim/watch.ts'
import { allowCrashes, expectAnswer, makeRealHome, sender, setUp } from './harness.ts'
import { clientVersions } from './install.ts'

describe.each(clientVersions)('a session of client %s', (version) => {
  let home: Home
  beforeAll(async () => {
    home = await makeRealHome({ version })
  })
  afterAll(() => home?.close())

  test('is set up, comes up, and a message goes all the way and back', async () => {
    await setUp(home)
    allowCrashes(home)
    const up = await home.channels(['up', 'work'])
    expect(up, up.stderr).toMatchObject({ code: 0 })
    expect(up.ms).toBeLessThan(10_000)
    const report = await home.status()
    expect(statusFaults(report)).toEqual([])
    expect(report).toMatchObject({
      live: 1,
      total: 1,
      sessions: [{ name: 'work', state: 'live', reason: null, wanted: true }],
    })
    const [session] = report.sessions
    expect(session?.client).toMatchObject({ version, conversation: registrations(home).at(-1)?.conversation })
    expect(session?.channels[0]).toMatchObject({
      id: home.channel,
      account: `@${home.bot.bot.username}`,
      policy: 'allowlist',
      senders: 1,
    })
    expect(session?.channels[0]?.evidence.poller).toEqual({ pid: pollers(home)[0]?.pid, ours: true })

    await expectAnswer(home, 'hello there')
    expect(delivered(home, 'hello there')).toHaveLength(1)
    await until(
      'the message in status',
      async () => (await home.status()).sessions[0]?.channels[0]?.lastMessageAt !== null,
    )

    const again = await home.channels(['up', 'work'])
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('live already') })
    expect(clients(home).map(({ pid }) => pid)).toEqual([session?.client?.pid])
  })

  test('`←` and `/bg` leave one client in its terminal', async () => {
    const { client } = await untilLive(home)
    const { session } = sockets(home)
    await tmux(home, session, 'send-keys', 'Left')
    await typeLine(home, '/bg')
    await until('an answer to /bg', async () => /Unknown command: \/bg/.test(await screen(home)))
    expect(clients(home).map(({ pid }) => pid)).toEqual([client.pid])
    expect(pollers(home)).toHaveLength(1)
  })

  test('comes back after its client, plugin, keeper, pane and tmux server were killed', async () => {
    const first = await untilLive(home)

    const clientKilledAt = kill(first.client.pid)
    const afterClient = await untilLive(home, { not: first.client.pid })
    expect(afterClient.client.conversation).toBe(first.client.conversation)
    expect(afterClient.restarts.last).toMatchObject({ reason: 'client-exited', signal: 'SIGKILL' })
    const { registeredAt, resumeMs } = lastStart(home, afterClient.client.pid)
    expect(registeredAt - clientKilledAt).toBeLessThan(resumeMs + 500)

    const plugin = afterClient.channels[0]?.evidence.poller?.pid ?? 0
    const pluginKilledAt = kill(plugin)
    const named = await until('plugin-exited in the journal', () =>
      journal(home).find(
        (entry) => entry.at >= pluginKilledAt && 'reason' in entry && entry.reason === 'plugin-exited',
      ),
    )
    expect(named.at - pluginKilledAt).toBeLessThan(3_000)
    const afterPlugin = await untilLive(home, { not: afterClient.client.pid })
    expect(afterPlugin.client.conversation).toBe(first.client.conversation)
    const healed = lastStart(home, afterPlugin.client.pid)
    expect(healed.registeredAt - pluginKilledAt).toBeLessThan(3_000 + healed.resumeMs)

    const keeper = (await home.status()).keeper?.pid ?? 0
    const keeperKilledAt = kill(keeper)
    const next = await until('another keeper', async () => {
      const found = (await home.status()).keeper
      return found !== null && found.pid !== keeper ? found : null
    })
    expect(Date.parse(next.since) - keeperKilledAt).toBeLessThan(2_000)
    expect(clients(home).map(({ pid }) => pid)).toEqual([afterPlugin.client.pid])

    const { session } = sockets(home)
    const run = clients(home)[0]?.env.CHANNELS_RUN
    expect(run).toBeTruthy()
    await tmux(home, session, 'kill-pane')
    const afterPane = await untilLive(home, { not: afterPlugin.client.pid })
    expect(afterPane.client.conversation).toBe(first.client.conversation)
    expect(home.processes().filter(({ env }) => env.CHANNELS_RUN === run)).toEqual([])

    kill(Number(await tmux(home, session, 'display-message', '-p', '#{pid}')))
    const afterServer = await untilLive(home, { not: afterPane.client.pid })
    expect(afterServer.client.conversation).toBe(first.client.conversation)
    expect(clients(home)).toHaveLength(1)
    await expectAnswer(home, 'after five kills')
  })

  test('goes on without a keeper, and says what is true', async () => {
    const before = await untilLive(home)
    await withoutKeeper(home)
    expect((await home.status()).keeper).toBeNull()
    kill(before.client.pid)
    const after = await untilLive(home, { not: before.client.pid, ms: 30_000 })
    expect(after.client.conversation).toBe(before.client.conversation)
    kill(after.channels[0]?.evidence.poller?.pid ?? 0)
    const [deaf] = (await home.status()).sessions
    expect(deaf).toMatchObject({ state: 'recovering', reason: 'plugin-exited' })
    const up = await home.channels(['up', 'work'], { timeoutMs: 90_000 })
    expect(up, up.stdout + up.stderr).toMatchObject({ code: 0 })
    expect((await home.status()).keeper).not.toBeNull()
  })

  test('follows the conversation wherever it moves', async () => {
    await calm(home)
    const first = await untilLive(home)
    const second = await clear(home, first.client.conversation)
    await expectAnswer(home, 'in the second conversation')
    kill(first.client.pid)
    const afterKill = await untilLive(home, { not: first.client.pid })
    expect(afterKill.client.conversation).toBe(second)

    const third = await clear(home, second)
    await expectAnswer(home, 'in the third conversation')
    signal(afterKill.client.pid, 'SIGTERM')
    const afterTerm = await untilLive(home, { not: afterKill.client.pid })
    expect(afterTerm.client.conversation).toBe(third)

    await typeLine(home, '/exit')
    const afterExit = await untilLive(home, { not: afterTerm.client.pid })
    expect(afterExit.client.conversation).toBe(third)

    const fourth = await clear(home, third)
    await expectAnswer(home, 'in the fourth conversation')
    await withoutKeeper(home)
    kill(afterExit.client.pid)
    const afterLast = await untilLive(home, { not: afterExit.client.pid, ms: 30_000 })
    expect(afterLast.client.conversation).toBe(fourth)
    expect((await home.channels(['up', 'work'])).code).toBe(0)
  })

  test('restarts once when Claude itself asks for it, and does not repeat the turn', async () => {
    await calm(home)
    const before = await untilLive(home)
    const starts = registrations(home).length
    const bin = new URL('../../bin/channels.js', import.meta.url).pathname
    home.bot.bot.push(`run: CHANNELS_HOME=${home.channelsHome} node ${bin} restart work`)
    const after = await untilLive(home, { not: before.client.pid, ms: 75_000 })
    expect(after.client.conversation).toBe(before.client.conversation)
    await expectAnswer(home, 'after the restart')
    expect(registrations(home)).toHaveLength(starts + 1)
    const asked = home.model
      .turns()
      .filter(({ turn }) => String(turn?.tool?.input.command).endsWith('restart work'))
    expect(asked).toHaveLength(1)
  })

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
    await calm(home)
    const before = await untilLive(home)
    home.bot.bot.push('run: setsid nohup sleep 31415 > /dev/null 2>&1 & echo started')
    const server = await until(
      'the server',
      () => home.processes().find(({ argv }) => argv.join(' ') === 'sleep 31415'),
      20_000,
    )

    kill(Number(await tmux(home, sockets(home).session, 'display-message', '-p', '#{pid}')))
    const all = await Promise.all(
      Array.from({ length: 50 }, () => home.channels(['up', 'work'], { timeoutMs: 120_000 })),
    )
    expect(all.map(({ code, stderr }) => (code === 0 ? 0 : stderr)).filter((code) => code !== 0)).toEqual([])
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

/** Kills a process outright; says when. */
const kill = (pid: number): number => {
  const at = Date.now()
  expect(pid).toBeGreaterThan(1)
  expect(signal(pid, 'SIGKILL')).toBe(true)
  return at
}

/** Of the client that runs now: when its channel registered, and how long that took it. */
const lastStart = (home: Home, pid: number): { readonly registeredAt: number; readonly resumeMs: number } => {
  const registeredAt = registrations(home).at(-1)?.at ?? Number.NaN
  return { registeredAt, resumeMs: registeredAt - (readProcess(pid)?.startedAt ?? Number.NaN) }
}

/** A new client on demand: crashes so far count no longer towards the back-off. */
const calm = async (home: Home): Promise<void> => {
  const outcome = await home.channels(['restart', 'work'], { timeoutMs: 90_000 })
  expect(outcome, outcome.stdout + outcome.stderr).toMatchObject({ code: 0 })
}

const withoutKeeper = async (home: Home): Promise<void> => {
  await tmux(home, sockets(home).keeper, 'kill-server')
  await until('no keeper', async () => (await home.status()).keeper === null)
}

/** `/clear` at the terminal; the id of the conversation it began. */
const clear = async (home: Home, before: string | null): Promise<string> => {
  await typeLine(home, '/clear')
  return until('a new conversation', async () => {
    const conversation = (await home.status()).sessions[0]?.client?.conversation ?? null
    return conversation === before ? null : conversation
  })
}

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
