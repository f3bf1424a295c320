import { afterAll, beforeAll, expect, test } from 'vitest'
import { unitText } from '../../../src/service/systemd-unit.ts'
import { plainStart } from '../../service/starts.ts'
import { closeMachine, type Machine, makeMachine } from '../faults/kit.ts'
import { atTerminal } from '../setup/keys.ts'
import { type Played, playManager } from './played.ts'

const unit = 'systemd/user/channels.service'

let machine: Machine
let played: Played
beforeAll(async () => {
  machine = await makeMachine()
  played = playManager('systemd')
  played.put('environment', `HOME=${machine.home}\n`)
  const environment = { HOME: machine.home, CHANNELS_HOME: machine.channelsHome }
  played.put(unit, unitText({ ...plainStart, environment }, 'ends sessions'))
  played.put('enabled', '')
})
afterAll(async () => {
  played?.close()
  await closeMachine(machine)
})

const sitDown = () =>
  atTerminal(machine, ['service', 'uninstall'], {
    env: { PATH: `${played.path('bin')}:${machine.env.PATH}`, PLAYED: played.path('') },
  })

test('at a terminal it shows what it is about to do, and a no leaves all as it is', async () => {
  const person = await sitDown()
  await person.sees(/Run {1,4}systemctl --user disable channels\.service/)
  await person.sees(/Remove .*channels\.service/)
  await person.answers(/Shall this be done\?/, 'n')
  expect(await person.ends(130)).toContain('Nothing was removed.')
  expect(played.told()).toEqual([])
  expect(played.has(unit)).toBe(true)
})

test('a yes does it', async () => {
  const person = await sitDown()
  await person.answers(/Shall this be done\?/, 'y')
  expect(await person.ends(0)).toContain('channels.service is uninstalled.')
  expect(played.told()).toHaveLength(5)
  expect(played.has(unit)).toBe(false)
})

test('without a terminal nobody is asked, and nothing is done', async () => {
  played.put(
    unit,
    unitText({ ...plainStart, environment: { CHANNELS_HOME: machine.channelsHome } }, 'ends sessions'),
  )
  const env = { PATH: `${played.path('bin')}:${machine.env.PATH}`, PLAYED: played.path('') }
  const outcome = await machine.channels(['service', 'uninstall'], { env })
  expect(outcome.code).toBe(2)
  expect(outcome.stderr).toContain('channels service uninstall --yes')
  expect(played.told()).toEqual([])
  expect((await machine.channels(['service', 'status', '--json'], { env })).code).toBe(1)
})
