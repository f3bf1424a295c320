import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { within } from '../patience.ts'
import type { Home } from '../sim/home.ts'
import { namePager, setUpPager, setUpServer } from '../sim/other-wards.ts'
import { type Pager, pagerOf } from '../sim/pager.ts'
import { screen } from '../sim/terminals.ts'
import { until, untilNobody } from '../sim/until.ts'
import { clients, mcpLogText, untilKept, untilLive, untilNamed } from '../sim/watch.ts'
import { untilSession } from '../simulated/faults/kit.ts'
import { allowCrashes, calm, kill, makeRealHome } from './harness.ts'
import { type ClientVersion, clientVersions } from './versions.ts'

const homes: Home[] = []
afterEach(async () => {
  for (const home of homes.splice(0)) await home.close()
})

const open = async (version: ClientVersion): Promise<Home> => {
  const home = await makeRealHome({ version })
  homes.push(home)
  return home
}

const up = async (home: Home): Promise<void> => {
  allowCrashes(home)
  const outcome = await home.channels(['up', 'work'])
  expect(outcome, outcome.stdout + outcome.stderr).toMatchObject({ code: 0 })
  expect(outcome.stdout).toContain('work is live')
}

/** The pager for all folders, about which the client never asks. */
const addForAll = async (home: Home): Promise<void> => {
  const call = ['bun', join(home.root, 'market', 'pager', 'server.ts'), 'pager']
  const outcome = await home.claude(['mcp', 'add', '-s', 'user', 'pager', '--', ...call])
  expect(outcome, outcome.stdout + outcome.stderr).toMatchObject({ code: 0 })
}

const echo = async (pager: Pager, text: string): Promise<void> => {
  pager.say(text)
  await pager.waitForAnswer((seen) => seen === `echo: ${text}`, 20_000)
}

const server = async (home: Home): Promise<number> => {
  const { channels } = await untilLive(home)
  expect(channels[0]?.evidence.poller).toMatchObject({ ours: true })
  return channels[0]?.evidence.poller?.pid ?? 0
}

describe.each(clientVersions)('what somebody wrote for themselves, with client %s', (version) => {
  test('a plugin: the warning is answered at each start, and left to the person once that is wanted', async () => {
    const home = await open(version)
    const { pager } = await setUpPager(home, 'work')
    await up(home)
    await echo(pager, 'hello')
    const first = await untilLive(home)
    await calm(home)
    const { client } = await untilLive(home, { not: first.client.pid })
    expect(client.conversation).toBe(first.client.conversation)
    await echo(pager, 'again')

    const set = await home.channels(['set', 'work', 'development=ask'])
    expect(set, set.stdout + set.stderr).toMatchObject({ code: 0 })
    await home.channels(['restart', 'work', '--timeout', '5s'])
    await untilSession(home, 'work', { state: 'blocked', reason: 'development-dialog' })
    expect(await screen(home)).toContain('WARNING: Loading development channels')
    expect((await home.channels(['down', 'work'])).code).toBe(0)
    await untilNobody('no client', () => clients(home))
  })

  test('a server of .mcp.json: nobody is asked about it; killed, it is named and healed', async () => {
    const home = await open(version)
    const { pager } = await setUpServer(home, 'work')
    await up(home)
    expect(await screen(home)).not.toContain('New MCP server')
    await echo(pager, 'hello')
    const before = await untilLive(home)
    await untilKept(home)
    const at = kill(await server(home))
    expect((await untilNamed(home, 'plugin-exited', at)) - at).toBeLessThan(3_000)
    const after = await untilLive(home, { not: before.client.pid, ms: 30_000 })
    expect(after.client.conversation).toBe(before.client.conversation)
    await echo(pager, 'still there?')

    // Killed in the midst of a turn, it is started anew by the tool call that answers, and nobody listens to it.
    // The turn goes on after that: else the client may be ended for the server that died before anybody looks again.
    const killed = await server(home)
    const began = Date.now()
    pager.say('slow: 6, 8')
    await until('the turn', () => home.model.turns().some((turn) => turn.at >= began && turn.status === null))
    kill(killed)
    await pager.waitForAnswer((seen) => seen === 'echo: slow: 6, 8', 30_000)
    await untilNamed(home, 'plugin-failed', began, 30_000)
    await untilLive(home, { not: after.client.pid, ms: 30_000 })
    await echo(pager, 'heard again')
  })

  test(
    'a server of all folders: one that comes into the folder is asked about, until it is set up',
    within(300_000),
    async () => {
      const home = await open(version)
      const pager = pagerOf(home, 'work')
      await addForAll(home)
      const setUp = async () => {
        const where = ['--session', 'work', '--cwd', home.project, '--trust', '--development', 'accept']
        const outcome = await home.channels(['setup', 'server:pager', ...where, '--yes', '--no-start'])
        expect(outcome, outcome.stdout + outcome.stderr).toMatchObject({ code: 0 })
      }
      await setUp()
      await up(home)
      await echo(pager, 'hello')
      namePager(home, home.project)
      await home.channels(['restart', 'work', '--timeout', '5s'])
      await untilSession(home, 'work', { state: 'blocked', reason: 'mcp-dialog' })
      expect(await screen(home)).toContain('New MCP server')
      expect((await home.channels(['down', 'work'])).code).toBe(0)
      await setUp()
      await up(home)
      await echo(pager, 'agreed')
    },
  )

  test('a server that the folder’s settings refuse: the one of all folders in its place, else it is missing', async () => {
    const home = await open(version)
    const { cwd, pager } = await setUpServer(home, 'work')
    await addForAll(home)
    mkdirSync(join(cwd, '.claude'))
    writeFileSync(join(cwd, '.claude', 'settings.json'), '{"disabledMcpjsonServers":["pager"]}')
    await up(home)
    await echo(pager, 'instead')
    expect(await home.claude(['mcp', 'remove', '-s', 'user', 'pager'])).toMatchObject({ code: 0 })
    await home.channels(['restart', 'work', '--timeout', '5s'])
    await untilSession(home, 'work', { state: 'blocked', reason: 'server-missing' })
  })

  test('a server of .mcp.json that is no channel: it is said to be none, until it is one', async () => {
    const home = await open(version)
    const { cwd, pager } = await setUpServer(home, 'work')
    namePager(home, cwd, 'pager', { PAGER_DECLARES: 'nothing' })
    const { code, stdout } = await home.channels(['up', 'work'])
    expect(`${code} ${stdout}`).toMatch(/^1 .*does not take this MCP server for a channel. \[not-a-channel\]/)
    const said = 'Channel notifications skipped: server did not declare claude/channel capability'
    expect(stdout).toContain(said)
    await untilSession(home, 'work', { state: 'blocked', reason: 'not-a-channel' })
    expect(mcpLogText(home, cwd)).toContain(`"${said}"`)
    namePager(home, cwd)
    await up(home)
    await echo(pager, 'hello')
  })
})
