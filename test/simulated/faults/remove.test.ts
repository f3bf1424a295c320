import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../sim/until.ts'
import { clients } from '../../sim/watch.ts'
import { closeMachine, expectUp, type Machine, makeMachine, setUp, writeProgram } from './kit.ts'
import { filesBelow } from './secrets.ts'

// What `setup` changes at the client, a setup that was killed, and what `remove` puts back.

const plugin = 'telegram@channels-tests'
const cli = fileURLToPath(new URL('../../../bin/channels.js', import.meta.url))

let home: Machine
beforeAll(async () => {
  home = await makeMachine()
})
afterAll(() => closeMachine(home))

const enabled = (): unknown => {
  const text = readFileSync(join(home.home, '.claude', 'settings.json'), 'utf8')
  return (JSON.parse(text) as { enabledPlugins?: Record<string, boolean> }).enabledPlugins?.[plugin]
}
const asClient = async (...args: readonly string[]): Promise<void> => {
  const outcome = await home.claude(['plugin', ...args])
  expect(outcome, outcome.stderr).toMatchObject({ code: 0 })
}
const remove = async (name: string, ...more: readonly string[]): Promise<string> => {
  const outcome = await home.channels(['remove', name, '--yes', ...more])
  expect(outcome, outcome.stdout + outcome.stderr).toMatchObject({ code: 0 })
  return outcome.stdout
}

/** Nothing of a session is left in our own folder but what the journal says. */
const expectForgotten = (name: string): void => {
  const left = filesBelow(home.channelsHome).filter((file) =>
    file.split('/').some((part) => part.split('.')[0] === name),
  )
  expect(left).toEqual([])
  expect(existsSync(join(home.state, 'sessions', name))).toBe(false)
  expect(readFileSync(join(home.channelsHome, 'config.json'), 'utf8')).not.toContain(`"${name}"`)
}

test('killed with -9 while the client installs the plugin: nothing is known of it, and a second run completes', async () => {
  const stuck = join(home.root, 'stuck')
  const reached = join(home.root, 'reached')
  const hang = `if [ "$1 $2" = 'plugin install' ] && [ -e '${stuck}' ]; then : >'${reached}'; exec sleep 1000; fi`
  const client = writeProgram(home, 'hanging', 'claude', hang)
  writeFileSync(stuck, '')
  const bot = home.bot.addBot()
  const args = [
    'setup',
    home.channel,
    '--session',
    'killed',
    '--token-stdin',
    '--trust',
    '--allow',
    '4242',
    '--yes',
  ]
  const env = { CHANNELS_CLAUDE: client }
  const first = spawn(process.execPath, [cli, ...args], { cwd: home.project, env: { ...home.env, ...env } })
  const ended = new Promise((resolve) => first.once('close', resolve))
  first.stdin.end(bot.token)
  await until('the installation', () => existsSync(reached))
  first.kill('SIGKILL')
  await ended
  // Its lock is believed for 10 s; it is made that old.
  utimesSync(join(home.channelsHome, 'config.json.plugins.lock'), 0, 0)
  expect((await home.channels(['list', '--names'])).stdout).toBe('')
  expect((await home.channels(['status'])).code).toBe(3)
  expect((await home.channels(['up', 'killed'])).code).toBe(3)
  rmSync(stuck)
  const second = await home.channels(args, { input: bot.token, env })
  expect(second, second.stderr).toMatchObject({ code: 0 })
  await expectUp(home, 'killed', 0, 'killed is live')
  await remove('killed', '--purge')
  expect(clients(home)).toEqual([])
  expectForgotten('killed')
})

test('setup: token and folders for the person only, plugin enabled for this session only; `remove` forgets a live one', async () => {
  const ward = await setUp(home, 'one')
  expect(enabled()).not.toBe(true)
  expect(statSync(join(ward.stateDir, '.env')).mode & 0o777).toBe(0o600)
  expect(statSync(ward.stateDir).mode & 0o777).toBe(0o700)
  expect(statSync(join(home.channelsHome, 'config.json')).mode & 0o777).toBe(0o600)
  expect(statSync(join(home.state, 'events.jsonl')).mode & 0o777).toBe(0o600)
  await expectUp(home, 'one', 0, 'one is live')
  expect(isTrusted(ward.cwd)).toBe(true)
  const said = await remove('one')
  expect(said).toContain(`stay in ${ward.stateDir}; --purge`)
  expect(clients(home)).toEqual([])
  expect(isTrusted(ward.cwd)).not.toBe(true)
  expectForgotten('one')
  expect(readdirSync(ward.stateDir)).toEqual(expect.arrayContaining(['.env', 'access.json']))
  // The token is still there: none has to be given.
  const args = ['setup', home.channel, '--session', 'one', '--cwd', ward.cwd, '--trust', '--yes']
  const again = await home.channels(args)
  expect(again, again.stderr).toMatchObject({ code: 0 })
  await remove('one', '--purge')
  expect(existsSync(ward.stateDir)).toBe(false)
})

test.each([
  ['absent', 'first', 'second'],
  ['disabled', 'second', 'first'],
  ['enabled', 'first', 'second'],
] as const)(
  'the plugin is %s again with the last exclusive session (%s goes before %s)',
  async (before, one, other) => {
    if (before === 'enabled') await asClient('enable', plugin)
    if (before === 'absent') forgetPlugin()
    await setUp(home, 'first')
    await setUp(home, 'second')
    expect(enabled()).toBe(false)
    await remove(one)
    expect(enabled()).toBe(false)
    await remove(other)
    expect(enabled() === true).toBe(before === 'enabled')
    expectForgotten('first')
    expectForgotten('second')
  },
)

const isTrusted = (folder: string): unknown => {
  const text = readFileSync(join(home.home, '.claude.json'), 'utf8')
  const { projects } = JSON.parse(text) as { projects: Record<string, Record<string, unknown>> }
  return projects[folder]?.hasTrustDialogAccepted
}

/** As on a machine where nobody ever installed it. */
const forgetPlugin = (): void => {
  const list = join(home.home, '.claude', 'plugins', 'installed_plugins.json')
  writeFileSync(list, JSON.stringify({ version: 2, plugins: {} }))
  const file = join(home.home, '.claude', 'settings.json')
  const { enabledPlugins: _, ...settings } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  writeFileSync(file, JSON.stringify(settings))
}
