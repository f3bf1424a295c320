import { agreedAnswer, mayAnswer } from './agreed-answer.ts'
import { isAffordable } from './budget.ts'
import { handshakeGraceMs } from './channel-verdict.ts'
import { iso } from './duration.ts'
import type { Effect } from './effect.ts'
import type { ChannelEvidence, ClientEvidence, Evidence } from './evidence.ts'
import { because } from './finding.ts'
import { holdOfParked } from './hold.ts'
import { hasToken, kinds } from './kinds.ts'
import { isAwaiting, type Judged, judgeChannels, sparedUntil } from './neighbours.ts'
import { park } from './parking.ts'
import { mayLackNetwork } from './platform.ts'
import { type ReasonName, reasons } from './reasons.ts'
import type { Health, Parked } from './records.ts'
import { type Case, type Held, isHealedByResume, isInterruptible, resume, triedBy } from './resume.ts'
import { swapOf } from './update.ts'
import type { Verdict } from './verdict.ts'

/** What can be done about a fault, and when. */
export type HealingPlan = {
  readonly reason: ReasonName
  /** The same fault of the same run: what has to hold over two samples. */
  readonly key: string
  /** How long it has to hold at least, in milliseconds. */
  readonly graceMs: number
  readonly effects: (held: Held) => readonly Effect[]
  /** What is known of the client once it is ended to wait. */
  readonly parked: Parked | null
  /** The channels for which ending the client is a try. */
  readonly tries: readonly string[]
}

/** The keeper itself holds a poller for 2.4 s at the most, to end its client at rest. */
const suspendedMs = 3_000

/** What could be healed, and how; null when nothing is wrong, or nothing can be done about it. */
export const healingOf = (
  health: Health,
  evidence: Evidence,
  verdict: Verdict,
  now: number,
): HealingPlan | null => {
  const harmless = verdict.state === 'live' ? harmlessOf(evidence.client) : []
  return firstPlan([...findings(evidence, verdict, now), ...harmless], health, evidence, now)
}

/**
 * What is to be done at once though the client is about to be ended, as soon as it rests: a plugin of ours that somebody
 * holds is let go on, or a client that waits for it never rests; and a thief is ended, who drops messages. Null when there
 * is neither. What would be handed over to a client that is suspended itself, nobody may ever read.
 */
export const urgentOf = (health: Health, evidence: Evidence, now: number): HealingPlan | null => {
  if (evidence.client?.suspended) return null
  const held = evidence.channels.filter((channel) => letGoOn(channel).length > 0)
  const found = held.map(({ channel: { id } }) => ({ id, ...because('plugin-stopped') }))
  const stolen = judgeChannels(evidence, now).filter(({ reason }) => reason === 'poller-stolen')
  return firstPlan([...found, ...stolen], health, evidence, now)
}

const firstPlan = (
  sick: readonly Judged[],
  health: Health,
  evidence: Evidence,
  now: number,
): HealingPlan | null => {
  const { client, run } = evidence
  if (client === null || run === null) return null
  for (const found of sick) {
    const plan = planFor(found, { health, evidence, client, run: run.run, all: sick, now })
    if (plan !== null) return { ...plan, key: `${run.run} ${found.id} ${plan.reason}` }
  }
  return null
}

/** What keeps nobody from being answered, and can be mended all the same (both seen on 2.1.330). */
const harmlessOf = (client: ClientEvidence | null): readonly Judged[] => {
  if (client?.dialog?.name === 'resume-dialog') return [{ id: '', ...because('resume-dialog') }]
  const swap = client === null ? null : swapOf(client)
  return swap === null ? [] : [{ id: '', ...because(swap) }]
}

type Plan = Omit<HealingPlan, 'key'>

