import { emptyMcpLog, emptyTranscript, newTurn, type Transcript } from '../../../src/core/client.ts'
import { takenUpWithinMs } from '../../../src/core/left-over.ts'
import type { Run } from '../../../src/core/records.ts'
import { firstConversation } from '../evidence-builder.ts'
import { fetchMessages, serve, strike } from './plugin.ts'
import { after, type Client, clockOf, newProcess, note, realOf, type World } from './world.ts'

/** A client of this run begins: its file within a second, its plugin in two, unless something keeps it from that. */
export const startClient = (world: World, run: Run, ended: (status: number) => void): Client => {
  const client: Client = {
    process: newProcess(world),
    run: run.run,
    conversation: run.conversation,
    startedAt: clockOf(world),
    startedReal: realOf(world),
    ...{ alive: true, closing: false, suspended: false, replaced: false, file: false },
    dialog: world.startsWith,
    ...{ resting: 'idle', turnEnds: null, prompt: null, askedAt: null, plugin: null, log: null },
  }
  exits.set(client, ended)
  world.clients.push(client)
  goOn(world, client, 600, () => {
    if (client.dialog === null) enter(world, client, run.interrupted)
  })
  strike(world, client, 'crash', () => die(world, client, 1, true))
  return client
}

/** Past its dialogs. */
export const enter = (world: World, client: Client, interrupted: boolean): void => {
  client.dialog = null
  client.file = true
  const { turn } = transcriptOf(world, client)
  const isFresh = turn !== null && clockOf(world) - turn.at < takenUpWithinMs
  if (interrupted && turn?.begun && turn.messages.length > 0) {
    if (isFresh) {
      beginTurn(world, client, turn.messages, turnMs)
      begin(world, client)
    } else note(world, { what: 'lost', messages: turn.messages.length, late: true })
  }
  goOn(world, client, 400, () => serve(world, client, emptyMcpLog))
}

/** How long the model takes to answer. */
export const turnMs = 3_000

/** How long it takes to Claude's first step: until then nobody goes on with a turn. */
const firstStepMs = 700

/** A message that came to the client: it begins a turn, or waits for the one under way. */
export const take = (world: World, client: Client): void => {
  const now = clockOf(world)
  const before = transcriptOf(world, client)
  const key = `${world.nextPid()}`
  write(world, client, { waiting: [...before.waiting, { at: now, key }], delivered: before.delivered + 1 })
  if (client.log !== null) client.log = { ...client.log, inbound: client.log.inbound + 1, lastInboundAt: now }
  after(world, 50, () => beginWaiting(world, client))
}

const beginWaiting = (world: World, client: Client): void => {
  if (!client.alive || client.turnEnds !== null || client.prompt !== null || client.suspended) return
  const { waiting } = transcriptOf(world, client)
  const own = waiting.filter(({ at }) => at >= client.startedAt)
  if (own.length === 0) return
  write(world, client, { waiting: waiting.filter((each) => !own.includes(each)) })
  beginTurn(
    world,
    client,
    own.map(({ at }) => at),
    turnMs,
  ) // prettier-ignore
}

export const beginTurn = (world: World, client: Client, messages: readonly number[], ms: number): void => {
  write(world, client, { turn: newTurn(clockOf(world), messages), lastRowAt: clockOf(world) })
  const ends = realOf(world) + ms
  client.turnEnds = ends
  goOn(world, client, firstStepMs, () => {
    if (client.turnEnds === ends) begin(world, client)
  })
  goOn(world, client, ms, () => endTurn(world, client, ends))
}

const begin = (world: World, client: Client): void => {
  const { turn } = transcriptOf(world, client)
  if (turn !== null) write(world, client, { turn: { ...turn, begun: true }, lastRowAt: clockOf(world) })
}

