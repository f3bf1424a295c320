import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { namePager, setUpServer } from '../../sim/other-wards.ts'
import { screen } from '../../sim/terminals.ts'
import { closeMachine, expectUp, type Machine, makeMachine, untilSession } from '../faults/kit.ts'

// What a person agreed to at setup is started unasked, and no other server that is called the same.

let home: Machine
beforeAll(async () => {
  home = await makeMachine()
})
afterAll(() => closeMachine(home))

const stored = (name: string) =>
  JSON.parse(readFileSync(join(home.channelsHome, 'config.json'), 'utf8')).sessions[name]

const done = async (...args: readonly string[]): Promise<string> => {
  const outcome = await home.channels(args)
  expect(outcome, outcome.stdout + outcome.stderr).toMatchObject({ code: 0 })
  return (outcome.stdout + outcome.stderr).replace(/\s+/g, ' ')
}

const agreeTo = (name: string) =>
  done(
    'setup',
    'server:pager',
    '--session',
    name,
    '--development',
    'accept',
    '--trust',
    '--yes',
    '--no-start',
  )

test('the server of another folder is asked about, until it is set up there', async () => {
  const { cwd } = await setUpServer(home, 'work')
  expect(stored('work').channels[0].agreedIn).toBe(join(cwd, '.mcp.json'))
  const other = join(home.root, 'other')
  mkdirSync(other)
  namePager(home, other)
  expect(await done('set', 'work', `folder=${other}`, '--trust')).toContain(
    `MCP server pager that ${other}/.mcp.json names: nobody agreed to that one yet. \`channels setup server:pager --session work\``,
  )
  await home.channels(['up', 'work', '--no-wait'])
  await untilSession(home, 'work', { state: 'blocked', reason: 'mcp-dialog' })
  expect(await screen(home)).toContain('New MCP server found')
  await done('down', 'work')
  await agreeTo('work')
  expect(stored('work')).toMatchObject({ cwd: other, channels: [{ agreedIn: join(other, '.mcp.json') }] })
  await expectUp(home, 'work', 0, 'is live')
  await done('down', 'work')
})

test('set up from what the client was told for all folders, the one that a pull brings is asked about', async () => {
  const cwd = join(home.root, 'pulled')
  mkdirSync(cwd)
  namePager(home, cwd)
  const { mcpServers } = JSON.parse(readFileSync(join(cwd, '.mcp.json'), 'utf8'))
  rmSync(join(cwd, '.mcp.json'))
  const file = join(home.home, '.claude.json')
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), mcpServers }))
  const where = ['--session', 'pulled', '--cwd', cwd]
  await done('setup', 'server:pager', ...where, '--development', 'accept', '--trust', '--yes', '--no-start')
  expect(stored('pulled').channels[0].agreedIn).toBeNull()
  namePager(home, cwd)
  await home.channels(['up', 'pulled', '--no-wait'])
  await untilSession(home, 'pulled', { state: 'blocked', reason: 'mcp-dialog' })
  await done('down', 'pulled')
  await agreeTo('pulled')
  await expectUp(home, 'pulled', 0, 'is live')
})
