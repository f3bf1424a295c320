import { decideLaunch, type LaunchDecision, type LaunchFacts } from '../../src/core/launch.ts'
import type { Exit, Orders, Run, Wanted } from '../../src/core/records.ts'
import { defaultRestart } from '../../src/core/session.ts'
import { nextWanted } from '../../src/core/wanted.ts'
import { freeze, noon } from './evidence-builder.ts'

/** What can happen to a session between two questions of its loop. */
export type Happening = { readonly afterMs: number } & (
  | {
      readonly what: 'client-ends'
      readonly status: number | null
      readonly attached: number
      readonly record: 'own' | 'missing' | 'of-another'
    }
  | { readonly what: 'keeper-ends-client'; readonly fresh: boolean }
  | { readonly what: 'keeper-holds'; readonly forMs: number | null }
  | {
      readonly what: 'ordered'
      readonly want: boolean
      readonly newClient: boolean
      readonly fresh: boolean
      readonly conversation: string | null
    }
  | { readonly what: 'clock-set'; readonly byMs: number }
  | { readonly what: 'obstacle'; readonly there: boolean }
  | { readonly what: 'loop-lost'; readonly clientLives: boolean }
  | { readonly what: 'other-loop'; readonly lives: boolean }
  | { readonly what: 'ctrl-c' }
  | { readonly what: 'time-passes' }
)

export type Asked = {
  readonly facts: LaunchFacts
  readonly decision: LaunchDecision
  /** What the last order still asks of the next client. */
  readonly pending: { readonly fresh: boolean; readonly conversation: string | null } | null
}

/**
 * Plays happenings against `decideLaunch` as `loop.sh` and `keeper/launch.ts` do: who records what, when it is asked.
 * Calls `check` with each decision and what it was made from.
 */
export const play = (
  happenings: readonly Happening[],
  chance: number,
  check: (asked: Asked) => void,
): void => {
  let facts: LaunchFacts = firstFacts(chance)
  let pending: Asked['pending'] = { fresh: false, conversation: null }
  let running = false
  let starts = 0
  for (const happening of happenings) {
    facts = { ...facts, now: facts.now + happening.afterMs, interrupted: false, clientAlive: false }
    if (happening.what === 'ordered' && happening.newClient) pending = happening
    // The next order takes the place of one that was not carried out yet.
    else if (happening.what === 'ordered' && pending !== null) pending = { fresh: false, conversation: null }
    const next = happen(happening, facts, running)
    facts = next.facts
    running = next.running
    if (running) continue
    const decision = decideLaunch(freeze(facts))
    check({ facts, decision, pending })
    if (decision.do === 'end' && decision.why === 'other-loop') continue
    if (decision.do !== 'start') {
      const left = decision.do === 'end' && decision.why === 'person-left'
      facts = { ...facts, run: decision.run, wanted: left ? notWanted(facts) : facts.wanted }
      continue
    }
    starts += 1
    facts = { ...facts, run: newRun(decision, facts, `run-${starts}`) }
    pending = null
    running = true
  }
}

const firstFacts = (chance: number): LaunchFacts => ({
  session: 'work',
  now: noon,
  loop: { pid: 100, start: '100' },
  otherLoop: false,
  wanted: nextWanted(null, { want: true, by: 'up', newClient: true }, noon),
  orders: null,
  run: null,
  exit: null,
  attached: 0,
  interrupted: false,
  obstacles: [],
  clientAlive: false,
  restart: defaultRestart,
  chance,
  left: null,
})

const happen = (
  happening: Happening,
  facts: LaunchFacts,
  running: boolean,
): { readonly facts: LaunchFacts; readonly running: boolean } => {
  const { run } = facts
  switch (happening.what) {
    case 'client-ends':
      return running
        ? {
            facts: { ...facts, attached: happening.attached, exit: exitOf(happening, facts) },
            running: false,
          }
        : { facts, running }
    case 'keeper-ends-client': {
      if (!running || run === null) return { facts, running }
      const orders: Orders = {
        format: 1,
        run: run.run,
        ended: 'plugin-exited',
        hold: null,
        fresh: happening.fresh,
      }
      return {
        facts: { ...facts, orders, exit: { run: run.run, status: 143, at: facts.now } },
        running: false,
      }
    }
    case 'keeper-holds': {
      if (!running || run === null) return { facts, running }
      const until = happening.forMs === null ? null : facts.now + happening.forMs
      const hold = { reason: 'login-expired', until } as const
      const orders: Orders = { format: 1, run: run.run, ended: 'login-expired', hold, fresh: false }
      return {
        facts: { ...facts, orders, exit: { run: run.run, status: 143, at: facts.now } },
        running: false,
      }
    }
    case 'ordered': {
      const by = happening.want ? (happening.newClient ? 'restart' : 'up') : 'down'
      const { want, newClient } = happening
      const wanted = nextWanted(facts.wanted, newClient ? { ...happening, by } : { want, by }, facts.now)
      // Whoever asks for a new client, or for none, has the one that runs ended.
      const ends = running && (!wanted.want || happening.newClient)
      const exit = ends && run !== null ? { run: run.run, status: 143, at: facts.now } : facts.exit
      return { facts: { ...facts, wanted, exit }, running: running && !ends }
    }
    case 'clock-set':
      return { facts: { ...facts, now: facts.now + happening.byMs }, running }
    case 'obstacle':
      return {
        facts: { ...facts, obstacles: happening.there ? [{ reason: 'bun-missing', detail: 'no bun' }] : [] },
        running,
      }
    case 'loop-lost': {
      const pid = facts.loop.pid + 1
      return {
        facts: { ...facts, loop: { pid, start: `${pid}` }, clientAlive: running && happening.clientLives },
        running: false,
      }
    }
    case 'other-loop':
      return { facts: { ...facts, otherLoop: happening.lives }, running }
    case 'ctrl-c':
      return { facts: { ...facts, interrupted: !running && run?.waiting != null }, running }
    case 'time-passes':
      return { facts, running }
  }
}

const exitOf = (
  end: Extract<Happening, { what: 'client-ends' }>,
  { run, exit, now }: LaunchFacts,
): Exit | null => {
  if (end.record === 'missing' || run === null) return null
  return end.record === 'own'
    ? { run: run.run, status: end.status, at: now }
    : (exit ?? { run: 'run-0', status: 0, at: now })
}

const notWanted = ({ wanted, now }: LaunchFacts): Wanted =>
  nextWanted(wanted, { want: false, by: 'person' }, now)

const newRun = (
  { after, streak }: Extract<LaunchDecision, { do: 'start' }>,
  facts: LaunchFacts,
  id: string,
): Run => ({
  format: 1,
  run: id,
  loop: facts.loop,
  machine: null,
  protocol: 1,
  generation: facts.wanted?.generation ?? 0,
  conversation: `conversation-${id}`,
  resumed: false,
  cwd: null,
  botIds: null,
  interrupted: false,
  startedAt: facts.now,
  waiting: null,
  streak,
  restarts: 0,
  exits: after?.exits ?? [],
})
