import type { Effect } from '../../../src/core/effect.ts'
import { sameProcess } from '../../../src/core/process.ts'
import type { Orders } from '../../../src/core/records.ts'
import { activityOf, endProcess, enter } from './client.ts'
import { clientOf, loopOf } from './evidence.ts'
import { startLoop } from './loop.ts'
import { fetchMessages } from './plugin.ts'
import { after, type Client, clockOf, note, type World } from './world.ts'

/** Carries an effect out on the world, as `keeper/act.ts`, in its own time; cut off where whoever does it dies. */
export const act = (
  world: World,
  effect: Effect,
  by: 'keeper' | 'command',
  lives: () => boolean,
  done: () => void,
): void => {
  note(world, { what: 'acted', effect, by, truth: truthOf(world) })
  const later = (ms: number, then: () => void): void =>
    after(world, ms, () => {
      if (lives()) then()
    })
  switch (effect.do) {
    case 'start-terminal':
      return void later(300, () => {
        if (world.loops.length === 0) startLoop(world)
        done()
      })
    case 'wake':
      world.wake = true
      return void done()
    case 'end-poller':
      if (sameProcess(world.thief, effect.process)) world.thief = null
      return void done()
    case 'continue-poller': {
      const plugin = world.clients.find(({ plugin: each }) =>
        sameProcess(each?.process ?? null, effect.process),
      )?.plugin // prettier-ignore
      if (plugin != null) plugin.suspended = false
      fetchMessages(world)
      return void done()
    }
    case 'check-login': {
      const { credentialsAt } = world
      return void later(500, () => {
        const is = world.causes.has('login') ? 'no' : 'yes'
        world.checked = { at: clockOf(world), is, credentialsAt }
        done()
      })
    }
    case 'answer-dialog':
      return void later(1_000, () => {
        const client = clientOf(world)
        if (client?.dialog === effect.dialog) enter(world, client, false)
        done()
      })
    case 'release':
      world.orders = effect.orders
      world.wake = true
      return void done()
    case 'end-client':
      return void endClient(world, effect, later, done)
    default:
      return void done()
  }
}

const endClient = (
  world: World,
  effect: Extract<Effect, { do: 'end-client' }>,
  later: (ms: number, then: () => void) => void,
  done: () => void,
): void => {
  const client = world.clients.find((each) => sameProcess(each.process, effect.process))
  const { run, ended, hold, fresh } = effect
  const orders: Orders = { format: 1, run, ended, hold, fresh }
  const end = (): void => {
    world.orders = orders
    if (client === undefined) done()
    else endProcess(world, client, () => later(0, done))
  }
  if (!effect.gently || client === undefined) return void end()
  hush(world, client, later, (rests) => (rests ? end() : done()))
}

/** Its poller is held, and ended once it is seen that nothing was on its way (`keeper/hush.ts`). */
const hush = (
  world: World,
  client: Client,
  later: (ms: number, then: () => void) => void,
  done: (rests: boolean) => void,
): void => {
  const { plugin } = client
  const held = plugin?.alive ? plugin : null
  if (held !== null) held.suspended = true
  later(600, () => {
    const rests = client.alive && activityOf(client) === 'idle'
    if (held !== null && rests) held.alive = false
    if (held !== null && !rests) {
      held.suspended = false
      fetchMessages(world)
    }
    done(rests)
  })
}

/** What is true of the client when something is done to it. */
const truthOf = (world: World) => {
  const [client] = world.clients
  return {
    activity: client?.file ? activityOf(client) : null,
    dialog: client?.dialog ?? null,
    deafSince: world.deafSince,
    waitingAloneSince: world.waitingAloneSince,
    loopLives: loopOf(world) !== null,
  }
}