const endTurn = (world: World, client: Client, ends: number): void => {
  if (client.turnEnds !== ends) return
  // The person is asked in the middle of a turn, which goes on only then; so is a plugin, to answer.
  if (client.prompt !== null || isAnswerHeld(world, client))
    return void goOn(world, client, 1_000, () => endTurn(world, client, ends))
  client.turnEnds = null
  const now = clockOf(world)
  const { turn, failed } = transcriptOf(world, client)
  const messages = turn?.messages.length ?? 0
  const status = world.causes.has('login')
    ? 401
    : world.causes.has('limit')
      ? 429
      : world.causes.has('model')
        ? 500
        : null // prettier-ignore
  if (status === null)
    write(world, client, { turn: null, lastAssistantAt: now, lastRowAt: now, apiFailure: null })
  else {
    const resetMs = world.causes.get('limit') ?? 0
    const resetsAt = status === 429 && resetMs > 0 ? now + resetMs : null
    const apiFailure = { at: now, status, error: null, resetsAt }
    write(world, client, {
      turn: null,
      apiFailure,
      failed: messages === 0 ? failed : [...failed, { at: now, messages }].slice(-20),
    })
    if (messages > 0) note(world, { what: 'failed', messages })
  }
  beginWaiting(world, client)
}

const isAnswerHeld = (world: World, client: Client): boolean =>
  client.plugin?.alive === true &&
  client.plugin.suspended &&
  (transcriptOf(world, client).turn?.messages.length ?? 0) > 0

/** Calls back once so many ms have passed, if it lives then; a suspended one does it when it goes on. */
export const goOn = (world: World, client: Client, ms: number, then: () => void): void =>
  after(world, ms, () => {
    if (!client.alive) return
    if (client.suspended) goOn(world, client, 1_000, then)
    else then()
  })

/** A client that is gone: what was in its memory, and what it worked on unless the next one takes that up, is lost. */
export const die = (world: World, client: Client, status: number, byItself: boolean): void => {
  if (!client.alive) return
  client.alive = false
  world.clients.splice(world.clients.indexOf(client), 1)
  if (client.plugin !== null) client.plugin.alive = false
  note(world, {
    what: 'ended',
    run: client.run,
    lifeMs: realOf(world) - client.startedReal,
    byItself,
    explained: world.orders?.run === client.run || !world.loops.some((loop) => loop.client === client),
  })
  const own = transcriptOf(world, client).waiting.filter(({ at }) => at >= client.startedAt)
  if (own.length > 0) note(world, { what: 'lost', messages: own.length, late: false })
  exits.get(client)?.(status)
}

const exits = new WeakMap<Client, (status: number) => void>()

/** SIGTERM, then SIGKILL after five seconds, as `keeper/end.ts`; calls back with whether it is gone. */
export const endProcess = (world: World, client: Client, done: (gone: boolean) => void): void => {
  const until = world.awake + 6_000
  client.suspended = false
  if (!client.closing) {
    client.closing = true
    if (client.log !== null) client.log = { ...client.log, closingAt: clockOf(world) }
    if (!world.causes.has('unkillable'))
      after(world, world.causes.get('slow-close') ?? 300, () => die(world, client, 143, false))
  }
  const look = (): void => {
    if (!client.alive) return void done(true)
    if (world.awake >= until) return void done(false)
    if (world.awake >= until - 1_000 && !world.causes.has('unkillable')) die(world, client, 137, false)
    after(world, 100, look)
  }
  after(world, 100, look)
}

export const transcriptOf = (world: World, { conversation }: { readonly conversation: string }): Transcript =>
  world.transcripts.get(conversation) ?? emptyTranscript

const write = (world: World, client: Client, change: Partial<Transcript>): void =>
  void world.transcripts.set(client.conversation, { ...transcriptOf(world, client), ...change })

/** A conversation nobody had before. */
export const newConversation = (world: World): string => `${world.nextPid()}${firstConversation.slice(4)}`

/** What the session file says it does. */
export const activityOf = (client: Client): 'idle' | 'busy' | 'waiting' | 'shell' | 'unknown' =>
  client.prompt !== null ? 'waiting' : client.turnEnds !== null ? 'busy' : client.resting

/** A prompt was answered, or a suspended client goes on. */
export const resume = (world: World, client: Client): void => {
  client.prompt = null
  client.suspended = false
  fetchMessages(world)
  after(world, 50, () => beginWaiting(world, client))
}
