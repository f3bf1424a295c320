import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cli } from '../sim/cli.ts'
import type { Home } from '../sim/home.ts'
import { openTerminal } from '../sim/terminal.ts'
import { until, untilNobody } from '../sim/until.ts'
import { clients, pollers, untilLive, untilNamed } from '../sim/watch.ts'
import { bringUp, expectAnswer, kill, makeRealHome } from './harness.ts'
import { clientVersions } from './versions.ts'

// The same life in GNU screen: 80 columns, 24 rows, and of each letter on the screen one byte.
describe.each(clientVersions)('a session of client %s in GNU screen', (version) => {
  let home: Home
  beforeAll(async () => {
    home = await makeRealHome({ version })
    await bringUp(home, '--multiplexer', 'screen')
  })
  afterAll(() => home?.close())

  const servers = () => home.processes().filter(({ comm }) => comm === 'screen')
  const sessionServer = () => servers().find(({ argv }) => argv.includes('work'))?.pid ?? 0

  test('is live, answers, and takes a line', async () => {
    const { terminal } = await untilLive(home)
    expect(terminal).toEqual({ kind: 'screen', running: true, attached: 0 })
    await expectAnswer(home, 'hello')
    await until('an idle client', async () => (await untilLive(home)).client.activity === 'idle')
    const sent = await home.channels(['send', 'work', 'typed, é and ❯ too'])
    expect(sent, sent.stderr).toMatchObject({ code: 0 })
    const { stdout } = await home.channels(['logs', 'work', '--source', 'terminal'])
    expect(stdout).toContain('typed, é and')
    // The keeper is in screen, too: nothing of tmux runs.
    expect(home.processes().filter(({ comm }) => comm.startsWith('tmux'))).toEqual([])
  })

  test('can be attached and left', async () => {
    const visit = await openTerminal(home, 'visit', home.project, `${process.execPath} ${cli} attach work`)
    const attached = async () => (await home.status()).sessions[0]?.terminal.attached
    await until('somebody attached', async () => (await attached()) === 1)
    await visit.press('C-z')
    await until('Ctrl-Z to be answered', async () => (await visit.screen()).includes('Ctrl-Z is off'))
    await visit.press('C-a', 'd')
    await until('the visit to end', async () => (await visit.screen()).includes('[ended with 0]'))
    await visit.close()
    expect(await attached()).toBe(0)
  })

  test('comes back in the same conversation after its client, plugin and terminal were killed', async () => {
    const first = await untilLive(home)
    kill(first.client.pid)
    const second = await untilLive(home, { not: first.client.pid })
    const pluginAt = kill(second.channels[0]?.evidence.poller?.pid ?? 0)
    await untilNamed(home, 'plugin-exited', pluginAt)
    const third = await untilLive(home, { not: second.client.pid })
    kill(sessionServer())
    const fourth = await untilLive(home, { not: third.client.pid, ms: 30_000 })
    for (const each of [second, third, fourth])
      expect(each.client.conversation).toBe(first.client.conversation)
    expect([clients(home).length, pollers(home).length]).toEqual([1, 1])
    await expectAnswer(home, 'after three kills')
  })

  test('goes down, and leaves nothing', async () => {
    const down = await home.channels(['down', 'work'])
    expect(down, down.stderr).toMatchObject({ code: 0 })
    expect([...clients(home), ...pollers(home)]).toEqual([])
    await untilNobody('no terminal of it', () => servers().filter(({ argv }) => argv.includes('work')))
  })
})
