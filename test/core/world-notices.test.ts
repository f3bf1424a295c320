import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Notice } from '../../src/core/notify/notice.ts'
import { minutes } from './evidence-builder.ts'
import { telling } from './notify/watching.ts'
import { told } from './told.ts'
import type { Asked } from './world/commands.ts'
import type { Happening } from './world/happenings.ts'
import { play, wait } from './world/play.ts'
import { stories } from './world/stories.ts'
import { realOf, type World } from './world/world.ts'

// What people are told in the world of plain data, where a keeper, launch, clients and people play together.

const hours = 60 * minutes
const notify = telling().notify
const noticesOf = ({ trace }: World): readonly (Notice & { readonly real: number })[] =>
  trace.flatMap((each) => (each.what === 'told' ? [{ ...each.notice, real: each.real }] : []))

test('a quiet day, with what is asked for in it, is told to nobody', () => {
  const command = (what: Asked['what'], afterMs: number) =>
    ({ what: 'command', asked: { what, fresh: false, inside: false, keeper: 'ensured' }, afterMs }) as const
  const happenings: readonly Happening[] = Array.from({ length: 11 }, (): readonly Happening[] => [
    { what: 'message', afterMs: hours },
    { what: 'cause', cause: 'network', ms: 0, afterMs: 10 * minutes },
    { what: 'mended', cause: 'network', afterMs: 55_000 },
    command('restart', 10 * minutes),
    { what: 'message', afterMs: 10 * minutes },
    { what: 'client-ends', status: 137, afterMs: 10 * minutes },
    { what: 'keeper-dies', forMs: 20_000, afterMs: 5 * minutes },
    command('down', 10 * minutes),
    command('up', 10 * minutes),
  ]).flat()
  const world = play({ seed: 7, dialogs: { resume: 'ask', development: 'ask' }, happenings }, { notify })
  wait(world, hours)
  expect(realOf(world)).toBeGreaterThan(22 * hours)
  expect(world.verdict).toMatchObject({ state: 'live' })
  expect(noticesOf(world)).toEqual([])
  expect(world.health?.notified).toBeNull()
})

test('whatever happens: the same not twice within ten minutes, so many an hour, back only after trouble', () => {
  const seen = new Map<string, number>()
  fc.assert(
    fc.property(stories('steady'), (story) => {
      const world = play(story, { notify })
      wait(world, 30 * minutes)
      const notices = noticesOf(world)
      let isOpen = false
      for (const [i, notice] of notices.entries()) {
        seen.set(notice.event, (seen.get(notice.event) ?? 0) + 1)
        const hour = notices.slice(0, i + 1).filter(({ real }) => notice.real - real < hours)
        expect(hour.filter(({ event }) => event !== 'back').length).toBeLessThanOrEqual(6)
        if (notice.event === 'back') {
          expect(isOpen).toBe(true)
          isOpen = false
        } else if (notice.event !== 'waiting') {
          const again = notices
            .slice(0, i)
            .find((each) => each.condition === notice.condition && notice.real - each.real < 10 * minutes)
          expect(again).toBeUndefined()
          isOpen = true
        }
      }
      expect(world.health?.notified?.open?.told ?? false).toBe(isOpen && world.wanted?.want === true)
    }),
    told(50),
  )
  for (const event of ['blocked', 'gave-up', 'down', 'back', 'waiting'])
    expect(seen.get(event) ?? 0, event).toBeGreaterThan(0)
})

test('whatever the clock does, no more than that', () => {
  fc.assert(
    fc.property(stories('set'), (story) => {
      const world = play(story, { notify })
      wait(world, 30 * minutes)
      const notices = noticesOf(world)
      for (const [i, { real }] of notices.entries()) {
        const lately = notices
          .slice(0, i + 1)
          .filter((each) => real - each.real < 10 * minutes && each.event !== 'back')
        expect(lately.length).toBeLessThanOrEqual(7)
      }
    }),
    told(30),
  )
})
