import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cli } from '../../sim/cli.ts'
import { until } from '../../sim/until.ts'
import { clients } from '../../sim/watch.ts'
import { closeMachine, expectUp, type Machine, makeMachine, setUp, writeProgram } from './kit.ts'
import { filesBelow } from './secrets.ts'

// What `setup` changes at the client, a setup that was killed, and what `remove` puts back.

const plugin = 'telegram@channels-tests'
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
    '--no-start',
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
  const args = [
    'setup',
    home.channel,
    '--session',
    'one',
    '--cwd',
    ward.cwd,
    '--trust',
    '--yes',
    '--no-start',
  ]
  const again = await home.channels(args)
  expect(again, again.stderr).toMatchObject({ code: 0 })
  await remove('one', '--purge')
  expect(existsSync(ward.stateDir)).toBe(false)
})

test.each([
  ['enabled', 'first', 'second'],
  ['disabled', 'second', 'first'],
  ['absent', 'first', 'second'],
] as const)(
  'the plugin is %s again with the last exclusive session (%s goes before %s)',
  async (before, one, other) => {
    if (before !== 'absent') {
      await asClient('install', plugin)
      if (enabled() !== (before === 'enabled'))
        await asClient(before === 'enabled' ? 'enable' : 'disable', plugin)
    }
    if (before === 'absent') forgetPlugin()
    await setUp(home, 'first')
    await setUp(home, 'second')
    expect(enabled()).toBe(false)
    await remove(one)
    expect(enabled()).toBe(false)
    await remove(other)
    expect(enabled()).toBe({ enabled: true, disabled: false, absent: undefined }[before])
    expect(readFileSync(pluginList(), 'utf8').includes(plugin)).toBe(before !== 'absent')
    expectForgotten('first')
    expectForgotten('second')
  },
)

test('set up again, shared and elsewhere: plugin and trust are as they were, and the last one uninstalls', async () => {
  forgetPlugin()
  const ward = await setUp(home, 'again')
  const other = join(home.root, 'elsewhere')
  mkdirSync(other)
  expect([enabled(), isTrusted(ward.cwd)]).toEqual([false, true])
  const args = [
    'setup',
    home.channel,
    '--session',
    'again',
    '--trust',
    '--shared',
    '--token-stdin',
    '--yes',
    '--no-start',
  ]
  const again = async (cwd: string) => {
    const done = await home.channels([...args, '--cwd', cwd], { input: ward.bot.token })
    expect(done, done.stderr).toMatchObject({ code: 0 })
  }
  await again(other)
  expect([enabled(), isTrusted(ward.cwd), isTrusted(other)]).toEqual([true, false, true])
  // What is below a folder is trusted with it.
  const below = join(other, 'below')
  mkdirSync(below)
  await again(below)
  expect([isTrusted(other), isTrusted(below)]).toEqual([true, undefined])
  await asClient('disable', plugin)
  await again(other)
  expect(enabled()).toBe(false)
  // Recorded for the first session there, it outlived the one below.
  await remove('again', '--purge')
  expect([enabled(), isTrusted(ward.cwd), isTrusted(other)]).toEqual([undefined, false, false])
})

test('what can not be put back is said, with what to do by hand, and the session is removed', async () => {
  await asClient('install', plugin)
  const client = writeProgram(home, 'fleeting', 'claude')
  const ward = await setUp(home, 'stubborn', { env: { CHANNELS_CLAUDE: client } })
  const file = join(home.home, '.claude.json')
  const text = readFileSync(file, 'utf8')
  rmSync(client)
  writeFileSync(file, '{ "projects":')
  const outcome = await home.channels(['remove', 'stubborn', '--yes', '--purge'])
  expect(readFileSync(file, 'utf8')).toBe('{ "projects":')
  writeFileSync(file, text)
  expect(outcome, outcome.stderr).toMatchObject({ code: 0 })
  expect(outcome.stdout).toMatch(/stubborn is removed\.\n$/)
  expect(outcome.stderr).toContain(`by hand: \`claude plugin enable ${plugin} --scope user\``)
  expect(outcome.stderr).toContain(`The trust in ${ward.cwd} could not be taken back`)
  expect(outcome.stderr).toContain(`In ${file}, set`)
  expectForgotten('stubborn')
  expect(existsSync(ward.stateDir)).toBe(false)
})

test("--purge takes from a folder that is not ours only what is the bot's", async () => {
  const folder = join(home.root, 'my-own')
  for (const part of ['approved', 'inbox', 'thesis']) mkdirSync(join(folder, part), { recursive: true })
  for (const part of ['notes.md', 'bot.pid', 'inbox/photo.jpg', 'thesis/one.tex'])
    writeFileSync(join(folder, part), '1')
  await setUp(home, 'guest', { flags: ['--shared'], env: { TELEGRAM_STATE_DIR: folder } })
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(['.env', 'access.json']))
  expect(await remove('guest', '--purge')).toContain(`${folder} stays`)
  expect(readdirSync(folder).sort()).toEqual(['notes.md', 'thesis'])
  expect(readdirSync(join(folder, 'thesis'))).toEqual(['one.tex'])
})

test('--purge leaves a folder that another session uses', async () => {
  const [one, two] = [await setUp(home, 'one'), await setUp(home, 'two')]
  // Not to be had by `setup`, but by hand or from a release that did not look.
  const file = join(home.channelsHome, 'config.json')
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(two.stateDir, one.stateDir))
  expect(await remove('one', '--purge')).toContain('stays: session `two` uses it')
  expect(readdirSync(one.stateDir)).toEqual(expect.arrayContaining(['.env', 'access.json']))
  // Not the folder `setup` gives to a session of this name: what it holds goes, it stays.
  await remove('two', '--purge')
  expect(readdirSync(one.stateDir)).toEqual([])
})

test('asked for by Claude inside the session: refused, and everything goes on', async () => {
  const ward = await setUp(home, 'inside')
  await expectUp(home, 'inside', 0, 'inside is live')
  // Named as it stands there its `--settings` deny it.
  const asked = `v=remove; CHANNELS_HOME='${home.channelsHome}' '${process.execPath}' '${cli}' $v inside`
  ward.bot.push(`run: ${asked} --yes --purge 2>&1`)
  await ward.bot.waitForSent(({ text }) => text.includes('is not for Claude'), 20_000)
  expect((await home.channels(['status', 'inside'])).code).toBe(0)
  expect(existsSync(join(ward.stateDir, '.env'))).toBe(true)
  await remove('inside', '--purge')
})

const pluginList = (): string => join(home.home, '.claude', 'plugins', 'installed_plugins.json')

const isTrusted = (folder: string): unknown => {
  const text = readFileSync(join(home.home, '.claude.json'), 'utf8')
  const { projects } = JSON.parse(text) as { projects: Record<string, Record<string, unknown>> }
  return projects[folder]?.hasTrustDialogAccepted
}

/** As on a machine where nobody ever installed it. */
const forgetPlugin = (): void => {
  writeFileSync(pluginList(), JSON.stringify({ version: 2, plugins: {} }))
  const file = join(home.home, '.claude', 'settings.json')
  const { enabledPlugins: _, ...settings } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  writeFileSync(file, JSON.stringify(settings))
}
