import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Home } from '../../sim/home.ts'
import { statusFaults } from '../../sim/status-schema.ts'
import { tested } from '../../sim/tested.ts'
import { until } from '../../sim/until.ts'
import { clients, delivered, pollers, registrations, untilLive } from '../../sim/watch.ts'
import {
  channels,
  closeEmpty,
  configure,
  expectAnswer,
  openSession,
  ownFile,
  readWanted,
  sessionOf,
  sessionProcesses,
  untilOrdered,
} from './rig.ts'

let home: Home
beforeAll(async () => {
  home = await openSession()
})
afterAll(() => closeEmpty(home))

test('up ends when the session is live, and a message goes all the way and back', async () => {
  expect((await sessionOf(home)).state).toBe('stopped')
  const up = await channels(home, 'up')
  expect(up.stdout).toBe(`work is live as @${home.bot.bot.username}.\n`)
  const report = await home.status()
  expect(statusFaults(report)).toEqual([])
  expect(report).toMatchObject({ live: 1, total: 1, keeper: { pid: expect.any(Number) } })
  const [session] = report.sessions
  expect(session).toMatchObject({
    state: 'live',
    reason: null,
    wanted: true,
    terminal: { kind: tested, running: true, attached: 0 },
    client: { pid: clients(home)[0]?.pid, conversation: registrations(home).at(-1)?.conversation },
    channels: [
      {
        id: home.channel,
        account: `@${home.bot.bot.username}`,
        evidence: { poller: { pid: pollers(home)[0]?.pid, ours: true } },
      },
    ],
  })

  await expectAnswer(home, 'hello there')
  expect(delivered(home, 'hello there')).toMatchObject([
    { origin: { kind: 'channel', server: 'plugin:telegram:telegram' } },
  ])
})

test('what was written while nothing ran is answered once it runs, each message once', async () => {
  const texts = ['while it', 'was down', 'three came']
  await channels(home, 'down')
  for (const text of texts) home.bot.bot.push(text)
  await channels(home, 'up')
  const echoes = () => home.bot.bot.sent().filter(({ text }) => texts.includes(text.replace(/^echo: /, '')))
  await until('three answers', () => echoes().length >= texts.length)
  expect(echoes().map(({ text }) => text)).toEqual(texts.map((text) => `echo: ${text}`))
})

test('up on a live session touches nothing', async () => {
  const records = ['wanted.json', 'run.json', 'launch.sh']
  const before = records.map((name) => readFileSync(ownFile(home, name), 'utf8'))
  const pids = sessionProcesses(home).map(({ pid }) => pid)
  const again = await channels(home, 'up')
  expect(again.stdout).toBe('work is live already.\n')
  expect(sessionProcesses(home).map(({ pid }) => pid)).toEqual(pids)
  expect(records.map((name) => readFileSync(ownFile(home, name), 'utf8'))).toEqual(before)
})

test('restart makes a new client: same conversation, a fresh one, or an old one', async () => {
  const first = await untilLive(home)
  await channels(home, 'restart')
  const second = await untilLive(home)
  expect(second.client.pid).not.toBe(first.client.pid)
  expect(second.client.conversation).toBe(first.client.conversation)
  expect(second.restarts).toMatchObject({ streak: 0, last: { reason: 'asked' } })

  await channels(home, 'restart', '--fresh')
  const third = await untilLive(home)
  expect(third.client.pid).not.toBe(second.client.pid)
  expect(third.client.conversation).not.toBe(first.client.conversation)

  await channels(home, 'restart', '--conversation', first.client.conversation ?? '')
  const fourth = await untilLive(home)
  expect(fourth.client.conversation).toBe(first.client.conversation)
  expect(fourth.client.pid).not.toBe(third.client.pid)
  expect(clients(home)).toHaveLength(1)
})

test('a restart that down overtakes exits 1 and says so; down leaves nothing', async () => {
  let client = ''
  configure(home, (session) => {
    client = session.client
    session.client = writeSleeper(client)
  })
  const before = readWanted(home)
  const restarting = home.channels(['restart', 'work'])
  await untilOrdered(home, before, 'restart')
  // Two at once: they want the same.
  const downs = await Promise.all([channels(home, 'down'), channels(home, 'down')])
  for (const { stdout, ms } of downs) {
    expect(stdout).toMatch(/^work (is stopped;|was not running\.)/)
    expect(ms).toBeLessThan(10_000)
  }
  expect(await restarting).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Something newer was asked of `work` meanwhile (channels down).'),
  })
  expect(sessionProcesses(home)).toEqual([])
  expect(await sessionOf(home)).toMatchObject({
    state: 'stopped',
    wanted: false,
    client: null,
    terminal: { running: false },
  })

  const again = await channels(home, 'down')
  expect(again.stdout).toBe('work was not running.\n')
  configure(home, (session) => {
    session.client = client
  })
})

test('up while down still runs ends up', async () => {
  await channels(home, 'up')
  const before = await untilLive(home)
  const wanted = readWanted(home)
  const stopping = home.channels(['down', 'work'])
  await untilOrdered(home, wanted, 'down')
  await channels(home, 'up')
  await stopping
  const after = await untilLive(home)
  expect(after.client.pid).not.toBe(before.client.pid)
  expect(after.client.conversation).toBe(before.client.conversation)
  expect(clients(home)).toHaveLength(1)
  await expectAnswer(home, 'up again')
})

/** A client that answers like the one there is, but never gets a session to work: whoever waits for it waits. */
const writeSleeper = (client: string): string => {
  const file = join(home.bin, 'sleeper')
  const script = `#!/bin/sh\ncase $1 in --resume | --session-id) exec sleep 600 ;; esac\nexec '${client}' "$@"\n`
  writeFileSync(file, script, { mode: 0o755 })
  return file
}
