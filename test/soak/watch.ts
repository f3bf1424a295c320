import { readFileSync } from 'node:fs'
import type { Report } from '../../src/core/report.ts'
import type { Home } from '../sim/home.ts'
import type { Gap } from './accountant.ts'

/** What `status --json` said of a session; the truth of it lies between the two times. */
export type Sample = {
  readonly session: string
  readonly askedAt: number
  readonly answeredAt: number
  readonly state: string
  readonly reason: string | null
}

export type Memory = { readonly at: number; readonly mib: number; readonly processes: number }

export type Watched = {
  readonly samples: readonly Sample[]
  readonly memory: readonly Memory[]
  /** Every gap that was ever told, as it was told last: `status` keeps the last ones only. */
  readonly gaps: readonly Gap[]
  /** Times it did not answer with a document, and what it said. */
  readonly failures: readonly string[]
  /** The last document. */
  readonly last: Report | null
}

const everyMs = 1_000

/** Asks `status --json` each second until told to stop. */
export const startWatch = (home: Home) => {
  const samples: Sample[] = []
  const memory: Memory[] = []
  const failures: string[] = []
  const gaps = new Map<string, Gap>()
  let last: Report | null = null
  let stopped = false

  const look = async (): Promise<void> => {
    const askedAt = Date.now()
    const report = await home.status()
    const answeredAt = Date.now()
    last = report
    for (const { name, state, reason, gaps: told } of report.sessions) {
      samples.push({ session: name, askedAt, answeredAt, state, reason })
      for (const gap of told) gaps.set(`${name} ${gap.from}`, readGap(name, gap))
    }
    if (report.keeper === null) return
    const mib = residentMib(report.keeper.pid)
    if (mib !== null) memory.push({ at: answeredAt, mib, processes: home.processes().length })
  }
  const watch = async (): Promise<void> => {
    while (!stopped) {
      const next = Date.now() + everyMs
      await look().catch((error: unknown) => failures.push(String(error)))
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - Date.now())))
    }
  }
  const watching = watch()
  return {
    last: () => last,
    stop: async (): Promise<Watched> => {
      stopped = true
      await watching
      await look().catch((error: unknown) => failures.push(String(error)))
      return { samples, memory, gaps: [...gaps.values()], failures, last }
    },
  }
}

type ToldGap = Report['sessions'][number]['gaps'][number]

const readGap = (session: string, { from, to, reason, unanswered, maybeLost }: ToldGap): Gap => ({
  session,
  from: Date.parse(from),
  to: to === null ? null : Date.parse(to),
  reason,
  unanswered,
  maybeLost,
})

/** Resident memory, null once the process is gone. */
const residentMib = (pid: number): number | null => {
  try {
    const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return kib === undefined ? null : Number(kib) / 1024
  } catch {
    return null
  }
}
