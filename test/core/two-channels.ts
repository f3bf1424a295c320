import { no, yes } from '../../src/core/answer.ts'
import type { ChannelEvidence, ClientEvidence, Obstacle } from '../../src/core/evidence.ts'
import { type MachineState, newHealth, step } from '../../src/core/machine.ts'
import type { Run } from '../../src/core/records.ts'
import type { Verdict } from '../../src/core/verdict.ts'
import {
  channel,
  client,
  evidence,
  log,
  minutes,
  noon,
  ownPoller,
  platform,
  run,
  seconds,
  session,
  thief,
} from './evidence-builder.ts'

/** Two channels of one client, looked at for a long time: what is done for the one, and what that costs the other. */
export const telegram = channel().channel
export const pager = { ...telegram, id: 'server:pager', kind: 'custom' } as const
export const discord = { ...telegram, id: 'plugin:discord@m', kind: 'discord' } as const

/** What is seen of a channel so long after its client started. */
export type Shown = (ms: number, at: number) => Partial<ChannelEvidence>
export const gone = no('no process of it')
export const registered = (startedAt: number) => ({
  ...log,
  ...{ startedAt: startedAt + 500, connectedAt: startedAt + 900, registeredAt: startedAt + 1_000 },
})
export const begins = (of: number) => ({
  log: { ...registered(of), connectedAt: null, registeredAt: null },
  poller: gone,
})
export const well: Shown = (ms, at) =>
  ms < 1_000 ? begins(at - ms) : { log: registered(at - ms), platform: platform({ at: at - seconds }) }
/** A server that crashes at its start. */
export const crashes: Shown = (ms, at) => {
  const { log: begun } = begins(at - ms)
  const failed = { at: at - ms + 700, why: 'connection-closed', text: 'Connection closed' } as const
  return { log: { ...begun, failed: ms < 700 ? null : failed }, poller: gone }
}
export const neverStarts: Shown = () => ({ log: null, poller: gone })
export const diesSoon: Shown = (ms, at) => (ms < 5_000 ? well(ms, at) : { ...well(ms, at), poller: gone })
export const firewalled: Shown = (ms, at) => ({ ...well(ms, at), connected: 'no' })
export const stolen: Shown = (ms, at) =>
  ms < 20_000 ? well(ms, at) : { ...well(ms, at), poller: yes(thief) }
/** Its server says at each start that its port is taken. */
export const portTaken: Shown = (ms, at) => {
  const { log: begun } = begins(at - ms)
  const failed = { at: at - ms + 700, why: 'port-taken', text: 'EADDRINUSE' } as const
  return { log: { ...begun, failed: ms < 700 ? null : failed }, poller: gone }
}
/** Its plugin dies so long after each start, by the number of that start. */
export const dies = (lifeMs: (start: number) => number): Shown => {
  const starts: number[] = []
  return (ms, at) => {
    if (!starts.includes(at - ms)) starts.push(at - ms)
    const died = ms >= lifeMs(starts.indexOf(at - ms))
    return died ? { ...well(ms, at), poller: gone } : well(ms, at)
  }
}
/** One after the other, a start each; the last one from then on. */
export const inTurn = (...shown: readonly [Shown, ...Shown[]]): Shown => {
  const starts: number[] = []
  return (ms, at) => {
    if (!starts.includes(at - ms)) starts.push(at - ms)
    return (shown[starts.indexOf(at - ms)] ?? shown.at(-1) ?? shown[0])(ms, at)
  }
}
/** It is sick until then, and well from the next start on. */
export const until =
  (end: number, shown: Shown): Shown =>
  (ms, at) =>
    at - ms < end ? shown(ms, at) : well(ms, at)

export type Life = {
  readonly ends: readonly { readonly at: number; readonly fresh: boolean; readonly ended: string }[]
  readonly thieves: number
  readonly state: MachineState
  readonly verdicts: readonly { readonly at: number; readonly verdict: Verdict }[]
}

export const live = (
  lastsMs: number,
  [first, second]: readonly [Shown, Shown],
  change: {
    readonly channel?: ChannelEvidence['channel']
    readonly client?: (at: number) => ClientEvidence
    /** What is seen to be missing so long after its client started. */
    readonly missing?: (ms: number, at: number) => readonly Obstacle[]
  } = {},
): Life => {
  const its = change.channel ?? pager
  const ends: { at: number; fresh: boolean; ended: string }[] = []
  const verdicts: { at: number; verdict: Verdict }[] = []
  let [state, current, thieves]: [MachineState, Run, number] = [
    { health: newHealth(noon), suspicion: null },
    run({ startedAt: noon }),
    0,
  ]
  for (let at = noon; at < noon + lastsMs; ) {
    const ms = at - current.startedAt
    const pid = { process: { pid: 4720, start: current.run } }
    const seen = (of: ChannelEvidence['channel'], shown: Shown) =>
      channel({ poller: yes({ ...ownPoller, ...pid }), channel: of, ...shown(ms, at) })
    const next = step(
      state,
      evidence({
        ...{ at, run: current, health: state.health, session: { ...session, channels: [telegram, its] } },
        client: change.client?.(at) ?? client(),
        obstacles: change.missing?.(ms, at) ?? [],
        channels: [seen(telegram, first), seen(its, second)],
      }),
      at,
    )
    state = next.state
    verdicts.push({ at, verdict: next.verdict })
    thieves += next.effects.filter((effect) => effect.do === 'end-poller').length
    const end = next.effects.find((effect) => effect.do === 'end-client')
    if (end?.do === 'end-client') {
      ends.push({ at: at - noon, fresh: end.fresh, ended: end.ended })
      current = run({ run: `run-${ends.length + 1}`, resumed: !end.fresh, startedAt: at + 2 * seconds })
      at += 2 * seconds
    } else if (next.effects.some((effect) => effect.do === 'look-again')) at += 250
    else at += ms < 3 * minutes ? 2 * seconds : 30 * seconds
  }
  return { ends, thieves, state, verdicts }
}

export const hours = 60 * minutes
export const pausesOf = ({ ends }: Life): readonly number[] =>
  ends.slice(1).map(({ at }, i) => Math.round((at - (ends[i]?.at ?? 0)) / minutes))
/** For how long a channel was not live. */
export const deafMs = ({ verdicts }: Life, which: number): number =>
  verdicts.reduce((sum, { at, verdict }, i) => {
    const next = verdicts[i + 1]?.at ?? at
    return sum + (verdict.channels[which]?.state === 'live' ? 0 : next - at)
  }, 0)
export const second = ({ channels }: Verdict) => channels[1] ?? { state: 'live', reason: null, detail: null }
