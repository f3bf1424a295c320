import type { Report } from '../../src/core/report.ts'
import { listenForCancel } from '../demo/cancel.ts'
import { findProgram, missing } from '../demo/requirements.ts'
import type { Home } from '../sim/home.ts'
import { until } from '../sim/until.ts'
import type { Ward } from '../sim/ward.ts'
import { readArguments, usage } from './arguments.ts'
import { tellJournal, tellTrace } from './around.ts'
import { closeStage } from './close.ts'
import { faults } from './faults/table.ts'
import { findOut } from './find-out.ts'
import { judgeMemory } from './memory.ts'
import { type Plan, planOf } from './plan.ts'
import { type Played, playPlan } from './play.ts'
import { openStage, policyOf, sessionNames } from './stage.ts'
import { tellRecoveries } from './table.ts'
import { seconds, tellAccount, tellFalselyLive, tellMemory, tellPlan, tellPlayed } from './tell.ts'
import { startWatch } from './watch.ts'

/**
 * Plays a soak and says what came of it. Answers the exit status: 0 when all holds, 1 when something does not, 2 for
 * wrong arguments, 69 when something needed is missing, 130 when cancelled.
 */
export const perform = async (words: readonly string[]): Promise<number> => {
  const wanted = readArguments(words)
  if ('fault' in wanted) return refuse(2, `${wanted.fault}\n${usage}`)
  const tmux = findProgram('tmux', process.env.PATH ?? '')
  const lacking = missing({ platform: process.platform, tmux })
  if (lacking !== null || tmux === null) return refuse(69, lacking ?? '')
  const cancelled = listenForCancel(process, process.stdout)
  const sessions = sessionNames(wanted.sessions)
  const unknown = wanted.kinds?.find((name) => !Object.hasOwn(faults, name))
  if (unknown !== undefined)
    return refuse(2, `No fault is called ${unknown}: there are ${Object.keys(faults).join(', ')}.`)
  const kinds = Object.entries(faults)
    .filter(([name]) => wanted.kinds?.includes(name) ?? true)
    .map(([name, { forMs }]) => ({ name, forMs }))
  const plan = planOf({ ...wanted, sessions, kinds })
  say(`Soak: ${wanted.minutes} min, seed ${wanted.seed}, ${sessions.length} sessions.`)
  say(tellPlan(plan))
  const { home, wards } = await openStage(tmux, sessions)
  const wrong: string[] = []
  try {
    wrong.push(...(await play(home, wards, plan, cancelled)))
  } catch (error) {
    wrong.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  wrong.push(...(await closeStage(home)))
  if (cancelled.aborted) return refuse(130, `Cancelled (${cancelled.reason}).`)
  for (const text of wrong) say(`WRONG: ${text}`)
  say(wrong.length === 0 ? 'All holds.' : `${wrong.length} wrong.`)
  return wrong.length === 0 ? 0 : 1
}

/** Plays, waits until all is answered, and tells. Hands back what is wrong, a sentence each. */
const play = async (
  home: Home,
  wards: readonly Ward[],
  plan: Plan,
  cancelled: AbortSignal,
): Promise<readonly string[]> => {
  const [first] = wards
  if (first !== undefined) say(`Restart policy of each: ${await policyOf(home, first.name)}`)
  const watch = startWatch(home)
  const began = Date.now()
  const tell = (fault: Played['faults'][number]) =>
    say(`  ${seconds(Date.now() - began)}: ${tellPlayed(fault)}`)
  const played = await playPlan(plan, { home, wards, cancelled, tell })
  if (!cancelled.aborted) await settle(wards, played, watch.last, cancelled)
  const watched = await watch.stop()
  if (cancelled.aborted) return []
  const { account, recoveries } = findOut(home, wards, played, watched)
  const flat = judgeMemory(watched.memory)
  say(tellRecoveries(recoveries))
  say(tellAccount(account))
  say(tellMemory(watched.memory, flat))
  for (const { id, session, at } of account.unaccounted)
    say(
      `${id}, written at ${new Date(at).toISOString()}:\n${tellTrace(home, wards, id)}\n${tellJournal(home, session, at)}`,
    )
  for (const { fault, falselyLive } of recoveries)
    if (falselyLive !== null)
      say(`${fault.kind}, ${fault.session}:\n${tellJournal(home, fault.session, falselyLive.askedAt)}`)
  const ill = watched.last?.sessions.filter(({ state }) => state !== 'live') ?? []
  return [
    ...account.unaccounted.map(({ id }) => `nobody knows what became of ${id}`),
    ...tellFalselyLive(recoveries, began),
    ...ill.map(({ name, state, reason, detail }) => `in the end ${name} is ${state} (${reason}: ${detail})`),
    ...watched.failures.map((failure) => `status did not answer: ${failure}`),
    ...(flat?.isFlat === false ? ['the keeper grew'] : []),
  ]
}

/** All live, and all that is to be answered is; so long at most. What is lost by nature never comes. */
const settleMs = 90_000
const quietMs = 8_000

const settle = async (
  wards: readonly Ward[],
  { messages }: Played,
  last: () => Report | null,
  cancelled: AbortSignal,
): Promise<void> => {
  const answered = () => wards.reduce((count, { bot }) => count + bot.sent().length, 0)
  let known = { count: answered(), at: Date.now() }
  const isDone = (): boolean => {
    if (cancelled.aborted) return true
    const count = answered()
    if (count !== known.count) known = { count, at: Date.now() }
    const isQuiet = count >= messages.length || Date.now() - known.at > quietMs
    if (!isQuiet || wards.some(({ bot }) => bot.pending() > 0)) return false
    const report = last()
    return report !== null && report.live === report.total
  }
  // What is still wrong then is found and said by those who look for it.
  const began = Date.now()
  await until('everybody to be live and at rest', isDone, settleMs).catch(() => undefined)
  say(`All came to rest after ${seconds(Date.now() - began)}.`)
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)

const refuse = (status: number, text: string): number => {
  process.stderr.write(`${text}\n`)
  return status
}
