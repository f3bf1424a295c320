import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPlainTerminal } from '../../multiplexer/plain-tmux.ts'
import { patience } from '../../patience.ts'
import { cli } from '../../sim/cli.ts'
import type { Home } from '../../sim/home.ts'
import { statusFaults } from '../../sim/status-schema.ts'
import { until } from '../../sim/until.ts'
import { pollers, untilKept } from '../../sim/watch.ts'
import {
  allowCrashes,
  channels,
  closeEmpty,
  comesBack,
  expectAnswer,
  openLive,
  send,
  sessionOf,
  withoutKeeper,
} from './rig.ts'

let home: Home
beforeAll(async () => {
  home = (await openLive('one')).home
  allowCrashes(home)
  await untilKept(home)
})
afterAll(() => closeEmpty(home))

/** What a command leaves on a screen of that size, once `shows` is on it; then its keys are pressed. */
const onScreen = async (
  command: string,
  shows: RegExp,
  { size = '80x24', env = {}, keys = [] as readonly string[] } = {},
): Promise<string> => {
  const shell = `trap : INT; '${process.execPath}' '${cli}' ${command}; echo "[ended with $?]"; exec cat`
  const whole = { ...home.env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', ...env }
  const terminal = await openPlainTerminal(['sh', '-c', shell], { env: whole, size })
  let screen = ''
  try {
    const shown = (what: RegExp) =>
      until(`${what} on\n${screen}`, async () => {
        screen = (await terminal.screen()).trimEnd()
        return what.test(screen)
      })
    await shown(shows)
    if (keys.length > 0) await terminal.keys(...keys)
    await shown(/\[ended with \d+\]/)
    return screen
  } finally {
    await terminal.close()
  }
}
const messages = async () =>
  (await sessionOf(home)).history.messages.reduce((sum, { count }) => sum + count, 0)

test('the last day is drawn where somebody looks, with its messages, and not into a pipe', async () => {
  const below = await onScreen('status', /ended with/)
  expect(below).toMatch(/^ +24h ago +now {2}LIVE +MESSAGES\nwork {2} .*[█▂] {2}\d+(\.\d)? % of \S+ +1$/m)
  const beside = await onScreen('status', /ended with/, { size: '140x24' })
  expect(beside).toMatch(/RESTARTS {2}24h ago +now {2}LIVE +MESSAGES\nwork +live .*[█▂] {2}/)
  const ascii = await onScreen('status', /ended with/, { env: { LC_ALL: 'C', NO_COLOR: '1' } })
  expect(ascii).toMatch(/^work {2} +[=.] {2}\d/m)
  expect((await channels(home, 'status')).stdout).not.toContain('24h ago')
})

test('an outage is seen, also when it is over; what came to the client before counts on', async () => {
  await comesBack(home, () => send(pollers(home)[0]?.pid))
  await expectAnswer(home, 'two')
  await until('both messages', async () => (await messages()) === 2)
  await untilKept(home)
  const report = await home.status()
  expect(statusFaults(report)).toEqual([])
  const states = report.sessions[0]?.history.spans.map(({ state, reason }) => reason ?? state) ?? []
  expect(states.slice(states.indexOf('plugin-exited')).at(-1)).toBe('live')
  expect(states).toContain('plugin-exited')
  const watched = await onScreen('status --watch', /q or Ctrl-C/, { keys: ['q'] })
  expect(watched).toMatch(/▄ {2}\d+(\.\d)? % of .* 2$\nEach sign is the worst of \S+: .*▄ recovering/m)
})

test('while no keeper looks nobody says it was live', async () => {
  const asked = Date.now()
  await withoutKeeper(home)
  const seen = async () => (await sessionOf(home)).history.spans.at(-1)?.to
  const before = await seen()
  // It has written down until when it looked before it left.
  expect(Date.parse(before ?? '')).toBeGreaterThan(asked - 10_000 * patience)
  await expectAnswer(home, 'three')
  expect(await seen()).toBe(before)
  // The client's log is there all the same.
  expect(await messages()).toBe(3)
  await channels(home, 'up')
  await until('a keeper that looks', async () => ((await seen()) ?? '') > (before ?? ''))
})

test('logs at a terminal are for reading, and Ctrl-C leaves them', async () => {
  const screen = await onScreen('logs work -f', /a message came in/, { size: '100x60', keys: ['C-c'] })
  expect(screen).toMatch(
    /^\d\d:\d\d:\d\d keeper {2}session is recovering, was live: The channel plugin died/m,
  )
  expect(screen).toMatch(/\[plugin-exited\]$/m)
  expect(screen).not.toMatch(/^\d{4}-/m)
  expect(screen).toMatch(/\[ended with (0|130)\]$/)
})
