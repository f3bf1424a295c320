import { expect } from 'vitest'
import { noon, seconds } from '../evidence-builder.ts'
import { all, count, type Tally } from './invariants.ts'
import { realOf, type World } from './world.ts'

type Span = { readonly from: number; readonly to: number; readonly deaf: string }

/** How long each kind of deafness may last before it shows: `withinS` of its reason, and what calm looks add to that. */
const shownWithin: Readonly<Record<string, number>> = {
  'plugin-deaf': 170 * seconds,
  network: 165 * seconds,
  'token-rejected': 100 * seconds,
  webhook: 100 * seconds,
  'not-registered': 40 * seconds,
}
const lookMs = 3 * seconds

/**
 * While a keeper is there, every time in which nobody would have been heard is in a gap, from when it could be seen
 * until it was over; but for what was asked for. No clock may have been set.
 */
export const gapsCoverDeafness = (world: World, tally: Tally): void => {
  const gaps = [...world.oldGaps, ...(world.health?.gaps ?? [])]
  for (const { from, to, deaf } of deafSpans(world)) {
    const begins = noon + awakeAfter(world, from, shownWithin[deaf] ?? lookMs + 8 * seconds)
    const ends = noon + to - lookMs
    if (ends <= begins) continue
    count(tally, `gap while ${deaf}`)
    const open = gaps
      .filter((gap) => (gap.to ?? Number.POSITIVE_INFINITY) > begins && gap.from < ends)
      .reduce((at, gap) => (gap.from <= at ? Math.max(at, gap.to ?? Number.POSITIVE_INFINITY) : at), begins)
    expect(open, `${deaf} from ${from} to ${to}, in gaps until`).toBeGreaterThanOrEqual(ends)
  }
}

/** What the gaps say is unanswered is what the clients took with them, and what they answered with an error. */
export const lossesAreCounted = (world: World, tally: Tally): void => {
  // The next client was started in time to go on with it, and was kept from it by a dialog until that was too late.
  if (all(world.trace, 'lost').some(({ late }) => late)) return
  if (world.clients.length === 0 || hasOf(world, 'keeper', ({ alive }) => !alive)) return
  const gaps = [...world.oldGaps, ...(world.health?.gaps ?? [])]
  const said = gaps.reduce((sum, { unanswered }) => sum + (unanswered ?? 0), 0)
  const lost = [...all(world.trace, 'lost'), ...all(world.trace, 'failed')].reduce(
    (sum, { messages }) => sum + messages,
    0,
  )
  if (lost > 0) count(tally, 'messages lost')
  expect(said, 'messages said to be unanswered').toBe(lost)
}

/** When the machine has been awake for so many ms since then: asleep, nobody looks. */
const awakeAfter = (world: World, from: number, ms: number): number =>
  all(world.trace, 'slept').reduce((at, { real, forMs }) => {
    const began = real - forMs
    return began >= from && began < at ? at + forMs : at
  }, from + ms)

const hasOf = <What extends 'keeper'>(
  { trace }: World,
  what: What,
  holds: (each: Extract<World['trace'][number], { what: What }>) => boolean,
): boolean => all(trace, what).some(holds)

/** Each kind by itself, without those that a command, or a keeper that was away, has to do with. */
const deafSpans = (world: World): readonly Span[] => {
  const changes = all(world.trace, 'hears')
  const disturbed = world.trace.filter(
    (each) => each.what === 'ordered' || each.what === 'keeper' || each.what === 'clock-set',
  )
  const noKeeper = (at: number): boolean =>
    all(world.trace, 'keeper').findLast(({ real }) => real <= at)?.alive !== true
  const heardAt = changes.find(({ deaf }) => deaf === null)?.real ?? Number.POSITIVE_INFINITY
  return changes.flatMap(({ real: from, deaf }, i) => {
    const to = changes[i + 1]?.real ?? realOf(world)
    if (deaf === null || from < heardAt || noKeeper(from)) return []
    if (deaf === 'plugin-deaf' && !wasSeenConnected(world, changes.slice(0, i + 1))) return []
    const apart = disturbed.some(({ real }) => real > from - 90 * seconds && real < to + 20 * seconds)
    return apart || !isWantedAt(world, from) ? [] : [{ from, to, deaf }]
  })
}

/** One that was never seen to be connected may have a connection that can't be seen: a keeper has to have looked. */
const wasSeenConnected = (
  { trace }: World,
  changes: readonly { real: number; deaf: string | null }[],
): boolean => {
  const last = changes.findLastIndex(({ deaf }) => !hiding.includes(deaf))
  const [before, next] = [changes[last], changes[last + 1]]
  if (before === undefined || next === undefined || !connecting.includes(before.deaf)) return false
  const keeper = all(trace, 'keeper').findLast(({ real }) => real <= next.real)
  return keeper?.alive === true && next.real - Math.max(before.real, keeper.real) >= 20 * seconds
}

/** What the same plugin may have been through since it was connected. */
const hiding: readonly (string | null)[] = ['plugin-deaf', 'suspended', 'dialog', 'thief', 'plugin-stopped']
const connecting: readonly (string | null)[] = [null, 'token-rejected', 'webhook']

const isWantedAt = ({ trace }: World, at: number): boolean =>
  all(trace, 'ordered').findLast(({ real }) => real <= at)?.wanted.want === true
