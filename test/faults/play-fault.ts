import { isReason } from '../../src/core/reasons.ts'
import { until } from '../sim/until.ts'
import { journal } from '../sim/watch.ts'
import { expectEcho, live, type Machine } from '../simulated/faults/kit.ts'
import { examineFault, examineMended } from './examine-fault.ts'
import type { Fault, Scene } from './fault.ts'
import { boundOf, whatIsWrong } from './judge-row.ts'
import type { Result } from './results.ts'
import { type Sighting, type Watch, watchSession } from './watch-fault.ts'

/** A fault that is not named in its time is waited for this much longer, to say in the table when it was. */
const lateMs = 20_000
/** A real client has a second of work with each, and others their share of the machine. */
const answerMs = 45_000
/** Long enough for a keeper to have looked three times, where nothing may be said at all. */
const silenceMs = 6_000

/** Breaks one session in one home and follows what is said of it until it is live again, or should be. */
export const playFault = async (fault: Fault, home: Machine): Promise<Result> => {
  const scene = await fault.open(home)
  if (scene === null) return untried(fault)
  if (fault.when === 'live') await bringUp(home, scene.ward)
  const watch = watchSession(home, scene)
  try {
    return await follow(fault, scene, watch, await begin(fault, scene, home), home)
  } finally {
    await watch.stop()
    await scene.close?.()
  }
}

const untried = ({ name, says: expected }: Fault): Result => ({
  ...{ name, expected, said: ['not tried: it takes rights to mount'], wrong: null },
  ...{ namedS: null, withinS: null, backS: null, answered: null },
})

/** Live, with a conversation that can be resumed, and seen live by the keeper: it journals changes only. */
const bringUp = async (home: Machine, ward: Scene['ward']): Promise<void> => {
  const up = await home.channels(['up', ward.name, '--no-listen'])
  if (up.code !== 0) throw new Error(`up ${ward.name} ended with ${up.code}: ${up.stdout}${up.stderr}`)
  await echo(ward, 'before')
  await live(home, ward.name)
  await until('the keeper to have seen it live', () => {
    const last = journal(home).findLast((entry) => entry.type === 'state')
    return last?.type === 'state' && last.to === 'live'
  })
}

/** In ms since 1970. */
type Times = {
  /** What was said since then counts. */
  readonly broken: number
  /** When the fault was there. */
  readonly began: number
}

const begin = async (fault: Fault, scene: Scene, home: Machine): Promise<Times> => {
  const before = Date.now()
  const at = await scene.break()
  const broken = typeof at === 'number' ? at : before
  if (fault.when === 'start')
    await home.channels(['up', scene.ward.name, '--no-wait', '--no-listen'], { env: scene.env?.() ?? {} })
  if (scene.appears !== undefined) {
    await scene.appears()
    return { broken, began: Date.now() }
  }
  // What nobody wants lacks nothing: the command itself takes its time on a busy machine.
  const asked = journal(home).findLast((entry) => entry.type === 'asked' && entry.what === 'up')
  return { broken, began: fault.when === 'start' ? Math.max(broken, asked?.at ?? 0) : broken }
}

const follow = async (
  fault: Fault,
  scene: Scene,
  watch: Watch,
  { broken, began }: Times,
  home: Machine,
): Promise<Result> => {
  const withinS = boundOf(fault)
  const named =
    withinS === null
      ? await watch.until(({ at, reason }) => at >= began && reason !== null, silenceMs).then(() => null)
      : await watch.until((each) => each.at >= broken && says(each, fault.says), withinS * 1_000 + lateMs)
  // What heals by itself may be over by then.
  const lasts = named !== null && fault.heals !== 'by itself'
  const examined = lasts ? await examineFault(fault, home, scene) : null
  const mendedAt = fault.heals === 'once mended' ? Date.now() : began
  if (fault.heals === 'once mended') await scene.mend?.()
  const back =
    fault.heals === 'never' ? null : await untilBack(fault, watch, Math.max(mendedAt, named?.at ?? 0))
  const answered = back === null ? null : await isAnswered(scene.ward)
  const said = saidIn(
    fault,
    watch.sightings().filter(({ at }) => at >= broken),
  )
  const result = {
    name: fault.name,
    expected: fault.says,
    said,
    namedS: named === null ? null : Math.max(0, named.at - began) / 1_000,
    withinS,
    backS: back === null ? null : Math.max(0, back.at - mendedAt) / 1_000,
    answered,
  }
  const wrong = whatIsWrong(fault, result) ?? (await complaint(scene)) ?? examined
  return { ...result, wrong: wrong ?? (lasts && back !== null ? await examineMended(home, scene) : null) }
}

const says = ({ reason, ended, remarks }: Sighting, name: Fault['says']): boolean =>
  name === null ? false : isReason(name) ? reason === name || ended === name : remarks.includes(name)

/** Live by status, which is what a person is told; by the journal where the keeper saw it first and nothing is left to say. */
const untilBack = (fault: Fault, watch: Watch, after: number): Promise<Sighting | null> => {
  const isRemark = fault.says !== null && !isReason(fault.says)
  const isBack = ({ by, state, remarks }: Sighting) =>
    state === 'live' && (!isRemark || (by === 'status' && !remarks.some((each) => each === fault.says)))
  return watch.until((each) => each.at > after && isBack(each), (fault.backS ?? 30) * 1_000)
}

const isAnswered = (ward: Scene['ward']): Promise<boolean> =>
  echo(ward, 'after').then(
    () => true,
    () => false,
  )

const echo = (ward: Scene['ward'], text: string): Promise<void> =>
  'echo' in ward ? ward.echo(text, answerMs) : expectEcho(ward, text, answerMs)

/** Remarks only where one is what is waited for: that no keeper is there yet is true of every start. */
const saidIn = (fault: Fault, sightings: readonly Sighting[]): readonly string[] => [
  ...new Set(
    sightings.flatMap(({ reason, ended, remarks }): readonly string[] => [
      ...(ended === null ? [] : [ended]),
      ...(reason === null ? [] : [reason]),
      ...remarks.filter((remark) => remark === fault.says),
    ]),
  ),
]

const complaint = async ({ check }: Scene): Promise<string | null> => {
  try {
    await check?.()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
