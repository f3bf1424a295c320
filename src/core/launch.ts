import { backOff, longestBackOffMs } from './back-off.ts'
import { lately } from './duration.ts'
import type { Obstacle } from './evidence.ts'
import { classifyExit, describeEnd, type ExitClass, endedAfter } from './exit.ts'
import { holdOf } from './hold.ts'
import { type LaunchWait, type Waiting, wait } from './launch-wait.ts'
import type { LeftOver } from './left-over.ts'
import type { ProcessId } from './process.ts'
import { sameProcess } from './process.ts'
import type { Exit, ExitRecord, Orders, Run, Wanted } from './records.ts'
import type { RestartSettings } from './session.ts'
import { isTakenDown } from './take-down.ts'

/** What `channels launch` has to go by. Times in milliseconds since 1970. */
export type LaunchFacts = {
  readonly session: string
  readonly now: number
  readonly loop: ProcessId
  /** Another recorded loop lives. */
  readonly otherLoop: boolean
  readonly wanted: Wanted | null
  readonly orders: Orders | null
  readonly run: Run | null
  readonly exit: Exit | null
  readonly attached: number
  /** A person pressed Ctrl-C at the waiting line. */
  readonly interrupted: boolean
  readonly obstacles: readonly Obstacle[]
  /** The client of the run still lives, though its loop is not there to see it end. */
  readonly clientAlive: boolean
  readonly restart: RestartSettings
  /** 0 to 1, for the jitter. */
  readonly chance: number
  /** Of the run whose end is not on record yet; null where its transcript can't tell. */
  readonly left: LeftOver | null
}

export type LaunchDecision =
  | {
      readonly do: 'end'
      readonly why: 'not-wanted' | 'person-left' | 'other-loop' | 'taken-down'
      readonly run: Run | null
      readonly exit: ExitClass | null
    }
  | LaunchWait
  | {
      readonly do: 'start'
      readonly after: Run | null
      readonly streak: number
      readonly exit: ExitClass | null
      readonly choice: Choice
      readonly interruptedTurn: boolean
    }

/** Which conversation the next client gets. */
export type Choice =
  | { readonly take: 'new' }
  | { readonly take: 'this'; readonly id: string }
  /** The one the last run was in when it ended, wherever `/clear` had moved it. */
  | { readonly take: 'last' }

/** How soon what blocks a start is looked at again. */
const lookAgainMs = 60_000
/** A run this long ends a streak of crashes. */
export const streakEndsMs = 5 * 60_000
const keptExits = 20

/**
 * Decides what the loop does next: start a client, wait, or end. Pure; wanted is obeyed first, then orders, then what
 * the exits say (design, section 7, "Launch").
 */
export const decideLaunch = (facts: LaunchFacts): LaunchDecision => {
  const { wanted, now } = facts
  if (facts.otherLoop) return { do: 'end', why: 'other-loop', run: facts.run, exit: null }
  const exit = endOfRun(facts)
  const run = facts.run === null ? null : recordExit(facts.run, exit, facts)
  const last = run === null ? null : { ...run, exits: endedAfter(run.exits, now) }
  if (wanted === null || !wanted.want) return { do: 'end', why: 'not-wanted', run: last, exit }
  if (exit?.left || facts.interrupted) return { do: 'end', why: 'person-left', run: last, exit }
  // Whatever else is asked for: nothing starts while all sessions are taken down, and until a keeper lets it go on.
  if (isTakenDown(facts.run, facts.orders)) return { do: 'end', why: 'taken-down', run: last, exit }
  if (facts.clientAlive) {
    const waiting = {
      reason: 'terminal-lost',
      detail: 'the former client still ends',
      until: now + 1_000,
    } as const
    // The record stays as it is: the end of that client is still to be taken note of.
    return { ...wait(facts, run, exit, waiting), run: facts.run }
  }
  const [obstacle] = facts.obstacles
  if (obstacle !== undefined) {
    const { reason, detail } = obstacle
    return wait(facts, run, exit, { reason, detail, until: now + lookAgainMs })
  }
  const asked = facts.run === null || wanted.generation > facts.run.generation
  const held = asked ? null : heldBack(facts, run)
  if (held !== null) return wait(facts, run, exit, held)
  return {
    do: 'start',
    after: run,
    streak: asked ? 0 : (run?.streak ?? 0),
    exit,
    choice: chooseConversation(facts, asked),
    interruptedTurn: isInterrupted(run, asked, now),
  }
}

/** Whether a run's end is still to be taken note of, once its client is gone. */
export const isEndOpen = (run: Run): boolean => run.waiting === null && run.exits.at(-1)?.run !== run.run

