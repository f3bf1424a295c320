import type { Session } from '../../../src/core/session.ts'
import { session } from '../evidence-builder.ts'
import { activityOf } from './client.ts'
import { first, happen } from './happenings.ts'
import { lookSoon } from './keeper.ts'
import { deafness } from './plugin.ts'
import type { Story } from './stories.ts'
import { newWorld, note, pass, realOf, type World } from './world.ts'

/** Plays a story; what comes after it is for the caller to let pass. */
export const play = ({ seed, dialogs, happenings }: Story, change: Partial<Session> = {}): World => {
  const world = newWorld({ ...session, dialogs, ...change }, seed)
  for (const happening of [first, ...happenings]) {
    pass(world, happening.afterMs, () => observe(world))
    happen(world, happening)
    observe(world)
  }
  return world
}

/** Lets so many ms pass in which nobody does anything. */
export const wait = (world: World, ms: number): void => pass(world, ms, () => observe(world))

/** Keeps the books of an observer who sees everything. */
export const observe = (world: World): void => {
  const deaf = deafness(world)
  if (deaf !== world.deaf) {
    const anew = world.deaf === null || world.deaf === 'no-client' || deaf === 'no-client'
    if (deaf === null) world.deafSince = null
    else if (anew) world.deafSince = realOf(world)
    world.deaf = deaf
    note(world, { what: 'hears', deaf })
  }
  const [client] = world.clients
  const alone = client?.file === true && activityOf(client) === 'waiting' && world.attached === 0
  if (!alone) world.waitingAloneSince = null
  else world.waitingAloneSince ??= realOf(world)
  if (world.trace.length > world.traced) {
    world.traced = world.trace.length
    lookSoon(world, 2_000)
  }
}
