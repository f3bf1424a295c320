import { startedAfter } from '../../../src/core/exit.ts'
import { decideLaunch, isEndOpen, type LaunchDecision, type LaunchFacts } from '../../../src/core/launch.ts'
import { type LeftOver, leftOver } from '../../../src/core/left-over.ts'
import { sameProcess } from '../../../src/core/process.ts'
import type { Run } from '../../../src/core/records.ts'
import { nextWanted } from '../../../src/core/wanted.ts'
import { die, endProcess, newConversation, startClient, transcriptOf } from './client.ts'
import { clientOf, obstaclesOf } from './evidence.ts'
import { after, clockOf, type Loop, newProcess, note, type World } from './world.ts'

/** A loop in a terminal of its own, as `loop.sh` is one: asks launch, obeys, asks again. */
export const startLoop = (world: World): void => {
  const loop: Loop = { process: newProcess(world), alive: true, pause: null, backOff: 0, client: null }
  world.loops.push(loop)
  ask(world, loop, false)
}

/** The loop is gone, say its terminal with it; its client may live on. */
export const endLoop = (world: World, loop: Loop, clientLives: boolean): void => {
  loop.alive = false
  world.loops.splice(world.loops.indexOf(loop), 1)
  if (!clientLives && loop.client !== null) die(world, loop.client, 129, false)
}

/** A person pressed Ctrl-C at the line that says for what the loop waits. */
export const interrupt = (world: World, loop: Loop): void => {
  if (loop.pause === null) return
  loop.pause = null
  ask(world, loop, true)
}

const ask = (world: World, loop: Loop, interrupted: boolean): void => {
  world.wake = false
  after(world, 120, () => launch(world, loop, interrupted))
}

const launch = (world: World, loop: Loop, interrupted: boolean): void => {
  if (!loop.alive) return
  if (world.launching) return void after(world, 50, () => launch(world, loop, interrupted))
  if (world.causes.has('launch')) {
    world.launchFailed = { status: 70, at: clockOf(world) }
    loop.backOff = Math.min(30, loop.backOff === 0 ? 1 : 2 * loop.backOff)
    return void pause(world, loop, loop.backOff, false)
  }
  loop.backOff = 0
  const facts = factsFor(world, loop, interrupted)
  const left = facts.otherLoop ? null : clientOf(world)
  const answer = (clientAlive: boolean): void => {
    world.launching = false
    const { run } = facts
    // What a client left undone is read once that is ended; all else before.
    const undone = run !== null && isEndOpen(run) ? readLeft(world, run) : null
    obey(world, loop, facts, decideLaunch({ ...facts, clientAlive, left: undone }))
  }
  if (left === null) return void answer(false)
  world.launching = true
  endProcess(world, left, (gone) => {
    if (gone) note(world, { what: 'left-over-ended' })
    answer(!gone)
  })
}

const factsFor = (world: World, loop: Loop, interrupted: boolean): LaunchFacts => {
  const { run, wanted, orders, exit, attached, session } = world
  const otherLoop =
    run !== null &&
    !sameProcess(run.loop, loop.process) &&
    world.loops.some(({ process }) => sameProcess(process, run.loop))
  return {
    ...{ session: session.name, now: clockOf(world), loop: loop.process, otherLoop, wanted, orders, run },
    ...{ exit, attached, interrupted, obstacles: obstaclesOf(world), clientAlive: false },
    ...{ restart: session.restart, chance: world.chance() },
    left: null,
  }
}

const readLeft = (world: World, run: Run): LeftOver => leftOver(transcriptOf(world, run), run, true)

