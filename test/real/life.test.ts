import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Home } from '../sim/home.ts'
import { readProcess } from '../sim/processes.ts'
import { statusFaults } from '../sim/status-schema.ts'
import { killPane, press, screen, serverOf, typeLine } from '../sim/terminals.ts'
import { until } from '../sim/until.ts'
import type { LiveSession } from '../sim/watch.ts'
import { clients, delivered, pollers, registrations, untilLive, untilNamed } from '../sim/watch.ts'
import { allowCrashes, calm, expectAnswer, kill, makeRealHome, setUp, withoutKeeper } from './harness.ts'
import { clientVersions } from './versions.ts'

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
    // The answer is out before the client has written the row that it answers.
    await until('the message in the transcript', () => delivered(home, 'hello there').length > 0)
    expect(delivered(home, 'hello there')).toHaveLength(1)
    await until(
      'the message in status',
      async () => (await home.status()).sessions[0]?.channels[0]?.lastMessageAt !== null,
    )

    const again = await home.channels(['up', 'work'])
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('live already') })
    expect(clients(home).map(({ pid }) => pid)).toEqual([session?.client?.pid])
  })

  test('what was written while nothing ran is worked on once it runs, each message once', async () => {
    const texts = ['while it', 'was down', 'three came']
    for (const order of ['down', 'up'] as const) {
      const outcome = await home.channels([order, 'work'])
      expect(outcome, outcome.stdout + outcome.stderr).toMatchObject({ code: 0 })
      // The plugin fetches them at once, long before its client listens.
      if (order === 'down') for (const text of texts) home.bot.bot.push(text)
    }
    await until('all three in the transcript', () => texts.every((text) => delivered(home, text).length > 0))
    for (const text of texts) expect(delivered(home, text)).toHaveLength(1)
  })

  test('`←` and `/bg` leave one client in its terminal', async () => {
    const { client } = await untilLive(home)
    await press(home, ['Left'])
    await typeLine(home, '/bg')
    await until('an answer to /bg', async () => /Unknown command: \/bg/.test(await screen(home)))
    expect(clients(home).map(({ pid }) => pid)).toEqual([client.pid])
    expect(pollers(home)).toHaveLength(1)
  })

  test('comes back after its client, plugin, keeper, pane and tmux server were killed', async () => {
    const first = await untilLive(home)

    const afterClient = await untilCheapCrash(home, first)
    expect(afterClient.client.conversation).toBe(first.client.conversation)

    const plugin = afterClient.channels[0]?.evidence.poller?.pid ?? 0
    const pluginKilledAt = kill(plugin)
    const namedAt = await untilNamed(home, 'plugin-exited', pluginKilledAt)
    expect(namedAt - pluginKilledAt).toBeLessThan(3_000)
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

    const run = clients(home)[0]?.env.CHANNELS_RUN
    expect(run).toBeTruthy()
    await killPane(home)
    const afterPane = await untilLive(home, { not: afterPlugin.client.pid })
    expect(afterPane.client.conversation).toBe(first.client.conversation)
    expect(home.processes().filter(({ env }) => env.CHANNELS_RUN === run)).toEqual([])

    kill(serverOf(home) ?? 0)
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
})

/**
 * Kills the client until it is live again within its own resume time and half a second. Three tries, each the first
 * crash of a streak: whatever else the machine does at that moment counts as well, and must not decide.
 */
const untilCheapCrash = async (home: Home, first: LiveSession): Promise<LiveSession> => {
  const over: number[] = []
  for (let before = first; over.length < 3; before = await untilLive(home)) {
    const killedAt = kill(before.client.pid)
    const after = await untilLive(home, { not: before.client.pid })
    expect(after.restarts.last).toMatchObject({ reason: 'client-exited', signal: 'SIGKILL' })
    const { registeredAt, resumeMs } = lastStart(home, after.client.pid)
    over.push(registeredAt - killedAt - resumeMs)
    if (Math.min(...over) < 500) return after
    await calm(home)
  }
  throw new Error(`live again later than resuming takes, by ${over.join(', ')} ms`)
}

/** Of the client that runs now: when its channel registered, and how long that took it. */
const lastStart = (home: Home, pid: number): { readonly registeredAt: number; readonly resumeMs: number } => {
  const registeredAt = registrations(home).at(-1)?.at ?? Number.NaN
  return { registeredAt, resumeMs: registeredAt - (readProcess(pid)?.startedAt ?? Number.NaN) }
}
