import { execFileSync } from 'node:child_process'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Run } from '../../../src/core/records.ts'
import { exactly } from '../../patience.ts'
import type { Home } from '../../sim/home.ts'
import { leaveKeys, leaveWords, press, screen, typeLine } from '../../sim/terminals.ts'
import { until } from '../../sim/until.ts'
import { clients, journal, pollers, sockets, tmux, untilLive } from '../../sim/watch.ts'
import { attachAt } from './attach.ts'
import {
  allowCrashes,
  channels,
  closeEmpty,
  comesBack,
  configFile,
  expectAnswer,
  loops,
  openSession,
  ownFile,
  send,
  sessionOf,
  untilSession,
} from './rig.ts'

let home: Home
beforeAll(async () => {
  home = await openSession()
  await channels(home, 'up')
})
afterAll(() => closeEmpty(home))

const format = (text: string) => tmux(home, sockets(home).session, 'display-message', '-p', text)
const modes = () => format('#{mouse_any_flag}#{alternate_on} #{cursor_flag}')
const stty = async () =>
  execFileSync('stty', ['-a', '-F', await format('#{pane_tty}')])
    .toString()
    .replaceAll(/\s+/g, ' ')
const keys = (...names: readonly string[]) => press(home, [...names])

const killClient = () => send(clients(home)[0]?.pid)

/** The reason is on record while the last round of `launch` still ends what the client left; keys count only after it. */
const waitsInCrashLoop = async () => {
  const session = await untilSession(home, 'the crash loop', ({ reason }) => reason === 'crash-loop')
  await until('the waiting line to hear Ctrl-C', async () => / isig icanon .* echo /.test(await stty()))
  return session
}

test('five exits are a crash loop; until then each wait is longer', async () => {
  for (const streak of [1, 2, 3, 4]) {
    const { after } = await comesBack(home, killClient)
    expect(after).toMatchObject({ restarts: { streak } })
  }
  killClient()
  const session = await waitsInCrashLoop()
  expect(session).toMatchObject({
    state: 'down',
    client: null,
    restarts: { streak: 5, last: { signal: 'SIGKILL' } },
  })
  expect(session.remedy).toBeTruthy()
  const nextMs = Date.parse(session.restarts.nextAt ?? '') - Date.now()
  expect(nextMs).toBeGreaterThan(280_000)
  expect(nextMs).toBeLessThan(300_000)
  const waits = journal(home).flatMap((entry) =>
    entry.type === 'waiting' && entry.reason === 'client-exited' ? [entry] : [],
  )
  expect(waits).toHaveLength(3)
  const { exits } = JSON.parse(readFileSync(ownFile(home, 'run.json'), 'utf8')) as Run
  for (const [i, { untilMs, at }] of waits.entries()) {
    // The first restart waits for nothing. What is decided comes after the end, and before its line in the journal.
    expect(untilMs - (exits[i + 1]?.at ?? Number.NaN)).toBeGreaterThanOrEqual(800 * 2 ** i)
    expect(untilMs - at).toBeLessThanOrEqual(1_200 * 2 ** i)
  }
})

test('while it waits the plugin of the last client takes no message into nothing', async () => {
  await until('no plugin', () => pollers(home).length === 0, exactly(1_000))
  home.bot.bot.push('while it waits')
})

test('while it waits the terminal is in order, and attaching and leaving changes nothing', async () => {
  expect(await modes()).toBe('00 1')
  expect(await stty()).toMatch(/ isig icanon .* echo /)
  expect(await screen(home)).toMatch(
    /Next look in \d+ s, at \d\d:\d\d:\d\d\. Ctrl-[ab] d leaves it running; Ctrl-C stops it\./,
  )
  const person = await attachAt(home)
  try {
    await person.shows('leaves it running')
    await person.text('can you see this?')
    await person.shows('can you see this?')
    await person.keys(...leaveKeys)
    await person.shows('attach ended with 0')
  } finally {
    await person.close()
  }
  expect(await sessionOf(home)).toMatchObject({
    reason: 'crash-loop',
    wanted: true,
    terminal: { attached: 0 },
  })
})

test('up tries now, and no key typed while waiting reaches the client', async () => {
  await keys('Enter', '/', 'e', 'x', 'i', 't', 'Enter', '1', 'Enter')
  await channels(home, 'up')
  const { client } = await untilLive(home)
  await home.bot.bot.waitForSent(({ text }) => text === 'echo: while it waits')
  // What the client's own modes look like, else their absence before would prove nothing.
  expect(await modes()).toBe('11 0')
  expect(await stty()).toMatch(/ -isig -icanon .* -echo /)
  await typeLine(home, 'only this')
  await until('its answer', async () => (await screen(home)).includes('typed: only this'))
  expect(await screen(home)).not.toMatch(/can you see this|❯ .*(exit|1)/)
  expect(clients(home).map(({ pid }) => pid)).toEqual([client.pid])
})

test('Ctrl-Z, which no shell would bring the client back from, takes nobody the keyboard', async () => {
  const person = await attachAt(home)
  try {
    for (const keys of [['C-z'], ['C-b', 'C-z'], ['C-z']]) await person.keys(...keys)
    await person.shows(`Ctrl-Z is off: it takes Claude the keyboard. ${leaveWords} leaves it running.`)
    expect(await stty()).toMatch(/ -isig -icanon .* -echo /)
    await typeLine(home, 'and on')
    await until('its answer', async () => (await screen(home)).includes('typed: and on'))
  } finally {
    await person.close()
  }
})

test('Ctrl-C at the waiting line stops the session', async () => {
  if (clients(home).length > 0) killClient()
  await waitsInCrashLoop()
  await keys('C-c')
  const stopped = await untilSession(home, 'the end of the terminal', ({ terminal }) => !terminal.running)
  expect(stopped).toMatchObject({ state: 'stopped', wanted: false, client: null, reason: null })
  expect(journal(home).some((entry) => entry.type === 'left' && entry.by === 'person')).toBe(true)
  expect(loops(home)).toEqual([])
  expect((await home.channels(['status'])).stdout).toContain(
    'work is not wanted; `channels up work` starts it.',
  )
})

test('a launch that fails is named with its remedy; mended, the session comes back', async () => {
  allowCrashes(home)
  await channels(home, 'up')
  const launcher = ownFile(home, 'launcher')
  const { before, after: mended } = await comesBack(home, async () => {
    renameSync(launcher, `${launcher}.away`)
    killClient()
    const failed = await untilSession(home, 'launch-failed', ({ reason }) => reason === 'launch-failed')
    expect(failed).toMatchObject({ state: 'recovering', client: null, terminal: { running: true } })
    expect(failed.remedy).toBeTruthy()
    // The loop says it once it has left the word for others.
    await until('it on the screen', async () =>
      /channels launch failed \(127\): cannot read .*launcher/.test(await screen(home)),
    )
    renameSync(`${launcher}.away`, launcher)
  })
  expect(mended.client.conversation).toBe(before.client.conversation)

  const settings = readFileSync(configFile(home))
  const { after: again } = await comesBack(home, async () => {
    writeFileSync(configFile(home), '{ "sessions": ')
    killClient()
    await until('launch to fail', async () => (await screen(home)).includes('channels launch failed (78)'))
    expect(await home.channels(['status'])).toMatchObject({
      code: 78,
      stderr: expect.stringContaining(configFile(home)),
    })
    writeFileSync(configFile(home), settings)
  })
  expect(again.client.conversation).toBe(before.client.conversation)
  await expectAnswer(home, 'mended')
})
