import { setMaxListeners } from 'node:events'
import type { Home } from '../sim/home.ts'
import type { Ward } from '../sim/ward.ts'
import type { Done } from './faults/fault.ts'
import { faults } from './faults/table.ts'
import type { Plan, PlannedFault, PlannedMessage } from './plan.ts'

export type PlayedFault = PlannedFault & {
  /** When it was begun to be done. Times in milliseconds since 1970. */
  readonly at: number
  /** When it was felt; null for never. */
  readonly feltAt: number | null
  /** When mending it began. */
  readonly mendedAt: number | null
  /** When it was seen to have passed by itself; null where it was not, or nobody looked. */
  readonly overAt: number | null
  /** Why it did not happen, or what went wrong in doing it. */
  readonly missed: string | null
}

export type PushedMessage = PlannedMessage & { readonly at: number }

export type Played = { readonly faults: readonly PlayedFault[]; readonly messages: readonly PushedMessage[] }

export type Stage = {
  readonly home: Home
  readonly wards: readonly Ward[]
  readonly cancelled: AbortSignal
  /** Hears of each fault when it is over. */
  readonly tell: (fault: PlayedFault) => void
}

/** Carries a plan out at its times; resolves when its time has passed and all is mended. Cancelled, it mends and ends. */
export const playPlan = async (plan: Plan, { home, wards, cancelled, tell }: Stage): Promise<Played> => {
  // One for each fault that is still to come, and some more.
  setMaxListeners(0, cancelled)
  const began = Date.now()
  const messages: PushedMessage[] = []
  const until = (ms: number) => pause(began + ms - Date.now(), cancelled)
  const wardOf = (name: string): Ward => {
    const found = wards.find((ward) => ward.name === name)
    if (found === undefined) throw new Error(`no session ${name} on the stage`)
    return found
  }
  const writing = async (): Promise<void> => {
    for (const message of plan.messages) {
      await until(message.atMs)
      if (cancelled.aborted) return
      messages.push({ ...message, at: Date.now() })
      wardOf(message.session).bot.push(message.text)
    }
  }
  const play = async (planned: PlannedFault): Promise<PlayedFault | null> => {
    await until(planned.atMs)
    if (cancelled.aborted) return null
    const played = await playFault(planned, home, wardOf(planned.session), cancelled)
    tell(played)
    return played
  }
  const [played] = await Promise.all([Promise.all(plan.faults.map(play)), writing(), until(plan.totalMs)])
  return { faults: played.filter((each) => each !== null), messages }
}

const playFault = async (
  planned: PlannedFault,
  home: Home,
  ward: Ward,
  cancelled: AbortSignal,
): Promise<PlayedFault> => {
  const at = Date.now()
  const nothing = { ...planned, at, feltAt: null, mendedAt: null, overAt: null, missed: null }
  try {
    const done = await faults[planned.kind]?.provoke({ home, ward, forMs: planned.forMs })
    if (done === undefined) throw new Error(`no fault is called ${planned.kind}`)
    if ('missed' in done) return { ...nothing, missed: done.missed }
    const overAt = await keep(done, planned.forMs, cancelled)
    // Whatever follows the first step of the mending may be well again.
    const mendedAt = done.mend === null ? null : Date.now()
    await done.mend?.()
    return { ...nothing, feltAt: done.feltAt === undefined ? at : done.feltAt(), mendedAt, overAt }
  } catch (error) {
    return { ...nothing, missed: `failed: ${error instanceof Error ? error.message : String(error)}` }
  }
}

/** Waits out a fault; when it was seen to have passed before that. */
const keep = async (
  { mend, isOver }: Done,
  forMs: number,
  cancelled: AbortSignal,
): Promise<number | null> => {
  if (mend === null) return null
  const ends = Date.now() + forMs
  let overAt: number | null = null
  while (Date.now() < ends && !cancelled.aborted) {
    if (overAt === null && isOver?.()) overAt = Date.now()
    await pause(isOver === undefined ? ends - Date.now() : 100, cancelled)
  }
  return overAt
}

const pause = (ms: number, cancelled: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      cancelled.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, Math.max(0, ms))
    cancelled.addEventListener('abort', end)
    if (cancelled.aborted) end()
  })
