import { describe, expect, test } from 'vitest'
import { within } from '../../patience.ts'
import { complete, endAt, expectNobody, type Way, withPerson } from '../wizard/end.ts'
import { expectNobodyElse } from '../wizard/expect.ts'
import { ageLocks } from '../wizard/machine.ts'
import { type Step, steps } from '../wizard/steps.ts'

const ways: readonly Way[] = ['C-c', 'Escape', 'kill -9']
const during = (phase: Step['when']): readonly Step[] => steps.filter(({ when }) => when === phase)

// Each run goes on where the one before it was ended, passes that step, and is ended at the next; the last is left alone.
describe.concurrent.each(ways)('%s', within(150_000), (way) => {
  test('at every step until the bot is known: nothing has changed, the next run goes on', () =>
    withPerson(async (someone) => {
      for (const step of during('asking')) await endAt(step, way, someone)
      await complete(someone)
    }))

  test('at every step from there to the yes: nothing has changed, the next run goes on', () =>
    withPerson(async (someone) => {
      // The first step is the question that stands only where a run was ended before.
      const [offer, ...others] = during('agreeing')
      for (const step of others) await endAt(step, way, someone)
      if (offer !== undefined) await endAt(offer, way, someone)
      await complete(someone)
    }))

  test('at every step from the start to the proof: the next run goes on', () =>
    withPerson(async (someone) => {
      for (const step of during('after')) {
        await endAt(step, way, someone)
        await expectNobodyElse(someone.home)
      }
      await complete(someone)
    }))
})

const settingUp = during('setting up')

test.concurrent.each([
  ['the first', settingUp.slice(0, 3)],
  ['the last', settingUp.slice(3)],
] as const)('kill -9 at %s steps of setting up: the next run does the rest', within(150_000), (_, killed) =>
  withPerson(async (someone) => {
    for (const step of killed) {
      // As if the ten seconds had passed; the last run waits for them.
      ageLocks(someone.home)
      await endAt(step, 'kill -9', someone)
      await expectNobody(someone.home)
    }
    await complete(someone)
  }),
)

// Cancelled, the rest is done all the same, and the next run begins at the start: a machine for each.
test.concurrent.each(settingUp.map((step, i) => [i % 2 === 0 ? 'C-c' : 'Escape', step.name, step] as const))(
  '%s at %s: it is brought to its end',
  within(150_000),
  (way, _, step) =>
    withPerson(async (someone) => {
      await endAt(step, way, someone)
      await expectNobody(someone.home)
      expect((await someone.home.status()).sessions).toMatchObject([{ name: 'site', state: 'stopped' }])
      await complete(someone)
    }),
)
