import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cli, runProgram } from '../../sim/cli.ts'
import { writeMarketplace } from '../../sim/plugin/marketplace.ts'
import { closeMachine, type Machine, makeMachine, setUp, type Ward, writeProgram } from '../faults/kit.ts'
import { setupArgs } from '../faults/refuse.ts'
import { atTerminal } from './keys.ts'

// Nobody is asked where nobody can be, or wants to be: flags do it all.

let home: Machine
let known: Ward
beforeAll(async () => {
  home = await makeMachine()
  known = await setUp(home, 'known')
})
afterAll(() => closeMachine(home))

const stateDirOf = (name: string): string => join(home.home, '.claude', 'channels', `telegram-${name}`)
const dotEnv = (name: string): string => join(stateDirOf(name), '.env')
const remove = (name: string) => home.channels(['remove', name, '--purge', '--yes'])

test('at a terminal with --yes nothing is asked, and --multiplexer is refused there, too', async () => {
  const file = join(home.root, 'token-of-yes')
  writeFileSync(file, home.bot.addBot().token, { mode: 0o600 })
  const change = { session: 'yes', 'token-stdin': null, 'token-file': file }
  const [done, refused, claimed] = await Promise.all([
    atTerminal(home, setupArgs(home, change)),
    atTerminal(home, setupArgs(home, { session: 'no', yes: null, multiplexer: 'zellij' })),
    atTerminal(home, setupArgs(home, { session: '$(touch x)', yes: null })),
  ])
  expect(await done.ends(0)).toMatch(/yes is set up for @test_\d+_bot\. Next: `channels up yes`/)
  expect(await done.text().catch(() => '')).not.toMatch(/◆/)
  expect(await refused.ends(2)).toMatch(/'zellij' is invalid/)
  expect(await claimed.ends(2)).toMatch(/"\$\(touch x\)" can't be the name of a session/)
  rmSync(file)
  expect(existsSync(join(home.project, 'x'))).toBe(false)
  expect(await remove('yes')).toMatchObject({ code: 0 })
})

test('a terminal for keys and a file for words: nobody can be asked', async () => {
  const said = join(home.root, 'said')
  const person = await atTerminal(home, ['setup', home.channel, '--no-pair'], { after: `2>'${said}'` })
  await person.ends(2)
  expect(readFileSync(said, 'utf8')).toMatch(/--trust|--session/)
  const closed = await atTerminal(home, ['setup', home.channel, '--no-pair'], { after: '</dev/null' })
  expect(await closed.ends(2)).not.toMatch(/Which folder shall/)
})

test('the example of `setup --help` works, word for word', async () => {
  const { stdout } = await home.channels(['setup', '--help'])
  const example = /\$ (channels setup telegram (?:.*\\\n)*.*--yes)$/m.exec(stdout)?.[1] ?? ''
  expect(example).toMatch(/--allow \d+/)
  const official = join(home.root, 'official')
  mkdirSync(official)
  writeMarketplace(official, { name: 'claude-plugins-official', server: 'compiled' })
  const json = join(home.home, '.claude.json')
  const before = JSON.parse(readFileSync(json, 'utf8')) as {
    cachedGrowthBookFeatures: Record<string, unknown[]>
  }
  before.cachedGrowthBookFeatures.tengu_harbor_ledger?.push({
    marketplace: 'claude-plugins-official',
    plugin: 'telegram',
  })
  writeFileSync(json, JSON.stringify(before), { mode: 0o600 })
  symlinkSync(cli, join(home.bin, 'channels'))
  mkdirSync(join(home.home, 'site'))
  const token = join(home.home, 'bot-token')
  writeFileSync(token, `${home.bot.addBot().token}\n`, { mode: 0o600 })
  const knob = `export FAKE_CLAUDE_OFFICIAL_MARKETPLACE='${official}'`
  const env = { ...home.env, CHANNELS_CLAUDE: writeProgram(home, 'official', 'claude', knob) }
  const done = await runProgram('/bin/sh', ['-c', example], { cwd: home.root, env })
  rmSync(token)
  expect(done, done.stderr).toMatchObject({ code: 0 })
  // A line for each, as at a terminal.
  for (const line of [/^ {2}client: \S+$/m, /^ {2}may write: 123456789$/m, /^ {2}\S+\/\.env: the token$/m])
    expect(done.stderr).toMatch(line)
  expect(done.stdout).toMatch(/site is live as @test_\d+_bot/)
  expect(statSync(dotEnv('site')).mode & 0o777).toBe(0o600)
  const status = await runProgram('/bin/sh', ['-c', 'channels status site'], { cwd: home.root, env })
  expect(status, status.stdout + status.stderr).toMatchObject({ code: 0 })
  const { environment } = JSON.parse(readFileSync(join(home.channelsHome, 'config.json'), 'utf8')).sessions
    .site
  expect(environment).toMatchObject({ HOME: home.home })
  expect(await home.channels(['remove', 'site', '--yes'])).toMatchObject({ code: 0 })
  expect(known.name).toBe('known')
})
