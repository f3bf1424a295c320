import { existsSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Deps } from '../../../src/deps.ts'
import { commandOfAgent } from '../../../src/service/launchd-agent.ts'
import { type Played, playManager, script } from './played.ts'

const install = { do: 'install', yes: true, boot: true } as const
const agent = 'gui/1000/claude-channels.keeper'
const plist = 'Library/LaunchAgents/claude-channels.keeper.plist'

let played: Played
beforeEach(() => {
  played = playManager('launchd')
})
afterEach(() => played.close())

test('install writes the agent and loads it', async () => {
  const outcome = await played.service(install)
  expect(outcome).toMatchObject({
    status: 0,
    stdout:
      'claude-channels.keeper is installed; its keeper (pid 101) looks after all sessions.\nIt starts when you log in at the screen.\n',
  })
  expect(played.told()).toEqual([
    `launchctl enable ${agent}`,
    `launchctl bootstrap gui/1000 ${played.path(plist)}`,
  ])
  const text = readFileSync(played.path(plist), 'utf8')
  expect(outcome.stderr).toContain(text.trimEnd().split('\n').at(10))
  expect(commandOfAgent(text).slice(-2)).toEqual([script, 'run'])
  // launchd makes no folder for the log.
  expect(existsSync(played.path('state/keeper'))).toBe(true)
})

test('installed again the loaded one goes first, and what is refused while it does is tried again', async () => {
  await played.service(install)
  played.told()
  expect(await played.service(install)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('(pid 102)'),
  })
  const bootstrap = `launchctl bootstrap gui/1000 ${played.path(plist)}`
  expect(played.told()).toEqual([
    `launchctl bootout ${agent}`,
    `launchctl enable ${agent}`,
    bootstrap,
    bootstrap,
  ])
})

test('one that is refused for good is said', async () => {
  played.put('fails/bootstrap', 'Bootstrap failed: 5: Input/output error\n')
  const { status, error } = await played.service(install)
  expect(status).toBe(1)
  expect(error?.message).toContain('(Bootstrap failed: 5: Input/output error)')
})

test('uninstall unloads it, leaves nothing, and has a keeper in a terminal take over', async () => {
  await played.service(install)
  played.told()
  let asked = 0
  const outcome = await played.service({ do: 'uninstall', yes: true }, {
    settings: { read: () => ({ sessions: { work: {} } }) },
    ensureKeeper: async () => {
      asked += 1
      return 'started'
    },
  } as unknown as Partial<Deps>)
  expect(outcome).toMatchObject({ status: 0 })
  expect(asked).toBe(1)
  expect(played.told()).toEqual([`launchctl bootout ${agent}`])
  expect(played.has(plist)).toBe(false)
})

test('status: nothing, as it should be, not loaded, disabled', async () => {
  const status = () => played.service({ do: 'status', json: false })
  expect((await status()).status).toBe(3)
  await played.service(install)
  expect(await status()).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(
      'enabled  yes, starts at login\nactive   yes: running, pid 101, for 1m\n',
    ),
  })
  played.take('pid')
  expect(await status()).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(
      /It does not run: not loaded\.\n {2}`launchctl \w+ .*claude-channels\.keeper/,
    ),
  })
})
