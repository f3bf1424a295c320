import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { KeeperRecord } from '../../../src/core/records.ts'
import type { Report } from '../../../src/core/report.ts'
import { imageCommand } from '../../docs/running-page.ts'
import type { Home } from '../../sim/home.ts'
import { readProcess } from '../../sim/processes.ts'
import { servers } from '../../sim/terminals.ts'
import { until, untilNobody } from '../../sim/until.ts'
import { clients, pollers, transcriptRows } from '../../sim/watch.ts'
import { allowCrashes, loops, openSession, send } from '../life/rig.ts'
import { buildImage, type Container, type Mode, runImage, whyNoContainer, zombies } from './engine.ts'

const [init = ''] = imageCommand()

describe.each<Mode>(['rootful', 'rootless'])('a container, %s', (mode) => {
  const why = whyNoContainer(mode)
  if (why !== null) {
    test.skip(`left out: ${why}`, () => undefined)
    return
  }

  let home: Home
  let root: string
  let container: Container
  let conversation: string | null
  const started: Container[] = []
  const start = async (command?: readonly string[]): Promise<Container> => {
    const next = await runImage(home, root, mode, command)
    started.push(next)
    return next
  }

  beforeAll(async () => {
    home = await openSession()
    allowCrashes(home)
    root = buildImage(home, mode)
    container = await start()
  })
  afterAll(async () => {
    for (const each of started) await each.kill()
    await home?.close()
  })

  const inside = (...words: readonly string[]) => container.exec(['channels', ...words])
  const document = async (): Promise<Report> =>
    JSON.parse((await inside('status', '--json')).stdout) as Report
  const untilLive = () =>
    until(
      () => `a live session; ${container.printed()}`,
      async () => {
        const [session] = (await document()).sessions
        return session?.state === 'live' && session.client !== null ? session : null
      },
      30_000,
    )
  const expectAnswer = async (text: string) => {
    home.bot.bot.push(text)
    await home.bot.bot.waitForSent((sent) => sent.text === `echo: ${text}`, 15_000)
  }
  const noZombie = async () => {
    let left: readonly string[] = []
    // What ended this very moment is still to be reaped.
    await until(
      () => `nobody left to be reaped, and there is ${left.join(', ')}`,
      async () => {
        left = await zombies(container)
        return left.length === 0
      },
    )
  }
  const keeperRecord = (): KeeperRecord =>
    JSON.parse(readFileSync(join(home.state, 'keeper', 'keeper.json'), 'utf8')) as KeeperRecord

  test('the keeper is below the init, and live before anything is wanted', async () => {
    const live = await until('a keeper', async () => {
      const outcome = await inside('status', '--probe', 'live')
      return outcome.code === 0 ? outcome : null
    })
    expect(live.stdout).toMatch(/^live: a keeper is at work \(pid \d+\)\n$/)
    const { stdout } = await container.exec(['sh', '-c', "tr '\\0' ' ' </proc/1/cmdline; id -u"])
    expect(stdout).toBe(`${imageCommand().join(' ')} ${mode === 'rootful' ? 1000 : 0}\n`)
  })

  test('a session comes up, and is ready', async () => {
    const up = await inside('up', 'work')
    expect(up, up.stdout + up.stderr).toMatchObject({ code: 0 })
    conversation = (await untilLive()).client?.conversation ?? null
    await expectAnswer('in a container')
    expect(await inside('status', '--probe', 'ready')).toMatchObject({
      code: 0,
      stdout: 'ready: the session is live\n',
    })
  })

  const comesBack = async (end: () => void) => {
    await untilLive()
    const before = clients(home).map(({ pid }) => pid)
    end()
    await until('another client', () => clients(home).some(({ pid }) => !before.includes(pid)), 20_000)
    expect((await untilLive()).client?.conversation).toBe(conversation)
    await noZombie()
  }

  test('the client killed: live again, in its conversation, and nobody is left as a zombie', () =>
    comesBack(() => {
      for (const { pid } of clients(home)) send(pid)
    }))

  test('SIGTERM: all is over within ten seconds, with 0, and nothing is left; started again it is as before', async () => {
    const pid = keeperRecord().pid
    const { code, ms } = await container.stop()
    expect([code, container.printed()]).toEqual([
      0,
      expect.stringContaining('work is down, and still wanted'),
    ])
    expect(ms).toBeLessThan(10_000)
    await untilNobody('nothing left', home.processes)
    container = await start()
    expect((await untilLive()).client?.conversation).toBe(conversation)
    expect(keeperRecord().pid).toBe(pid)
    await expectAnswer('in another container')
  })

  // What becomes of ended processes is the same for both.
  if (mode === 'rootless' && whyNoContainer('rootful') === null) return

  test.each([
    ['plugin', () => pollers(home)],
    ['loop', () => loops(home)],
    ['tmux server', () => servers(home)],
  ] as const)('the %s killed, too', (_, find) =>
    comesBack(() => {
      for (const { pid } of find()) send(pid)
    }),
  )

  test('a second one on the same volume refuses, and says why; the first one is not touched', async () => {
    const before = clients(home).map(({ pid }) => pid)
    const second = await start()
    expect(await second.ended).toBe(1)
    expect(second.printed()).toMatch(/Another keeper is at work on .*, in another container/)
    expect(clients(home).map(({ pid }) => pid)).toEqual(before)
    expect((await inside('status', '--probe', 'live')).code).toBe(0)
  })

  test('killed as it stands: what it leaves on the volume keeps the next one from nothing', async () => {
    await container.kill()
    await untilNobody('nothing left', home.processes)
    expect(existsSync(join(home.state, 'keeper', 'keeper.json'))).toBe(true)
    container = await start()
    expect((await untilLive()).client?.conversation).toBe(conversation)
    await expectAnswer('after a container that was killed')
    await noZombie()
  })

  test('SIGTERM while the client is stopped and hears nothing: within ten seconds all the same', async () => {
    await untilLive()
    for (const { pid } of [...clients(home), ...pollers(home)]) send(pid, 'SIGSTOP')
    const { code, ms } = await container.stop()
    expect([code, ms < 10_000]).toEqual([0, true])
    await untilNobody('nothing left', home.processes)
  })

  test('without a keeper, and with the record of one, it is not live', async () => {
    container = await start([init, '--', 'sleep', '1000'])
    writeFileSync(
      join(home.state, 'keeper', 'keeper.json'),
      JSON.stringify({
        ...{ format: 1, pid: 1, start: '1', version: '0.1.0', since: Date.now() },
        ...{ where: 'foreground', machine: null },
      }),
    )
    const { code, stdout } = await inside('status', '--probe', 'live')
    expect([code, stdout]).toEqual([1, 'lost: no keeper is at work; `channels up` starts one\n'])
    await container.kill()
  })

  test('a keeper that is stopped is lost; an expired login is not ready, and live', async () => {
    container = await start()
    await untilLive()
    const keeper = home.processes().find(({ argv }) => argv.includes('--own') && argv[0] !== init)
    send(keeper?.pid, 'SIGSTOP')
    expect(await inside('status', '--probe', 'live')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^lost: the keeper \(pid \d+\) is suspended/),
    })
    send(keeper?.pid, 'SIGCONT')
    home.model.fail({ status: 401, retry: false })
    home.bot.bot.push('a message that is refused')
    await until('the refusal', () =>
      transcriptRows(home).some(({ isApiErrorMessage }) => isApiErrorMessage === true),
    )
    const ready = await until('not ready', async () => {
      const outcome = await inside('status', '--probe', 'ready')
      return outcome.code === 1 ? outcome : null
    })
    expect(ready.stdout).toBe('not ready: work is blocked (login-expired)\n')
    expect((await inside('status', '--probe', 'live')).code).toBe(0)
    expect(readProcess(keeper?.pid ?? 0)).not.toBeNull()
  })
})
