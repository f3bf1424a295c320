import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Home } from '../../sim/home.ts'
import type { TestProcess } from '../../sim/processes.ts'
import { until, untilNobody } from '../../sim/until.ts'
import { clients, type LiveSession, untilLive } from '../../sim/watch.ts'
import {
  expectAnswer,
  openSession,
  readWanted,
  sessionOf,
  sessionProcesses,
  succeeded,
  untilSession,
} from '../life/rig.ts'
import { bootManager, installed, type Manager, upgradedTo, whyNoManager } from './manager.ts'

const missing = await whyNoManager()
if (missing !== null) console.warn(`no systemd user manager was started by these tests: ${missing}`)

/** Set at setup, and nowhere in the manager's environment. */
const stored = { ANTHROPIC_MODEL: 'of the setup' }

let outside: Home
let manager: Manager
const home = (): Home => manager.home

describe.skipIf(missing !== null)('under a real systemd user manager', () => {
  beforeAll(async () => {
    outside = await openSession(stored)
    succeeded(
      await outside.channels([
        ...['setup', outside.channelOf('fakechat'), '--session', 'quiet', '--cwd', outside.project],
        ...['--trust', '--yes', '--no-start'],
      ]),
    )
    manager = await bootManager(outside)
  })
  afterAll(async () => {
    await manager?.close()
    await outside?.close()
  })

  test('installed, its keeper takes over from the one in a terminal; the session never notices', async () => {
    succeeded(await manager.channels(['up', 'work']))
    await survives(async () => {
      succeeded(await manager.channels(['service', 'install', '--yes', '--no-boot']))
    })
    expect((await home().status()).keeper?.pid).toBe(await mainPid())
    await isAsItShouldBe()
  })

  test('what is asked for now is brought up by it, is live and answers', async () => {
    succeeded(await manager.channels(['down', 'work']))
    succeeded(await manager.channels(['up', 'quiet', '--no-wait']))
    succeeded(await manager.channels(['down', 'quiet']))
    succeeded(await manager.channels(['up', 'work']))
    await untilLive(home())
    await expectAnswer(home(), 'under a unit')
    expect((await home().status()).keeper?.pid).toBe(await mainPid())
    // The keeper's, and so is all that it starts.
    const group = await manager.run(['cat', `/proc/${(await untilLive(home())).client.pid}/cgroup`])
    expect(group.stdout).toContain('/channels.service\n')
    await isAsItShouldBe()
  })

  test('the client has the environment it was set up with, not that of the manager or of the unit', async () => {
    await hasItsEnvironment()
    expect(await manager.systemctl('show-environment')).not.toContain('ANTHROPIC_')
  })

  test.each(['SIGKILL', 'SIGTERM'])(
    'a keeper that %s ends comes back; the session never notices',
    async (signal) => {
      await survives(async (before) => {
        succeeded(await manager.run(['kill', `-${signal.slice(3)}`, String(before)]))
      })
      await expectAnswer(home(), `after ${signal}`)
    },
  )

  test('after an upgrade to elsewhere status says so, and install again changes over, sessions untouched', async () => {
    const stale = await manager.upgraded(['service', 'status'])
    expect(stale.code).toBe(1)
    expect(stale.stdout).toContain(
      `It names another script than this: ${installed}, and not ${upgradedTo}.\n  \`channels service install\` writes it anew; no session is touched.\n`,
    )
    // Whatever a unit's syntax gives a meaning reaches the keeper as it is.
    const odd = {
      LANGUAGE: `a "quoted" 100% \\back\\ $HOME \${HOME} 'x' ; # é`,
      HTTPS_PROXY: 'http://u:p%41@127.0.0.1:9',
    }
    await survives(async () => {
      succeeded(await manager.upgraded(['service', 'install', '--yes', '--no-boot'], { env: odd }))
    })
    const words = (await manager.run(['cat', `/proc/${await mainPid()}/cmdline`])).stdout.split('\0')
    expect(words.slice(-3)).toEqual([upgradedTo, 'run', ''])
    const variables = (await manager.run(['cat', `/proc/${await mainPid()}/environ`])).stdout.split('\0')
    for (const [name, value] of Object.entries(odd)) expect(variables).toContain(`${name}=${value}`)
    await survives(async () => {
      succeeded(await manager.channels(['service', 'install', '--yes', '--no-boot']))
    })
    await isAsItShouldBe()
    await expectAnswer(home(), 'after two upgrades')
  })

  test('stopped, all sessions go down in order and stay wanted; started, they are back as they were', async () => {
    const before = await untilLive(home())
    const wanted = readWanted(outside)
    await manager.systemctl('stop', 'channels')
    await untilNobody('nothing left of the session', () => sessionProcesses(outside))
    expect(readWanted(outside)).toEqual(wanted)
    expect(await sessionOf(home())).toMatchObject({ wanted: true, state: 'down', reason: 'taken-down' })
    expect((await home().status()).keeper).toBeNull()
    const down = await manager.channels(['service', 'status'])
    expect(down).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('It does not run: inactive (dead).'),
    })
    // In order: the client was asked, and had its time.
    expect((await sessionOf(home())).restarts.last?.signal).not.toBe('SIGKILL')

    await manager.systemctl('start', 'channels')
    await isBack(before)
    await expectAnswer(home(), 'started again')
  })

  test('restarted by systemctl they go down, too, and come back', async () => {
    const before = await untilLive(home())
    await manager.systemctl('restart', 'channels')
    await isBack(before)
  })

  test('a machine that is shut down and booted brings back what was wanted, and nothing else', async () => {
    const before = await untilLive(home())
    // Ends the manager, and all units with it, in order.
    await manager.systemctl('exit')
    await untilNobody('nothing left of the session', () => sessionProcesses(outside))
    await reboot()
    await isBack(before)
    await expectAnswer(home(), 'after a boot')
    expect(await quietOne()).toMatchObject({ wanted: false, state: 'stopped', client: null })
  })

  test('so does one whose power was cut, and a boot without a network fails nothing', async () => {
    const before = await untilLive(home())
    await reboot('offline')
    await until('a keeper', mainPid, 30_000)
    await untilSession(home(), 'a client', ({ client }) => client !== null, 30_000)
    expect(await manager.systemctl('show', 'channels', '--property=ActiveState,NRestarts')).toBe(
      'NRestarts=0\nActiveState=active',
    )
    await reboot()
    await isBack(before)
    await expectAnswer(home(), 'after a power cut')
    expect(await quietOne()).toMatchObject({ wanted: false, state: 'stopped', client: null })
  })

  test('uninstalled it leaves nothing; the session goes on, with a keeper in a terminal', async () => {
    await survives(async () => {
      succeeded(await manager.channels(['service', 'uninstall', '--yes']))
    })
    await expectAnswer(home(), 'without a unit')
    const units = join(outside.home, '.config/systemd')
    const left = existsSync(units) ? readdirSync(units, { recursive: true, withFileTypes: true }) : []
    expect(left.filter((each) => !each.isDirectory()).map(({ name }) => name)).toEqual([])
    expect(await manager.systemctl('show', 'channels', '--property=LoadState,ActiveState')).toBe(
      'LoadState=not-found\nActiveState=inactive',
    )
    expect(await manager.channels(['service', 'status'])).toMatchObject({ code: 3 })
    succeeded(await manager.channels(['run', '--stop']))
    await untilNobody('nothing of ours left', () => ofOurs(outside))
  })
})

