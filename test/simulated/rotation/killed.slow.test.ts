import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signal } from '../../sim/processes.ts'
import { until } from '../../sim/until.ts'
import { closeMachine, type Machine, makeMachine } from '../faults/kit.ts'
import { isHeld, isIdle, settle, starts } from './load.ts'
import { begin, expectNothingLost, patient, type Rotation, startToken, tokenIn } from './rig.ts'

// `channels token` killed with -9 at the moments that matter: the keeper alone ends what it began.

let home: Machine
beforeAll(async () => {
  home = await makeMachine()
})
afterAll(() => closeMachine(home))

const wantedBy = ({ ward: { name } }: Rotation): string =>
  String(JSON.parse(readFileSync(join(home.state, 'sessions', name, 'wanted.json'), 'utf8')).by)

/** Within a millisecond: what is written next is not there yet. */
const atOnce = async (look: () => boolean): Promise<void> => {
  const deadline = Date.now() + 30_000
  while (!look()) {
    if (Date.now() > deadline) throw new Error('waited 30 s in vain')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const swapped = ({ ward: { name }, started }: Rotation) =>
  until('the swap', () => starts(home, name) > started, 60_000)

test.concurrent('right after the token was written', patient, async () => {
  const rotation = await begin(home, 'written')
  const given = rotation.ward.bot.rotate('valid')
  const command = startToken(rotation, given)
  await atOnce(() => tokenIn(rotation.ward) === given)
  await command.kill()
  await swapped(rotation)
  const account = await expectNothingLost(rotation, [1])
  expect(account.unanswered).toEqual([])
})

test.concurrent('right after the order', patient, async () => {
  const rotation = await begin(home, 'ordered')
  const command = startToken(rotation, rotation.ward.bot.rotate('valid'))
  await until('the order', () => wantedBy(rotation) === 'token', 60_000)
  await command.kill()
  await swapped(rotation)
  const account = await expectNothingLost(rotation, [1])
  expect(account.unanswered).toEqual([])
})

test.concurrent('while the plugin is held', patient, async () => {
  const rotation = await begin(home, 'held')
  const command = startToken(rotation, rotation.ward.bot.rotate('valid'))
  await untilHeld(rotation)
  await command.kill()
  await swapped(rotation)
  const account = await expectNothingLost(rotation, [1])
  expect(account.unanswered).toEqual([])
})

test('the keeper killed while the plugin is held: the next one goes on', patient, async () => {
  const rotation = await begin(home, 'orphan')
  const command = startToken(rotation, rotation.ward.bot.rotate('valid'))
  await untilHeld(rotation)
  const keeper = keeperPid()
  expect(signal(keeper, 'SIGKILL')).toBe(true)
  await command.kill()
  await swapped(rotation)
  const account = await expectNothingLost(rotation, [1])
  expect(account.unanswered).toEqual([])
})

test(
  'a plugin that a keeper left held in the middle of a turn: it goes on, the turn ends, and then comes the swap',
  patient,
  async () => {
    const rotation = await begin(home, 'left')
    const { ward, load } = rotation
    load.stop()
    await settle(home, ward.bot, rotation.conversation, load.texts())
    ward.bot.push('slow: 2')
    await until('a turn', () => !isIdle(home, rotation.conversation), 10_000)
    const poller = Number(readFileSync(join(ward.stateDir, 'bot.pid'), 'utf8'))
    expect(signal(poller, 'SIGSTOP')).toBe(true)
    const swapped = await home.channels(['token', 'left', '--token-stdin'], {
      input: `${ward.bot.rotate('valid')}\n`,
      timeoutMs: 60_000,
    })
    expect(swapped, swapped.stdout + swapped.stderr).toMatchObject({ code: 0 })
    expect(starts(home, 'left')).toBe(rotation.started + 1)
    expect(ward.bot.sent().map(({ text }) => text)).toContain('echo: slow: 2')
  },
)

/** A busy machine may have let a look between the hold and the swap go by: said at once, not after four minutes. */
const untilHeld = ({ ward: { name, stateDir }, started }: Rotation) =>
  until(
    'a poller that is held',
    () => {
      if (starts(home, name) > started) throw new Error('swapped in before the hold was seen')
      return isHeld(stateDir)
    },
    60_000,
  )

const keeperPid = (): number =>
  Number(JSON.parse(readFileSync(join(home.state, 'keeper', 'keeper.json'), 'utf8')).pid)