/** The end of the run that is recorded as running; null when none is, or when it was taken note of before. */
const endOfRun = (facts: LaunchFacts): ExitClass | null => {
  const { run, clientAlive } = facts
  if (run === null || clientAlive || !isEndOpen(run)) return null
  return classifyExit({ ...facts, run, sameLoop: sameProcess(run.loop, facts.loop) })
}

const recordExit = (run: Run, exit: ExitClass | null, facts: LaunchFacts): Run => {
  if (exit === null) return run
  const { left: _, ...record } = exit
  const long = exit.at - run.startedAt >= streakEndsMs
  const streak = isCrash(exit) ? (long ? 1 : run.streak + 1) : long ? 0 : run.streak
  const next = { ...run, loop: facts.loop, streak, exits: [...run.exits, record] }
  const counted = { ...record, ...leftBy(next, facts) }
  const kept = { ...next, exits: keep([...run.exits, counted], facts) }
  return isCrash(exit) ? { ...kept, waiting: afterCrash(kept, exit, facts) } : kept
}

/** What the client was at is not lost where the next one goes on with it. */
const leftBy = (
  run: Run,
  { left, wanted, now }: LaunchFacts,
): Pick<ExitRecord, 'unanswered' | 'promised'> => {
  if (left === null) return { unanswered: null, promised: null }
  const { waiting, working: messages, takesUp, takenUpUntil: until } = left
  const goesOn = wanted?.want === true && isInterrupted(run, wanted.generation > run.generation, now)
  return goesOn && takesUp && messages > 0
    ? { unanswered: waiting, promised: { messages, until, brokenAt: null } }
    : { unanswered: waiting + messages, promised: null }
}

/** The last ones, and what counts towards a crash loop however many explained ends came after it. */
const keep = (exits: Run['exits'], facts: LaunchFacts): Run['exits'] => {
  const counting = recentCrashes(exits, facts)
  return exits.filter((each, i) => exits.length - i <= keptExits || counting.includes(each))
}

const recentCrashes = (exits: Run['exits'], { now, restart }: LaunchFacts): Run['exits'] =>
  lately(exits, restart.windowMs, now).filter(isCrash)

/** A terminal that is lost may be a reboot; lost again and again, it may be what the client does to it. */
const isCrash = ({ unexplained, reason }: ExitRecord): boolean => unexplained || reason === 'terminal-lost'

const afterCrash = (run: Run, exit: ExitClass, facts: LaunchFacts): Waiting | null => {
  const { restart, now, chance } = facts
  const recent = recentCrashes(run.exits, facts).length
  const detail = describeEnd(exit)
  if (recent >= restart.attempts)
    return {
      reason: 'crash-loop',
      detail: `${recent} exits, the last ${detail}`,
      until: now + restart.retryMs,
    }
  const delayMs = backOff(run.streak, chance)
  return delayMs === 0 ? null : { reason: 'client-exited', detail, until: now + delayMs }
}

/** What still has to be waited for; null when nothing. */
const heldBack = ({ now, orders, restart }: LaunchFacts, run: Run | null): Waiting | null => {
  const hold = holdOf(run, orders, now)
  if (hold !== null) return { reason: hold.reason, detail: null, until: hold.until ?? now + lookAgainMs }
  const waiting = run?.waiting ?? null
  if (waiting === null || waiting.until <= now) return null
  if (!isBackOff(waiting.reason)) return null
  // The clock may have been set back since: nothing is waited for longer than it ever is.
  const longestMs = waiting.reason === 'crash-loop' ? restart.retryMs : longestBackOffMs
  return { ...waiting, until: Math.min(waiting.until, now + longestMs) }
}

/** Only these run their time; what blocked a start is over as soon as it no longer shows. */
const isBackOff = (reason: Waiting['reason']): boolean =>
  reason === 'client-exited' || reason === 'crash-loop'

const chooseConversation = ({ wanted, orders, run }: LaunchFacts, asked: boolean): Choice => {
  if (asked && wanted?.fresh) return { take: 'new' }
  if (asked && wanted?.conversation) return { take: 'this', id: wanted.conversation }
  if (run === null || run.conversation === '' || (orders?.fresh && orders.run === run.run))
    return { take: 'new' }
  return { take: 'last' }
}

/**
 * Answered after the first unplanned end; after a second one in a row the message itself may be the cause. Too late for
 * that, it is said to be unanswered, and no client is told to.
 */
const isInterrupted = (run: Run | null, asked: boolean, now: number): boolean => {
  const last = run?.exits.at(-1)
  if (asked || run === null || last === undefined || last.run !== run.run) return false
  // A full disk starts the same run once more, of whose end there is no record.
  const isOfThis = run.startedAt <= last.at
  return isCrash(last) && isOfThis && run.streak === 1 && now <= (last.promised?.until ?? now)
}