const mainPid = async (): Promise<number> =>
  Number(await manager.systemctl('show', 'channels', '--property=MainPID', '--value'))

/** What `change` does costs the session nothing, but there is another keeper afterwards. */
const survives = async (change: (keeper: number) => Promise<void>): Promise<void> => {
  const before = await untilLive(home())
  const keeper = (await home().status()).keeper?.pid ?? 0
  expect(keeper).toBeGreaterThan(1)
  const processes = sessionProcesses(outside).map(({ pid }) => pid)
  await change(keeper)
  await until(
    'another keeper',
    async () => {
      const now = (await home().status()).keeper?.pid ?? keeper
      return now !== keeper
    },
    20_000,
  )
  const after = await untilLive(home())
  const { pid, since, conversation } = before.client
  expect(after.client).toMatchObject({ pid, since, conversation })
  expect(sessionProcesses(outside).map(({ pid }) => pid)).toEqual(processes)
}

/** Live, in the conversation it was in, with the environment of its setup. */
const isBack = async (before: LiveSession): Promise<void> => {
  const after = await untilLive(home(), { ms: 40_000 })
  expect(after.client.conversation).toBe(before.client.conversation)
  await hasItsEnvironment()
}

const hasItsEnvironment = async (): Promise<void> => {
  const [client] = clients(outside)
  expect(client?.env).toMatchObject(stored)
  // Behind what stands in front of Bun.
  expect(client?.env.PATH).toContain(`:${outside.env.PATH}`)
}

const isAsItShouldBe = async (): Promise<void> => {
  const outcome = await manager.channels(['service', 'status'])
  expect(outcome, outcome.stdout).toMatchObject({ code: 0 })
}

const reboot = async (network: 'ours' | 'offline' = 'ours'): Promise<void> => {
  await manager.close()
  await untilNobody('no process of before the boot', outside.processes)
  manager = await bootManager(outside, network)
}

const quietOne = async () => (await home().status()).sessions.find(({ name }) => name === 'quiet')

/** But for the manager itself. */
const ofOurs = (of: Home): readonly TestProcess[] =>
  of.processes().filter(({ argv }) => !argv.some((word) => /systemd|manager\.sh|^\(sd-pam\)$/.test(word)))
