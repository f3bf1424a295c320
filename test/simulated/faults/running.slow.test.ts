import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resolveFolders } from '../../../src/system/folders.ts'
import { signal } from '../../sim/processes.ts'
import { press } from '../../sim/terminals.ts'
import { until } from '../../sim/until.ts'
import { journal } from '../../sim/watch.ts'
import {
  atStart,
  closeMachine,
  expectEcho,
  expectUp,
  live,
  type Machine,
  makeMachine,
  sessionIn,
  setUp,
  untilSession,
  writeProgram,
} from './kit.ts'

// What goes wrong once a client was started, with a keeper that looks after it: named, healed, and never called live.

let home: Machine
beforeAll(async () => {
  home = await makeMachine()
  // Shell commands ask here.
  const file = join(home.home, '.claude', 'settings.json')
  const settings = JSON.parse(readFileSync(file, 'utf8')) as object
  writeFileSync(file, JSON.stringify({ ...settings, permissions: { allow: ['Read'] } }))
})
afterAll(() => closeMachine(home))

test.concurrent('token-rejected: revoked before the start; another token is believed at once', async () => {
  const ward = await setUp(home, 'revoked')
  ward.bot.revoke()
  await expectUp(home, 'revoked', 1, '[token-rejected]')
  const session = await untilSession(home, 'revoked', { state: 'blocked', reason: 'token-rejected' })
  expect(session.remedy).toContain('`channels token revoked`')
  // As the remedy says: another token, and it is live at once.
  const bot = home.bot.addBot()
  const changed = await home.channels(['token', 'revoked', '--token-stdin', '--yes'], { input: bot.token })
  expect(changed, changed.stderr).toMatchObject({ code: 0 })
  expect(changed.stdout).toContain('revoked is live with the new token')
  await expectEcho({ ...ward, bot }, 'a new token')
})

test.concurrent('channels-unavailable: the gate is closed', async () => {
  const closed = join(home.root, 'gate-closed')
  const client = writeProgram(home, 'gate', 'claude', `[ ! -e '${closed}' ] || export DISABLE_TELEMETRY=1`)
  await setUp(home, 'gate', { env: { CHANNELS_CLAUDE: client } })
  writeFileSync(closed, '')
  await expectUp(home, 'gate', 1, '[channels-unavailable]')
  await untilSession(home, 'gate', { state: 'blocked', reason: 'channels-unavailable' })
  rmSync(closed)
  await expectUp(home, 'gate', 0, 'gate is live')
})

test.concurrent('permission-prompt: a tool asks; answered, it goes on', async () => {
  const ward = await setUp(home, 'asking')
  await expectUp(home, 'asking', 0, 'asking is live')
  ward.bot.push('run: echo done')
  await untilSession(home, 'asking', { state: 'blocked', reason: 'permission-prompt' })
  await expectUp(home, 'asking', 1, '[permission-prompt]')
  await press(home, ['Enter'], 'asking')
  await ward.bot.waitForSent(({ text }) => text === 'done', 15_000)
  await live(home, 'asking')
})

test.concurrent('plugin-exited: named, and the client resumed', async () => {
  const ward = await setUp(home, 'deaf')
  await expectUp(home, 'deaf', 0, 'deaf is live')
  const before = sessionIn(await home.status(), 'deaf')
  signal(before.channels[0]?.evidence.poller?.pid ?? 0, 'SIGKILL')
  await until('its name in the journal', () =>
    journal(home).find(
      (each) => each.session === 'deaf' && 'reason' in each && each.reason === 'plugin-exited',
    ),
  )
  await live(home, 'deaf', before.client?.pid)
  await expectEcho(ward, 'heard again')
})

test.concurrent('client-exited, then crash-loop: five minutes until the next try, or `up`', async () => {
  const crash = join(home.root, 'crash')
  const client = writeProgram(home, 'crashing', 'claude', atStart(`[ ! -e '${crash}' ] || exit 1`))
  const ward = await setUp(home, 'crashing', { env: { CHANNELS_CLAUDE: client } })
  writeFileSync(crash, '')
  expect((await home.channels(['up', 'crashing', '--no-wait'])).code).toBe(0)
  // Seen to be gone a moment before its loop has its exit on record.
  await untilSession(home, 'crashing', { state: 'recovering', reason: 'client-exited' })
  const given = await untilSession(home, 'crashing', { state: 'down', reason: 'crash-loop' })
  expect(given.restarts.last).toMatchObject({ reason: 'client-exited', code: 1 })
  expect(Date.parse(given.restarts.nextAt ?? '') - Date.now()).toBeGreaterThan(60_000)
  rmSync(crash)
  await expectUp(home, 'crashing', 0, 'crashing is live')
  await expectEcho(ward, 'no more crashes')
})

test.concurrent('launch-failed: `channels launch` cannot run; once it can, the loop goes on by itself', async () => {
  await setUp(home, 'broken')
  await expectUp(home, 'broken', 0, 'broken is live')
  const { launcher } = resolveFolders({ CHANNELS_HOME: home.channelsHome }, home.home).session('broken')
  const text = readFileSync(launcher, 'utf8')
  writeFileSync(launcher, '/nowhere/node\n/nowhere/channels.js\n')
  const pid = await live(home, 'broken')
  signal(pid, 'SIGKILL')
  await untilSession(home, 'broken', { state: 'recovering', reason: 'launch-failed' })
  writeFileSync(launcher, text)
  await live(home, 'broken', pid)
})
