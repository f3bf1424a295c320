import type { DialogName } from '../../../src/core/client.ts'
import { beginTurn, die, enter, resume } from './client.ts'
import { type Asked, command } from './commands.ts'
import { clientOf } from './evidence.ts'
import { endKeeper, startKeeper } from './keeper.ts'
import { endLoop, interrupt, startLoop } from './loop.ts'
import { befall, fetchMessages, isPluginCause } from './plugin.ts'
import { stop } from './stop.ts'
import { after, type Cause, clockOf, note, type World } from './world.ts'

/** What can happen from outside, so many ms after what happened before. */
export type Happening = { readonly afterMs: number } & (
  | ({ readonly what: 'command' } & { readonly asked: Asked })
  | { readonly what: 'cause'; readonly cause: Cause; readonly ms: number }
  | { readonly what: 'mended'; readonly cause: Cause }
  | { readonly what: 'message' }
  | { readonly what: 'client-ends'; readonly status: number }
  | { readonly what: 'plugin-breaks'; readonly how: 'plugin-dies' | 'plugin-stops' | 'plugin-deaf' | 'thief' }
  | { readonly what: 'loop-lost'; readonly clientLives: boolean }
  | { readonly what: 'second-loop' }
  | { readonly what: 'attached'; readonly count: number }
  | { readonly what: 'works'; readonly forMs: number }
  | { readonly what: 'asks'; readonly prompt: 'permission prompt' | 'question' }
  | { readonly what: 'rests'; readonly resting: 'idle' | 'shell' | 'unknown' }
  | { readonly what: 'person-answers' }
  | { readonly what: 'suspended' }
  | { readonly what: 'dialog'; readonly dialog: DialogName | null }
  | { readonly what: 'ctrl-c' }
  | { readonly what: 'keeper-dies'; readonly forMs: number | null }
  | { readonly what: 'stop'; readonly killedAfterMs: number | null; readonly backAfterMs: number | null }
  | { readonly what: 'machine-sleeps'; readonly forMs: number }
  | { readonly what: 'clock-set'; readonly byMs: number }
  | { readonly what: 'time-passes' }
)

export const happen = (world: World, happening: Happening): void => {
  const client = clientOf(world)
  switch (happening.what) {
    case 'command':
      return void command(world, happening.asked)
    case 'cause':
      world.causes.set(happening.cause, happening.ms)
      if (client?.plugin && isPluginCause(happening.cause)) befall(world, client, happening.cause)
      return
    case 'mended':
      return void mend(world, happening.cause)
    case 'message':
      world.pending += 1
      return void fetchMessages(world)
    case 'client-ends':
      if (client !== null && (happening.status !== 0 || world.attached > 0))
        die(world, client, happening.status, true) // prettier-ignore
      return
    case 'plugin-breaks':
      if (client?.plugin) befall(world, client, happening.how)
      return
    case 'loop-lost':
      for (const loop of [...world.loops]) endLoop(world, loop, happening.clientLives)
      return
    case 'second-loop':
      return void startLoop(world)
    case 'attached':
      world.attached = happening.count
      return
    case 'works':
      if (client?.file && client.turnEnds === null) beginTurn(world, client, [], happening.forMs)
      return
    case 'asks':
      if (client?.file) {
        if (client.prompt === null) client.askedAt = clockOf(world)
        client.prompt = happening.prompt
      }
      return
    case 'rests':
      if (client !== null) client.resting = happening.resting
      return
    case 'person-answers':
      if (client?.dialog) enter(world, client, false)
      else if (client !== null) resume(world, client)
      return
    case 'suspended':
      if (client !== null) client.suspended = true
      return
    case 'dialog':
      world.startsWith = happening.dialog
      return
    case 'ctrl-c':
      for (const loop of [...world.loops]) interrupt(world, loop)
      return
    case 'keeper-dies':
      endKeeper(world)
      if (happening.forMs !== null) after(world, happening.forMs, () => startKeeper(world))
      return
    case 'stop':
      return void stop(world, happening.killedAfterMs, happening.backAfterMs)
    case 'machine-sleeps':
      world.slept += happening.forMs
      return void note(world, { what: 'slept', forMs: happening.forMs })
    case 'clock-set':
      world.skew += happening.byMs
      return void note(world, { what: 'clock-set' })
    case 'time-passes':
  }
}

/** The cause is gone; what it did to a client that runs stays done. */
export const mend = (world: World, cause: Cause): void => {
  world.causes.delete(cause)
  // Who logs in writes new credentials.
  if (cause === 'login') world.credentialsAt = clockOf(world)
  if (cause === 'thief') world.thief = null
  fetchMessages(world)
}

/** It is asked for, and a keeper comes. */
export const first: Happening = {
  what: 'command',
  afterMs: 0,
  asked: { what: 'up', fresh: false, inside: false, keeper: 'ensured' },
}
