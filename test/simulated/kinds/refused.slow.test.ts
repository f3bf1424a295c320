import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { within } from '../../patience.ts'
import { namePager, setUpFakechat } from '../../sim/other-wards.ts'
import { closeMachine, type Machine, makeMachine, setUp } from '../faults/kit.ts'

let home: Machine
beforeAll(async () => {
  home = await makeMachine()
})
afterAll(() => closeMachine(home))

const says = async (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> => {
  const { code, stdout, stderr } = await home.channels(args, { env })
  return `${code} ${stdout}${stderr}`.replace(/\s+/g, ' ')
}
const settings = () => JSON.parse(readFileSync(join(home.channelsHome, 'config.json'), 'utf8'))
const own = ['--trust', '--development', 'accept', '--yes', '--no-start'] as const

test('the environment of a shell leaves a page on its port', async () => {
  const { port } = await setUpFakechat(home, 'page')
  expect(await says(['set', 'page', 'environment=here'])).toMatch(/^0 /)
  expect(settings().sessions.page.environment.FAKECHAT_PORT).toBe(String(port))
})

test('Claude takes no channel from its own session', async () => {
  await setUp(home, 'two')
  await says(['setup', home.channelOf('fakechat'), '--session', 'two', '--yes', '--no-start'])
  const inside = { CHANNELS_SESSION: 'two' }
  expect(await says(['remove', 'two', '--channel', 'telegram', '--purge', '--yes'], inside)).toMatch(/^1 /)
  expect(settings().sessions.two.channels).toHaveLength(2)
})

test('a session that becomes exclusive is so for all of its channels, or is refused', async () => {
  await setUp(home, 'open', { flags: ['--shared'] })
  const enabled = () =>
    (
      JSON.parse(readFileSync(join(home.home, '.claude', 'settings.json'), 'utf8')) as {
        readonly enabledPlugins: Readonly<Record<string, boolean>>
      }
    ).enabledPlugins['telegram@channels-tests']
  const before = enabled()
  const args = [
    'setup',
    home.channelOf('fakechat'),
    '--session',
    'open',
    '--exclusive',
    '--yes',
    '--no-start',
  ]
  expect(await says(args)).toMatch(/^2 .*another session/)
  expect(settings().sessions.open).toMatchObject({ exclusive: false, channels: [{ kind: 'telegram' }] })
  expect(enabled()).toBe(before)
})

test('each own server has its own folder', async () => {
  const cwd = join(home.root, 'in-own')
  mkdirSync(cwd)
  const pager = { command: 'node', args: ['x.js'] }
  writeFileSync(join(cwd, '.mcp.json'), JSON.stringify({ mcpServers: { a: pager, b: pager } }))
  await says(['setup', 'server:a', '--session', 'own', '--cwd', cwd, ...own])
  await says(['setup', 'server:b', '--session', 'own', ...own])
  const [a, b] = settings().sessions.own.channels
  expect(b.stateDir).not.toBe(a.stateDir)
})

test('a channel of a kind that a later release added is no bug of this one', async () => {
  await setUpFakechat(home, 'later')
  const file = join(home.channelsHome, 'config.json')
  const text = readFileSync(file, 'utf8')
  const changed = JSON.parse(text)
  changed.sessions.later.channels[0].kind = 'slack'
  writeFileSync(file, JSON.stringify(changed))
  const said = await says(['status', 'later'])
  writeFileSync(file, text)
  expect(said).not.toMatch(/^70 /)
})

test('a FIFO in place of .mcp.json holds nobody up', within(40_000), async () => {
  const cwd = join(home.root, 'fifo')
  mkdirSync(cwd)
  namePager(home, cwd)
  await says(['setup', 'server:pager', '--session', 'fifo', '--cwd', cwd, ...own])
  rmSync(join(cwd, '.mcp.json'))
  execFileSync('mkfifo', [join(cwd, '.mcp.json')])
  try {
    const { code } = await home.channels(['up', 'fifo', '--timeout', '5s'], { timeoutMs: 20_000 })
    expect(code).toBe(1)
  } finally {
    rmSync(join(cwd, '.mcp.json'))
  }
})
