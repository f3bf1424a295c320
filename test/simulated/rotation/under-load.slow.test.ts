import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeMachine, type Machine, makeMachine } from '../faults/kit.ts'
import { begin, expectNothingLost, patient, type Rotation, tokenIn } from './rig.ts'

// A token is swapped in while messages come all the time.

let home: Machine
beforeAll(async () => {
  home = await makeMachine()
})
afterAll(() => closeMachine(home))

const swap = async ({ ward }: Rotation, given: string): Promise<void> => {
  const { name } = ward
  const swapped = await home.channels(['token', name, '--token-stdin'], {
    input: `${given}\n`,
    timeoutMs: 120_000,
  })
  expect(swapped, swapped.stdout + swapped.stderr).toMatchObject({ code: 0 })
  expect(swapped.stdout).toContain(`${name} is live with the new token.`)
  expect(tokenIn(ward)).toBe(given)
  expect(home.said()).not.toContain(given)
}

test.concurrent('the old token is still good: every message arrives and is answered', patient, async () => {
  const rotation = await begin(home, 'good')
  await swap(rotation, rotation.ward.bot.rotate('valid'))
  const account = await expectNothingLost(rotation, [1], 60)
  expect(account.unanswered).toEqual([])
})

test.concurrent(
  'the old token was revoked before: every message arrives, and is answered from the swap on',
  patient,
  async () => {
    const rotation = await begin(home, 'revoked')
    const { bot } = rotation.ward
    const given = bot.rotate()
    const written = rotation.load.texts().length
    // Nothing is fetched any more: what comes now waits at the Bot API.
    await rotation.load.more(5)
    await swap(rotation, given)
    const account = await expectNothingLost(rotation, [1], 60)
    // What Claude was just working on: the reply tool says that Telegram refused it, and nobody sends it again.
    expect(rotation.load.texts().slice(0, written)).toEqual(expect.arrayContaining([...account.unanswered]))
  },
)
