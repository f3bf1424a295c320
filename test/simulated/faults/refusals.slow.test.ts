import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cli, runProgram } from '../../sim/cli.ts'
import { fill, smallDisk } from '../../system/small-disk.ts'
import { closeMachine, type Machine, makeMachine, readReport, setUp } from './kit.ts'
import { expectRefused, setupArgs } from './refuse.ts'

// What else is refused, and what is broken: exit status, sentence, remedy, and nothing changed.

let home: Machine

beforeAll(async () => {
  home = await makeMachine()
  await setUp(home, 'known')
})
afterAll(() => closeMachine(home))

test('wrong usage: 2', async () => {
  const wrong: readonly (readonly string[])[] = [
    ['frobnicate'],
    ['status', '--frobnicate'],
    ['setup'],
    ['setup', 'carrier-pigeon', '--session', 'new'],
    ['up', '--timeout', 'soon'],
    ['logs', '-n', 'many'],
    ['logs', '--source', 'rumours'],
    ['restart', 'known', '--conversation', 'that-one'],
    ['setup', home.channel, '--exclusive', '--shared'],
    ['attach', 'known'],
    ['remove', 'known'],
  ]
  await expectRefused(home, ...wrong.map((args) => ({ args, code: 2, says: /./ })))
})

test('an unknown session: 3', async () => {
  const commands = ['up', 'down', 'restart', 'status', 'logs', 'attach', 'remove'].map((one) => [
    one,
    'nobody',
  ])
  await expectRefused(
    home,
    ...[...commands, ['up', '../known'], ['status', '__proto__']].map((args) => ({
      args,
      code: 3,
      says: new RegExp(`No session named \`${args[1]}\``),
    })),
  )
})

test('nothing set up: 3', async () => {
  const env = { CHANNELS_HOME: join(home.root, 'nothing') }
  const commands = ['up', 'down', 'restart', 'status', 'logs', 'attach']
  const says = /No session is set up.*\n.*channels setup/
  await expectRefused(home, ...commands.map((command) => ({ args: [command], code: 3, says, call: { env } })))
})

test('a folder that cannot be written: 73', async () => {
  const input = home.bot.addBot().token
  const file = join(home.root, 'a-file')
  writeFileSync(file, '')
  await expectRefused(home, {
    args: setupArgs(home),
    code: 73,
    says: /a-file/,
    call: { input, env: { CHANNELS_HOME: file } },
  })
  // The bot's own folder is a file: found before the plugin is installed into a fresh config folder.
  const config = join(home.home, 'config')
  mkdirSync(join(config, 'channels'), { recursive: true })
  writeFileSync(join(config, 'channels', 'telegram-new'), '')
  await expectRefused(home, {
    args: setupArgs(home),
    code: 73,
    says: /telegram-new/,
    call: { input, env: { CLAUDE_CONFIG_DIR: config } },
  })
  rmSync(config, { recursive: true })
})

test('a configuration that is broken: 78, path and line named, the file left alone', async () => {
  const file = join(home.channelsHome, 'config.json')
  const text = readFileSync(file, 'utf8')
  const input = home.bot.addBot().token
  try {
    writeFileSync(file, '{\n  "version": 1,\n  "sessions": {\n    oops\n')
    const all = [['status'], ['up'], ['list'], ['logs'], ['remove', 'known', '--yes'], setupArgs(home)]
    const says = /own\/config\.json is not valid JSON: line 4/
    await expectRefused(home, ...all.map((args) => ({ args, code: 78, says, call: { input } })))
    writeFileSync(file, JSON.stringify({ version: 1, sessions: { known: { name: 7 } } }))
    await expectRefused(home, {
      args: ['status'],
      code: 78,
      says: /config\.json is not a valid configuration: .*known/,
    })
  } finally {
    writeFileSync(file, text, { mode: 0o600 })
  }
})

test('a file of the plugin or the client that is broken: 78; the home folder: 2', async () => {
  const input = home.bot.addBot().token
  const stateDir = join(home.home, '.claude', 'channels', 'telegram-new')
  mkdirSync(stateDir, { recursive: true })
  writeFileSync(join(stateDir, 'access.json'), '{ "dmPolicy":')
  await expectRefused(home, { args: setupArgs(home), code: 78, says: /access\.json/, call: { input } })
  rmSync(stateDir, { recursive: true })
  await expectRefused(home, {
    args: setupArgs(home, { cwd: home.home }),
    code: 2,
    says: /is the home directory/,
    call: { input },
  })
  const config = join(home.home, 'config')
  mkdirSync(config)
  writeFileSync(join(config, '.claude.json'), '{ "projects":')
  const call = { input, env: { CLAUDE_CONFIG_DIR: config } }
  await expectRefused(home, { args: setupArgs(home), code: 78, says: /\.claude\.json/, call })
  rmSync(config, { recursive: true })
})

test('native Windows: 69, and WSL named', async () => {
  const windows = 'data:text/javascript,Object.defineProperty(process,"platform",{value:"win32"})'
  const refused = await runProgram(process.execPath, ['--import', windows, cli, 'list'], {
    cwd: home.project,
    env: home.env,
  })
  expect(refused).toMatchObject({ code: 69, stdout: '' })
  expect(refused.stderr).toMatch(/native Windows.*\n.*WSL/)
})

test('a disk that is full: 73, and nothing is started', async (context) => {
  const disk = smallDisk()
  if (disk === null) return context.skip()
  const env = { CHANNELS_HOME: disk }
  await setUp(home, 'full', { env })
  fill(disk)
  await expectRefused(home, { args: ['up', 'full'], code: 73, says: /disk is full/, call: { env } })
  const report = readReport(await home.channels(['status', '--json'], { env }))
  expect(report).toMatchObject({
    live: 0,
    keeper: null,
    sessions: [{ name: 'full', wanted: false, client: null }],
  })
})
