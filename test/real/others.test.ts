import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Home } from '../sim/home.ts'
import type { Terminal } from '../sim/terminal.ts'
import { openTerminal } from '../sim/terminal.ts'
import { killServer } from '../sim/terminals.ts'
import { until } from '../sim/until.ts'
import { clients, journal, mcpLogText, pollers, untilLive } from '../sim/watch.ts'
import { isSince } from './differences.ts'
import { bringUp, expectAnswer, makeRealHome } from './harness.ts'
import { type ClientVersion, someClientVersions } from './versions.ts'

const homes: Home[] = []
afterEach(async () => {
  for (const home of homes.splice(0)) await home.close()
})

describe.each(someClientVersions)('another session of client %s', (version) => {
  test('finds no token, and what failed in it does not keep ours from starting', async () => {
    const home = await liveHome(version)
    const before = await untilLive(home)
    expect((await home.claude(['plugin', 'enable', `telegram@${home.channel.split('@')[1]}`])).code).toBe(0)
    const other = await startOther(home)
    await until('the failure of its plugin', () =>
      mcpLogText(home, otherFolder(home)).includes('TELEGRAM_BOT_TOKEN required'),
    )
    // For 15 minutes a client would now start that plugin nowhere.
    const cache = join(home.home, '.claude', 'mcp-needs-auth-cache.json')
    if (isSince('needs-auth', version))
      await until('the entry', () => read(cache).includes('plugin:telegram:telegram'))
    expect(pollers(home).map(({ pid }) => pid)).toEqual([before.channels[0]?.evidence.poller?.pid])
    await expectAnswer(home, 'still ours')
    await other.close()
    const restart = await home.channels(['restart', 'work'])
    expect(restart, restart.stdout + restart.stderr).toMatchObject({ code: 0 })
    expect(journal(home).filter((entry) => 'reason' in entry && entry.reason === 'poller-stolen')).toEqual([])
    await expectAnswer(home, 'after the restart')
  })

  test('that takes the bot of a shared session is named with pid and folder, and loses it again', async () => {
    const home = await liveHome(version, '--shared')
    const before = await untilLive(home)
    // Healed within a moment otherwise: status has to see it by itself.
    await killServer(home, 'keeper')
    const thief = await startOther(home)
    const poller = await until('the thief', () =>
      pollers(home).find(({ pid }) => pid !== before.channels[0]?.evidence.poller?.pid),
    )
    const stolen = await until('poller-stolen', async () => {
      const [session] = (await home.status()).sessions
      return session?.reason === 'poller-stolen' ? session : null
    })
    expect(stolen.state).toBe('recovering')
    expect(stolen.detail).toContain(String(poller.pid))
    expect(stolen.detail).toContain(otherFolder(home))
    const up = await home.channels(['up', 'work'], { timeoutMs: 90_000 })
    expect(up, up.stdout + up.stderr).toMatchObject({ code: 0 })
    await expectAnswer(home, 'ours again')
    expect(pollers(home).map(({ pid }) => pid)).not.toContain(poller.pid)
    expect(clients(home)).toHaveLength(1)
    await thief.close()
  })

  test('waits for a person: a permission prompt, a closed gate, an untrusted folder, each with its remedy', async () => {
    const home = await liveHome(version)
    // Nothing allowed beforehand: the client asks.
    writeFileSync(
      join(home.home, '.claude', 'settings.json'),
      JSON.stringify({ ...settings(home), permissions: {} }),
    )
    expect((await home.channels(['restart', 'work'])).code).toBe(0)
    home.bot.bot.push('run: touch asked-for')
    const asks = await until('a permission prompt', async () => {
      const [session] = (await home.status()).sessions
      return session?.reason === 'permission-prompt' ? session : null
    })
    expect(asks).toMatchObject({ state: 'blocked', client: { activity: 'waiting' } })
    expect((await home.channels(['status', 'work'])).stdout).toContain('channels attach work')
    expect((await home.channels(['down', 'work'])).code).toBe(0)

    change(home, (json) => ({ ...json, cachedGrowthBookFeatures: {} }))
    expect(await up(home)).toMatchObject({ code: 1, reason: 'channels-unavailable' })
    await home.channels(['down', 'work'])
    change(home, (json) => ({ ...json, projects: {} }))
    expect(await up(home)).toMatchObject({ code: 1, reason: 'trust-dialog' })
    await home.channels(['down', 'work'])
  })
})

const liveHome = async (version: ClientVersion, ...flags: readonly string[]): Promise<Home> => {
  const home = await makeRealHome({ version })
  homes.push(home)
  await bringUp(home, ...flags)
  return home
}

const otherFolder = (home: Home): string => join(home.root, 'elsewhere')

/** A client that somebody starts by hand in another folder, without `--channels`. */
const startOther = async (home: Home): Promise<Terminal> => {
  const folder = otherFolder(home)
  mkdirSync(folder, { recursive: true })
  change(home, (json) => ({
    ...json,
    projects: { ...json.projects, [folder]: { hasTrustDialogAccepted: true } },
  }))
  return openTerminal(home, 'other', folder, 'claude --permission-mode default')
}

type Json = { readonly projects?: object; readonly [key: string]: unknown }

/** Changes the client's own file; our client is idle and writes nothing meanwhile. */
const change = (home: Home, how: (json: Json) => Json): void => {
  const file = join(home.home, '.claude.json')
  writeFileSync(file, JSON.stringify(how(JSON.parse(readFileSync(file, 'utf8')) as Json)))
}

const settings = (home: Home): object =>
  JSON.parse(readFileSync(join(home.home, '.claude', 'settings.json'), 'utf8')) as object

const up = async (home: Home) => {
  const { code } = await home.channels(['up', 'work', '--timeout', '15'])
  return { code, reason: (await home.status()).sessions[0]?.reason ?? null }
}

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