const obey = (world: World, loop: Loop, facts: LaunchFacts, decision: LaunchDecision): void => {
  note(world, { what: 'decided', decision })
  // Launch goes on when its loop is lost; nobody hears its answer.
  if (decision.do === 'end' && decision.why === 'other-loop') return void finish(world, loop)
  if (decision.do === 'start') {
    const before = world.run
    world.run = newRun(world, loop, facts, decision)
    tellLost(world, before, world.run)
    const { run } = world
    return void after(world, 30, () => begin(world, loop, run, facts))
  }
  if (decision.run !== null) world.run = decision.run
  if (decision.do === 'wait') return void pause(world, loop, decision.seconds, true)
  if (decision.why === 'person-left' && world.wanted?.at === facts.wanted?.at) {
    world.wanted = nextWanted(world.wanted, { want: false, by: 'person' }, clockOf(world))
    note(world, { what: 'ordered', wanted: world.wanted })
  }
  finish(world, loop)
}

const finish = (world: World, loop: Loop): void => {
  if (!loop.alive) return
  world.launchFailed = null
  endLoop(world, loop, true)
}

const begin = (world: World, loop: Loop, run: Run, { run: before }: LaunchFacts): void => {
  if (!loop.alive) return
  world.launchFailed = null
  const asked = run.generation > (before?.generation ?? -1)
  note(world, { what: 'started', run, others: world.clients.length, asked })
  world.exit = null
  loop.client = startClient(world, run, (status) => {
    loop.client = null
    if (!loop.alive) return
    world.exit = { run: run.run, status, at: clockOf(world) }
    ask(world, loop, false)
  })
  const ms = world.causes.get('terminal-dies')
  if (ms !== undefined)
    after(world, ms, () => {
      if (loop.alive && world.causes.has('terminal-dies')) endLoop(world, loop, false)
    })
}

/** Counts sleeps, looks at the clock, ends for a wake file. */
const pause = (world: World, loop: Loop, seconds: number, succeeded: boolean): void => {
  if (!loop.alive) return
  if (succeeded) world.launchFailed = null
  const mine = { left: seconds, until: clockOf(world) + seconds * 1_000 }
  loop.pause = mine
  const tick = (): void => {
    if (!loop.alive || loop.pause !== mine) return
    if (mine.left > 0 && clockOf(world) < mine.until && !world.wake) {
      mine.left -= 1
      return void after(world, 1_000, tick)
    }
    loop.pause = null
    ask(world, loop, false)
  }
  tick()
}

const newRun = (
  world: World,
  loop: Loop,
  { wanted }: LaunchFacts,
  { after: before, choice, streak, interruptedTurn }: Extract<LaunchDecision, { do: 'start' }>,
): Run => {
  const now = clockOf(world)
  const id =
    choice.take === 'this'
      ? choice.id
      : choice.take === 'new' || before === null
        ? newConversation(world)
        : before.conversation
  const begun = (world.transcripts.get(id)?.delivered ?? 0) > 0
  return {
    ...{ format: 1, run: `run-${world.nextPid()}`, loop: loop.process, machine: null, protocol: 1 },
    generation: wanted?.generation ?? 0,
    ...{
      conversation: id,
      resumed: begun,
      cwd: null,
      botIds: null,
      client: null,
      interrupted: interruptedTurn,
    },
    ...{ startedAt: now, waiting: null, streak, restarts: (before?.restarts ?? -1) + 1 },
    exits: startedAfter(before?.exits ?? [], now, interruptedTurn),
  }
}

/** The turn that a client was at when it died is lost, unless the next one goes on with it. */
const tellLost = (world: World, before: Run | null, run: Run): void => {
  if (before === null || before.run === '') return
  const turn = world.transcripts.get(before.conversation)?.turn ?? null
  const goesOn = run.interrupted && run.conversation === before.conversation && turn?.begun === true
  const since = before.interrupted ? Number.NEGATIVE_INFINITY : before.startedAt
  const messages = turn?.messages.filter((at) => at >= since).length ?? 0
  if (messages > 0 && !goesOn) note(world, { what: 'lost', messages, late: false })
  if (turn !== null && !goesOn)
    world.transcripts.set(before.conversation, { ...transcriptOf(world, before), turn: null })
}

export const isStopped = (world: World): boolean => world.clients.length === 0 && world.loops.length === 0
