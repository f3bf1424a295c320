import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { standIns } from '../../sim/build.ts'
import { cli } from '../../sim/cli.ts'
import { signal } from '../../sim/processes.ts'
import { until } from '../../sim/until.ts'
import { closeMachine, type Machine, makeMachine, setUp, writeProgram } from './kit.ts'
import { bring, expectPutBack, pluginOf } from './plugin-orders.ts'
import { setupArgs } from './refuse.ts'

// What `remove` puts back of three sessions. All orders are in crowd/remove-orders.test.ts, these are the ones in which
// another decides at each state: the shared one first, in the middle, last.

let home: Machine
beforeAll(async () => {
  home = await makeMachine()
})
afterAll(() => closeMachine(home))

test.each([
  ['enabled', ['one', 'shared', 'two'], ['two', 'one', 'shared']],
  ['disabled', ['shared', 'two', 'one'], ['shared', 'two', 'one']],
  ['absent', ['one', 'two', 'shared'], ['one', 'shared', 'two']],
] as const)('%s before, set up %s, removed %s', (before, setups, removes) =>
  expectPutBack(home, before, setups, removes),
)

test('killed with -9 after the plugin was disabled, then another setup: the last remove enables it again', async () => {
  await bring(home, 'enabled')
  const [stuck, reached] = [join(home.root, 'stuck'), join(home.root, 'reached')]
  const client = writeProgram(
    home,
    'hanging',
    'claude',
    `if [ "$1 $2" = 'plugin disable' ] && [ -e '${stuck}' ]; then '${standIns.claude}' "$@"; echo $$ >'${reached}'; exec sleep 1000; fi`,
  )
  writeFileSync(stuck, '')
  const first = spawn(process.execPath, [cli, ...setupArgs(home, { session: 'killed' })], {
    cwd: home.project,
    env: { ...home.env, CHANNELS_CLAUDE: client },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const ended = new Promise((resolve) => first.once('close', resolve))
  first.stdin.end(home.bot.addBot().token)
  const hanging = await until('disabled', () => existsSync(reached) && readFileSync(reached, 'utf8').trim())
  expect(first.kill('SIGKILL')).toBe(true)
  await ended
  signal(Number(hanging), 'SIGKILL')
  rmSync(stuck)
  expect(pluginOf(home).enabled).toBe(false)
  expect((await home.channels(['list', '--names'])).stdout).toBe('')
  // Its lock is believed for 10 s; it is made that old.
  utimesSync(join(home.channelsHome, 'config.json.plugins.lock'), 0, 0)
  await setUp(home, 'next')
  expect(pluginOf(home).enabled).toBe(false)
  const removed = await home.channels(['remove', 'next', '--yes'])
  expect(removed, removed.stderr).toMatchObject({ code: 0 })
  expect(pluginOf(home)).toEqual({ enabled: true, installed: true })
})