const planFor = (found: Judged, given: Case): Plan | null => {
  const { reason, id } = found
  if (reason === null) return null
  const { evidence, health, now } = given
  const channel = evidence.channels.find((each) => each.channel.id === id)
  const affordable = (effects: HealingPlan['effects']) => (held: Held) =>
    isAffordable(reason, health.healed, now) ? effects(held) : []
  const { healing } = reasons[reason]
  if (healing === 'park') {
    // Ended it would hear nothing at all; as it is, what reaches it is at least counted.
    if (!evidence.channels.some((each) => kinds[each.channel.kind].keeps)) return null
    const parking = parkingPlan(reason, given)
    return parking === null ? null : { ...parking, effects: affordable(parking.effects) }
  }
  if (healing === 'continue' && channel !== undefined)
    return { reason, graceMs: suspendedMs, effects: affordable(() => letGoOn(channel)), ...endsNothing }
  const answer = agreedAnswer(reason, evidence)
  if (answer !== null) {
    const effects = () => (mayAnswer(reason, health.healed, evidence, now) ? [answer] : [])
    return { reason, graceMs: 0, effects, ...endsNothing }
  }
  if (!isHealedByResume(reason, evidence)) return null
  const spares = sparedUntil(found, given.all, health, now) !== null
  const waits =
    isOrderedToEnd(evidence) || isAwaiting(found, given.all) || awaitsPlatform(reason, channel, now)
  if (spares && reason !== 'poller-stolen') return null
  return {
    reason,
    // Of a run from before the clock was set back nobody can tell whether its start has had its time: it gets it anew.
    graceMs: (evidence.run?.startedAt ?? 0) > now && reason !== 'poller-stolen' ? handshakeGraceMs : 0,
    effects: affordable((held) => [
      ...(reason === 'poller-stolen' && channel !== undefined ? endThief(channel) : []),
      ...(!spares && !waits && isInterruptible(reason, given, held) ? resume(reason, given) : []),
    ]),
    parked: null,
    tries: triedBy(given),
  }
}

/** Its order ends it as soon as it rests. */
const isOrderedToEnd = ({ wanted, run }: Evidence): boolean =>
  wanted !== null && (!wanted.want || (run !== null && wanted.generation > run.generation))

/** Its tries are few, and without a network each is in vain: whether there is one is asked at once, and known soon. */
const awaitsPlatform = (reason: ReasonName, of: ChannelEvidence | undefined, now: number): boolean =>
  reason === 'plugin-failed' &&
  of !== undefined &&
  hasToken(of.channel) &&
  mayLackNetwork(of.platform, of.log?.failed?.at ?? null, now)

const endsNothing = { parked: null, tries: [] } as const

/** A session that waits for a person says so of each channel; whether it is deaf as well has to be looked at below that. */
const findings = (evidence: Evidence, { reason, channels }: Verdict, now: number): readonly Judged[] =>
  reason === 'permission-prompt' || reason === 'question' ? judgeChannels(evidence, now) : channels

/** A thief drops what it takes: its poller goes at once, so that messages wait at the platform again. */
const endThief = ({ poller }: ChannelEvidence): readonly Effect[] =>
  poller.is === 'yes' && poller.value.ours === 'no'
    ? [{ do: 'end-poller', process: poller.value.process }]
    : []

const letGoOn = ({ poller }: ChannelEvidence): readonly Effect[] =>
  poller.is === 'yes' && poller.value.ours === 'yes' && poller.value.suspended
    ? [{ do: 'continue-poller', process: poller.value.process }]
    : []

/** The login is back, or the limit over, only after a while: until then the client would take messages into nothing. */
const parkingPlan = (reason: ReasonName, { health, evidence, client, run, now }: Case): Plan | null => {
  const parked = park(reason, health, evidence, now)
  if (parked === null) return null
  const rests = client.file?.activity === 'idle' && evidence.terminal.attached === 0
  const action = `end the client, try again at ${iso(parked.until)}`
  return {
    reason,
    graceMs: 0,
    effects: () =>
      rests
        ? [
            { do: 'journal', event: { type: 'healing', reason, action } },
            {
              ...{ do: 'end-client', process: client.process, run, ended: reason, fresh: false },
              gently: true,
              hold: holdOfParked(parked),
            },
          ]
        : [],
    parked,
    tries: [],
  }
}
