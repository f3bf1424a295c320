import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cli } from '../sim/cli.ts'
import type { Home } from '../sim/home.ts'
import { signal } from '../sim/processes.ts'
import { openTerminal } from '../sim/terminal.ts'
import { leaveKeys, press, screen, typeText } from '../sim/terminals.ts'
import { until } from '../sim/until.ts'
import { clients, sockets, tmux, untilLive } from '../sim/watch.ts'
import { bringUp, expectAnswer, makeRealHome } from './harness.ts'
import { clientVersions } from './versions.ts'

describe.each(clientVersions)('the terminal of client %s', (version) => {
  let home: Home
  beforeAll(async () => {
    home = await makeRealHome({ version })
    await bringUp(home)
  })
  afterAll(() => home?.close())

  test('is a sane one between two clients, and what is typed there reaches none', async () => {
    const first = await crashUntilItWaits(home)
    const { session } = sockets(home)
    const [tty = '', modes] = (
      await tmux(
        home,
        session,
        'display-message',
        '-p',
        '#{pane_tty} #{mouse_any_flag}#{alternate_on}#{cursor_flag}',
      )
    ).split(' ')
    expect(modes).toBe('001')
    const settings = execFileSync('stty', ['-F', tty, '-a'], { encoding: 'utf8' })
    expect(settings).toMatch(/(^|\s)echo(\s|$)/m)
    expect(settings).toMatch(/(^|\s)icanon(\s|$)/m)
    await typeText(home, 'typed while waiting')
    await press(home, ['Enter'])
    expect(await screen(home)).toContain('typed while waiting')
    await untilLive(home, { not: first, ms: 30_000 })
    await expectAnswer(home, 'anything typed?')
    const typed = home.model.turns().filter(({ turn }) => turn?.text?.startsWith('typed:'))
    expect(typed).toEqual([])
  })

  test('can be attached and left; Ctrl-C at the waiting line, or leaving the client, is not being wanted any more', async () => {
    expect((await home.channels(['restart', 'work'], { timeoutMs: 90_000 })).code).toBe(0)
    const before = await untilLive(home)
    const visit = await openTerminal(home, 'visit', home.project, `${process.execPath} ${cli} attach work`)
    await until('somebody attached', async () => (await home.status()).sessions[0]?.terminal.attached === 1)
    await visit.press('C-z')
    await until('Ctrl-Z to be answered', async () => (await visit.screen()).includes('Ctrl-Z is off'))
    await visit.type('still typing')
    await until('what is typed', async () => (await screen(home)).includes('still typing'))
    expect(await screen(home)).not.toMatch(/suspended/i)
    await visit.press('C-u')
    await visit.press(...leaveKeys)
    await until('the visit to end', async () => (await visit.screen()).includes('[ended with 0]'))
    await visit.close()
    expect((await untilLive(home)).client.pid).toBe(before.client.pid)

    await crashUntilItWaits(home)
    await press(home, ['C-c'])
    await untilLeft(home)
    expect(clients(home)).toEqual([])

    expect((await home.channels(['up', 'work'])).code).toBe(0)
    const last = await openTerminal(home, 'last', home.project, `${process.execPath} ${cli} attach work`)
    await until('somebody attached', async () => (await home.status()).sessions[0]?.terminal.attached === 1)
    await last.type('/exit')
    await until('/exit on the screen', async () => (await last.screen()).includes('/exit'))
    await last.press('Enter')
    await until('attach to end', async () => (await last.screen()).includes('[ended with'))
    expect(await last.screen()).toContain('channels up work')
    await untilLeft(home)
    expect(clients(home)).toEqual([])
  })
})

/** Kills clients until the loop waits some seconds before the next one. Hands back the last pid. */
const crashUntilItWaits = async (home: Home): Promise<number> => {
  let last = 0
  for (let crash = 0; crash < 4; crash += 1) {
    const client = await until('the next client', () => clients(home).find(({ pid }) => pid !== last), 20_000)
    last = client.pid
    signal(last, 'SIGKILL')
  }
  await until('a wait of some seconds', async () => {
    const next = (await home.status()).sessions[0]?.restarts.nextAt ?? null
    return next !== null && Date.parse(next) - Date.now() > 2_000
  })
  await until('the waiting line', async () => {
    const lines = (await screen(home)).trimEnd().split('\n').slice(-2)
    return lines.join(' ').includes('Next look in')
  })
  return last
}

/** Not wanted any more, and the person is told how to start it again. */
const untilLeft = async (home: Home): Promise<void> => {
  await until('nothing wanted', async () => {
    const [session] = (await home.status()).sessions
    return session?.wanted === false && session.state === 'stopped'
  })
  expect((await home.channels(['status', 'work'])).stdout).toContain('channels up work')
}
