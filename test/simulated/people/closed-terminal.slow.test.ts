import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cli } from '../../sim/cli.ts'
import { openTerminal } from '../../sim/terminal.ts'
import { until } from '../../sim/until.ts'
import { closeMachine, expectUp, type Machine, makeMachine, setUp, type Ward } from '../faults/kit.ts'

let home: Machine
let ward: Ward
beforeAll(async () => {
  home = await makeMachine()
  ward = await setUp(home, 'closing')
  await expectUp(home, 'closing', 0, 'closing is live')
})
afterAll(() => closeMachine(home))

const policy = (): unknown =>
  (JSON.parse(readFileSync(join(ward.stateDir, 'access.json'), 'utf8')) as { dmPolicy: unknown }).dmPolicy

test('the window is closed at the code prompt: the bot is locked again, and nothing is left', async () => {
  const terminal = await openTerminal(
    home,
    'person',
    home.project,
    `'${process.execPath}' '${cli}' pair closing`,
  )
  await until('the prompt', async () => (await terminal.screen()).includes('Code (Enter alone'), 20_000)
  expect(policy()).toBe('pairing')
  // Twice a hang-up, and a terminal that answers every write with an error.
  await terminal.close()
  await until('the policy as before', () => policy() === 'allowlist', 10_000)
  await until('no `pair` any more', () =>
    home.processes().every(({ argv }) => !(argv.includes(cli) && argv.includes('pair'))),
  )
})
