import { expect, test } from 'vitest'
import { withProbe } from '../../src/commands/probe.ts'
import type { Platform } from '../../src/core/records.ts'
import { evidence, log, minutes, noon, platform, seconds, withChannel } from '../core/evidence-builder.ts'

const { trouble: _, ...accepted } = platform()
const silent: Platform = { ...accepted, token: 'unknown', account: null, detail: 'no route' }
const rejected: Platform = { ...accepted, token: 'rejected' }

/** A platform that gives these answers, one after the other, and time that is moved by hand. */
const rig = (answers: readonly Platform[], heldMs?: number) => {
  let [now, asked] = [0, 0]
  const id = evidence().channels[0]?.channel.id ?? ''
  const probe = withProbe(
    {
      clock: { now: () => noon + now, elapsed: () => now, sleep: async () => undefined },
      probe: async () => {
        const answer = answers[asked++] ?? answers.at(-1)
        if (answer === undefined) throw new Error('no answer')
        return { [id]: { ...answer, at: noon + now } }
      },
    },
    0,
    heldMs,
  )
  return {
    asked: () => asked,
    /** What the platform says of a session without a keeper, that much later. */
    after: async (ms: number, seen = withChannel({ platform: null }, { keeper: null })) => {
      now += ms
      const [channel] = (await probe({ ...seen, at: noon + now })).channels
      return channel?.platform
    },
  }
}

test('nobody is asked where a keeper asks', async () => {
  const { after, asked } = rig([accepted])
  expect(await after(0, evidence())).toEqual(platform())
  expect(asked()).toBe(0)
})

test('asked once, an answer holds as long as it is used', async () => {
  const { after, asked } = rig([accepted])
  expect(await after(0)).toMatchObject({ token: 'accepted', trouble: null })
  expect(await after(60 * minutes)).toMatchObject({ token: 'accepted', at: noon })
  expect(asked()).toBe(1)
})

test('asked again once when there was no answer, two seconds later', async () => {
  const { after, asked } = rig([silent])
  expect(await after(0)).toMatchObject({ trouble: { times: 1 } })
  expect(await after(seconds)).toMatchObject({ trouble: { times: 1 } })
  expect(await after(2 * seconds)).toMatchObject({ trouble: { times: 2, detail: 'no route' } })
  expect(await after(10 * seconds)).toMatchObject({ trouble: { times: 2 } })
  expect(asked()).toBe(2)
})

test('held for a minute: asked anew, and one missing answer takes nothing away from the last', async () => {
  const { after, asked } = rig([accepted, silent, silent, silent, accepted, silent], minutes)
  expect(await after(0)).toMatchObject({ token: 'accepted', trouble: null })
  expect(await after(59 * seconds)).toMatchObject({ at: noon })
  expect(await after(2 * seconds)).toMatchObject({ token: 'accepted', at: noon, trouble: { times: 1 } })
  expect(await after(3 * seconds)).toMatchObject({ trouble: { times: 2 } })
  expect(await after(50 * seconds)).toMatchObject({ trouble: { times: 2 } })
  expect(asked()).toBe(3)
  // It stays the same trouble until there is an answer.
  expect(await after(11 * seconds)).toMatchObject({ trouble: { times: 3 } })
  expect(await after(61 * seconds)).toMatchObject({ token: 'accepted', trouble: null })
  expect(await after(61 * seconds)).toMatchObject({ trouble: { times: 1 } })
})

test('a refusal is asked about anew once a client registered after it', async () => {
  const { after, asked } = rig([rejected, accepted], minutes)
  const registered = (at: number) =>
    withChannel({ platform: null, log: { ...log, registeredAt: at } }, { keeper: null })
  expect(await after(0)).toMatchObject({ token: 'rejected' })
  expect(await after(5 * seconds)).toMatchObject({ token: 'rejected' })
  expect(asked()).toBe(1)
  expect(await after(seconds, registered(noon + 6 * seconds))).toMatchObject({ token: 'accepted' })
})
