import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../sim/until.ts'
import { clients } from '../../sim/watch.ts'
import { type Case, causes } from './causes.ts'
import {
  closeMachine,
  expectEcho,
  expectUp,
  live,
  type Machine,
  makeMachine,
  readReport,
  sessionIn,
  setUp,
} from './kit.ts'
import { filesBelow } from './secrets.ts'

// What keeps a client from ever being there: each with its reason before the start, and live once it is mended.

let home: Machine
let cases: readonly Case[]

beforeAll(async () => {
  home = await makeMachine()
  cases = await Promise.all(causes.map((cause) => cause(home)))
})
afterAll(() => closeMachine(home))

test('no tmux in PATH: `up` ends with 69, `status` names multiplexer-missing, then it comes up', async () => {
  const env = { PATH: join(home.root, 'programs', 'none') }
  await setUp(home, 'mux')
  const up = await home.channels(['up', 'mux'], { env })
  expect(up, up.stderr).toMatchObject({ code: 69 })
  expect(up.stdout + up.stderr).toContain('tmux is not installed')
  expect(up.stdout + up.stderr).toContain('apt install tmux')
  const report = readReport(await home.channels(['status', '--json'], { env }))
  expect(sessionIn(report, 'mux')).toMatchObject({
    state: 'blocked',
    reason: 'multiplexer-missing',
    client: null,
  })
  await expectUp(home, 'mux', 0, 'mux is live')
  expect((await home.channels(['down', 'mux'])).code).toBe(0)
})

test('each reason is named by `up` and `status`, and none is called live', async () => {
  for (const one of cases) one.break()
  await Promise.all(cases.map(({ ward, reason, code }) => expectUp(home, ward.name, code, `[${reason}]`)))
  const report = await home.status()
  expect(report).toMatchObject({ live: 0, total: cases.length + 1 })
  for (const { ward, reason } of cases) {
    const session = sessionIn(report, ward.name)
    expect(session).toMatchObject({ name: ward.name, state: 'blocked', reason, wanted: true })
    expect(session.channels).toMatchObject([{ state: 'blocked', reason }])
    expect(session.remedy).toBeTruthy()
    expect(session.remedy).not.toMatch(/<session>|<plugin>/)
  }
  const table = await home.channels(['status'])
  expect(table.code).toBe(1)
  for (const { ward, reason } of cases)
    expect(table.stdout).toMatch(new RegExp(`${ward.name}: .+\\[${reason}\\]`))
  expect((await home.channels(['status', 'gone', '--quiet'])).code).toBe(1)
  expect(clients(home)).toHaveLength(2)
})

test('the screen of a dialog that nobody knows is kept in its session’s folder, and nowhere else', async () => {
  const folder = join(home.state, 'sessions', 'asks', 'evidence')
  const withIt = () =>
    [home.channelsHome, home.state]
      .flatMap(filesBelow)
      .filter((file) => textOf(file).includes('A new question'))
  const kept = await until('it to be kept', () => (withIt().length > 0 ? [...new Set(withIt())] : null))
  expect(kept.map((file) => dirname(file))).toEqual([folder])
  expect(statSync(kept[0] ?? '').mode & 0o777).toBe(0o600)
})

test('each is live once it is mended, without another `up`', async () => {
  for (const one of cases) await one.mend()
  for (const { ward } of cases) await live(home, ward.name)
  await Promise.all(cases.map(({ ward }) => expectEcho(ward, `hello ${ward.name}`)))
  expect(clients(home)).toHaveLength(cases.length)
})

/** A record that is being replaced may be gone since it was listed. */
const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
