import { isAnsweredFor } from '../core/agreed-answer.ts'
import type { Evidence } from '../core/evidence.ts'
import type { Finding } from '../core/finding.ts'
import { reasons } from '../core/reasons.ts'
import type { Wanted } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import { type Sighting, sight } from '../core/sighting.ts'
import { judge, type Verdict } from '../core/verdict.ts'
import type { Deps } from '../deps.ts'
import { type ExitStatus, exitStatus } from '../errors.ts'
import { describeFinding } from './describe.ts'
import { watch } from './order.ts'
import { withProbe } from './probe.ts'
import { newClientVerdict } from './restart.ts'

/** What came of a new client that was ordered for when Claude is idle. */
export type Swap =
  /** It is there, or the one before it is gone: what that amounts to. */
  | { readonly is: 'taken'; readonly verdict: Verdict }
  /** The one before it is there still. */
  | { readonly is: 'pending'; readonly over: Hindrance }

/** Why Claude is not idle: it works, a command of its own goes on behind a turn that is over, or it waits for a person. */
export type Hindrance = 'work' | 'shell' | Finding

type Awaited = {
  readonly wanted: Wanted
  /** For as long a client at work is waited for, in milliseconds. */
  readonly timeoutMs: number
  /** The line of progress that is shown already. */
  readonly waiting: string
}

/** From then on a new client has as long as `up` and `restart` give it. */
const startMs = 60_000
/** A prompt may be answered at once, by a rule or a hook. */
const promptMs = 2_000
/** A build may be over at once. A server goes on for days, and nothing changes while it does. */
const shellMs = 10_000

/**
 * Waits until the client that was ordered for when Claude is idle is there, and is well or lastingly not, or its time is
 * over. Says meanwhile where that takes a person, and leaves what may go on for ever to the keeper. Throws as `watch`
 * does; whoever asks for a client anew brings this one as well.
 */
export const awaitSwap = async (
  session: Session,
  { wanted, timeoutMs, waiting }: Awaited,
  deps: Deps,
): Promise<Swap> => {
  const deadline = deps.clock.elapsed() + timeoutMs
  let begun: { readonly at: number; readonly probe: ReturnType<typeof withProbe> } | null = null
  let held: Sighting | null = null
  let said = waiting
  const say = (line: string): void => {
    if (line !== said) deps.output.say(`${line} …`)
    said = line
  }
  const settled = async (seen: Evidence): Promise<Swap | null> => {
    const now = deps.clock.elapsed()
    const newest = newestOf(seen, wanted)
    if (!isThere(seen, newest)) {
      begun = null
      // A moment of rest may be short: the keeper is told of it, and looks for itself.
      if (seen.client?.file?.activity === 'idle') await deps.carryOut(session)
      const over = hindranceOf(seen)
      const line = typeof over === 'string' ? waiting : waitsFor(session, over)
      held = sight(held, over === 'shell' ? over : line, now)
      const heldMs = now - held.since
      if (heldMs >= promptMs) say(line)
      return now >= deadline || (over === 'shell' && heldMs >= shellMs) ? { is: 'pending', over } : null
    }
    begun ??= { at: now, probe: withProbe(deps, deps.clock.now()) }
    say(`Starting ${session.name} anew`)
    const evidence = await begun.probe(seen)
    const late = now - begun.at >= startMs
    const verdict = newClientVerdict(evidence, newest) ?? (late ? judge(evidence, evidence.at) : null)
    return verdict === null ? null : { is: 'taken', verdict }
  }
  // It has clocks of its own: that of the new client begins when the new client does.
  const swap = await watch(session, wanted, Number.POSITIVE_INFINITY, settled, deps)
  return swap ?? { is: 'pending', over: 'work' }
}

/** A `restart` meanwhile brings what was asked for, too: then it is that one's client which counts. */
const newestOf = ({ wanted: now }: Evidence, wanted: Wanted): Wanted =>
  now !== null && now.at > wanted.at ? now : wanted

/** The client that was asked for; or none, and the next one is it. */
const isThere = ({ run, client }: Evidence, { generation }: Wanted): boolean =>
  run === null || client === null || run.generation >= generation

const hindranceOf = (seen: Evidence): Hindrance => {
  const { client, at } = seen
  const verdict = judge(seen, at)
  if (client?.suspended) return verdict
  if (client?.file?.activity === 'shell') return 'shell'
  const asks = client?.file?.activity === 'waiting' || client?.dialog != null
  return asks && verdict.state === 'blocked' && !isAnsweredFor(verdict.reason, seen, at) ? verdict : 'work'
}

/** The command first: what does not fit the line is cut off. */
const waitsFor = ({ name }: Session, { reason }: Finding): string =>
  `Waiting for you at \`channels attach ${name}\`${reason === null ? '' : `: ${reasons[reason].sentence.replace(/\.$/, '')}`}`

type Told = {
  /** What is stored: a sentence without its end. */
  readonly what: string
  /** Once the new client has it. */
  readonly live: string
  /** What is left to do when it is taken later. */
  readonly next: string | null
}

/** Says how it went. */
export const reportSwap = (
  session: Session,
  swap: Swap,
  { what, live, next }: Told,
  { output }: Pick<Deps, 'output'>,
): ExitStatus => {
  const print = (line: string): void => output.print(line, 'prose')
  if (swap.is === 'pending') {
    for (const line of pending(session, swap.over, what)) print(line)
    if (next !== null) print(`  ${next}`)
    return exitStatus.wrong
  }
  const { verdict } = swap
  if (verdict.state === 'live') {
    print(live)
    return exitStatus.done
  }
  for (const line of describeFinding(session, verdict)) print(line)
  return verdict.reason === null ? exitStatus.wrong : reasons[verdict.reason].status
}

const pending = (session: Session, over: Hindrance, what: string): readonly string[] => {
  const { name } = session
  const now = `  \`channels restart ${name}\` does it now, and`
  if (over === 'work')
    return [
      `${what}, and ${name} takes it as soon as Claude is idle, within the hour.`,
      `${now} interrupts what Claude is doing.`,
    ]
  if (over === 'shell')
    return [
      `${what}, and ${name} takes it as soon as a command is over that Claude left running in the background, within the hour.`,
      `${now} ends that command.`,
    ]
  return [
    ...describeFinding(session, over),
    `${what}, and ${name} takes it once that is over and Claude is idle, within the hour.`,
    `${now} interrupts what Claude is doing.`,
  ]
}
