import { takeDownOrders } from '../../../src/core/take-down.ts'
import { endProcess } from './client.ts'
import { clientOf } from './evidence.ts'
import { endKeeper, startKeeper } from './keeper.ts'
import { endLoop } from './loop.ts'
import { after, note, type World } from './world.ts'

/** How long a session is given to end its loop by itself. */
const loopMs = 1_500

/**
 * All is taken down, as `keeper/stop.ts` does it, in the keeper's place; after so many ms whoever does it is killed
 * (null: not). A keeper is back so long after that (null: none comes by itself).
 */
export const stop = (world: World, killedAfterMs: number | null, backAfterMs: number | null): void => {
  if (world.stopping) return
  endKeeper(world)
  world.stopping = true
  note(world, { what: 'stops' })
  let lives = true
  const over = (): void => {
    if (!lives) return
    lives = false
    world.stopping = false
    if (backAfterMs !== null) after(world, backAfterMs, () => startKeeper(world))
  }
  const later = (ms: number, then: () => void): void =>
    after(world, ms, () => {
      if (lives) then()
    })
  if (killedAfterMs !== null) after(world, killedAfterMs, over)
  later(200, () => {
    hold(world)
    later(20, () =>
      endClient(world, later, () => later(loopMs, () => endClient(world, later, () => clear(world, over)))),
    )
  })
}

const hold = (world: World): void => {
  if (!world.wanted?.want) return
  world.orders = takeDownOrders(world.run, world.orders, clientOf(world) !== null)
  world.wake = true
}

const endClient = (world: World, later: (ms: number, then: () => void) => void, done: () => void): void => {
  const client = clientOf(world)
  if (client === null) done()
  else endProcess(world, client, () => later(0, done))
}

const clear = (world: World, done: () => void): void => {
  for (const loop of [...world.loops]) endLoop(world, loop, false)
  done()
}
