import { newHealth, step } from '../../../src/core/machine.ts'
import { judge } from '../../../src/core/verdict.ts'
import { nextWanted, type Order } from '../../../src/core/wanted.ts'
import { act } from './act.ts'
import { endProcess } from './client.ts'
import { gather, loopOf } from './evidence.ts'
import { lookSoon, startKeeper } from './keeper.ts'
import { endLoop, isStopped } from './loop.ts'
import { after, clockOf, note, type World } from './world.ts'

export type Asked = {
  readonly what: 'up' | 'down' | 'restart'
  readonly fresh: boolean
  /** Asked from inside the session. */
  readonly inside: boolean
  /** Whether a keeper is started where none is there. */
  readonly keeper: 'ensured' | 'none'
}

/** A command orders, has it carried out, and `down` looks after it. */
export const command = (world: World, { what, fresh, inside, keeper }: Asked): void => {
  const when = inside && world.clients.length > 0 ? 'idle' : 'now'
  const hadLoop = loopOf(world) !== null
  if (what === 'up') up(world)
  else if (what === 'restart') order(world, { want: true, by: 'restart', newClient: true, fresh, when })
  else order(world, { want: false, by: 'down', when })
  // Only a keeper can wait for the turn that asked to end.
  if (when === 'idle' || (what !== 'down' && keeper === 'ensured')) startKeeper(world)
  carryOut(world)
  if (what === 'down' && when === 'now') watchDown(world, world.wanted?.at ?? 0, hadLoop)
}

const order = (world: World, asked: Order): void => {
  world.wanted = nextWanted(world.wanted, asked, clockOf(world))
  note(world, { what: 'ordered', wanted: world.wanted })
}

/** Asks for a client unless one is there or on its way (`commands/up.ts`). */
const up = (world: World): void => {
  const { state, reason } = judge(gather(world), clockOf(world))
  const { wanted, run } = world
  const isThere =
    world.clients.length > 0 ? state !== 'blocked' && reason !== 'plugin-failed' : state === 'starting' // prettier-ignore
  if (wanted?.want && isThere) return
  const newClient =
    wanted === null ||
    !wanted.want ||
    (run !== null && loopOf(world) !== null && run.generation >= wanted.generation)
  order(world, { want: true, by: 'up', newClient })
}

/** Where no keeper takes note within a second, it is done right here (`keeper/carry-out.ts`). */
const carryOut = (world: World): void => {
  if (world.stopping) return void after(world, 100, () => carryOut(world))
  const { wanted } = world
  if (world.keeper.alive) lookSoon(world, 5)
  after(world, world.keeper.alive ? 1_000 : 0, () => {
    if (wanted === null || (world.keeper.alive && world.health?.acknowledged === wanted.at)) return
    const evidence = gather(world)
    const health = evidence.health ?? newHealth(evidence.at)
    const always = () => true
    const { effects } = step({ health, suspicion: null }, evidence, evidence.at)
    for (const effect of effects)
      if (effect.do !== 'journal' && effect.do !== 'look-again')
        act(world, effect, 'command', always, () => undefined)
  })
}

/** What is left after eight seconds is ended firmly (`commands/down.ts`). */
const watchDown = (world: World, orderedAt: number, hadLoop: boolean): void => {
  const until = world.awake + 9_000
  const look = (): void => {
    if (world.wanted?.at !== orderedAt) return
    if (isStopped(world) && hadLoop) return
    if (world.awake < until && !isStopped(world)) return void after(world, 500, look)
    for (const client of [...world.clients]) endProcess(world, client, () => undefined)
    for (const loop of [...world.loops]) endLoop(world, loop, false)
  }
  after(world, 500, look)
}
