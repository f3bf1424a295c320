import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signal } from '../../sim/processes.ts'
import { screen } from '../../sim/terminals.ts'
import { until } from '../../sim/until.ts'
import { clients } from '../../sim/watch.ts'
import {
  closeMachine,
  expectEcho,
  expectUp,
  live,
  type Machine,
  makeMachine,
  setUp,
  unhurried,
  untilSession,
  type Ward,
} from './kit.ts'

// Channels that an organization or a variable has switched off: no client is started, and who can change what is said.

let home: Machine
let work: Ward
let file: string

beforeAll(async () => {
  home = await makeMachine()
  const folder = home.env.CHANNELS_MANAGED_SETTINGS ?? ''
  mkdirSync(folder)
  file = join(folder, 'managed-settings.json')
  work = await setUp(home, 'work')
})
afterAll(() => closeMachine(home))

const forbid = () => writeFileSync(file, JSON.stringify({ channelsEnabled: false }))

test('`up` and `status` name the file, the key and who can change it; it is live by itself once that is done', async () => {
  forbid()
  const up = await home.channels(['up', 'work', ...unhurried])
  expect(up.code).toBe(1)
  for (const said of [up.stdout, (await home.channels(['status', 'work'])).stdout]) {
    expect(said).toContain('[org-policy]')
    expect(said.replaceAll(/\s+/g, ' ')).toContain(
      `channelsEnabled is false in ${file}; this machine’s administrator can change it there`,
    )
    expect(said).toContain('claude.ai')
  }
  expect(clients(home)).toEqual([])
  rmSync(file)
  await live(home, 'work')
  await expectEcho(work, 'allowed again')
})

test('a client that ends meanwhile is not started again into deafness, and is as soon as it may', async () => {
  const pid = await live(home, 'work')
  forbid()
  // What listens already goes on.
  await expectEcho(work, 'still there')
  expect(await live(home, 'work')).toBe(pid)
  signal(pid, 'SIGKILL')
  await untilSession(home, 'work', { state: 'blocked', reason: 'org-policy' })
  await until('the terminal to say so', async () =>
    (await screen(home)).replaceAll(/\s+/g, ' ').includes('channelsEnabled is false in'),
  )
  expect(clients(home)).toEqual([])
  rmSync(file)
  await live(home, 'work', pid)
})

test('`restart` names it, too', async () => {
  await live(home, 'work')
  forbid()
  const restart = await home.channels(['restart', 'work', ...unhurried])
  expect(restart).toMatchObject({ code: 1, stdout: expect.stringContaining('[org-policy]') })
  rmSync(file)
  await live(home, 'work')
})

test('a variable of the session’s own: the command that is named takes it out', async () => {
  const foundry = 'CLAUDE_CODE_USE_FOUNDRY'
  await setUp(home, 'cloud', { env: { [foundry]: '1' } })
  const up = await home.channels(['up', 'cloud', ...unhurried])
  const said = up.stdout.replaceAll(/\s+/g, ' ')
  expect(up.code, said).toBe(1)
  expect(said).toContain('[channels-unavailable]')
  expect(said).toContain(`\`channels set cloud env.${foundry}=\` takes it out`)
  expect((await home.channels(['set', 'cloud', `env.${foundry}=`])).code).toBe(0)
  await live(home, 'cloud')
  await expectUp(home, 'cloud', 0, 'cloud is live')
})
