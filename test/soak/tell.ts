import type { Account, Named } from './accountant.ts'
import type { Flatness } from './memory.ts'
import type { Plan, PlannedFault } from './plan.ts'
import type { PlayedFault } from './play.ts'
import type { Recovery } from './recovery.ts'
import type { Memory } from './watch.ts'

/** The words of a soak, one function for each thing that is told. All pure. */

export const tellPlan = ({ faults, messages, totalMs, quietFromMs }: Plan): string =>
  [
    `Plan: ${messages.length} messages and ${faults.length} faults in ${seconds(totalMs)}, no fault after ${seconds(quietFromMs)}:`,
    ...faults.map((fault) => `  ${tellPlanned(fault)}`),
  ].join('\n')

const tellPlanned = ({ atMs, session, kind, forMs }: PlannedFault): string =>
  `${seconds(atMs).padStart(7)}  ${session}  ${kind}${forMs === 0 ? '' : `, for ${seconds(forMs)}`}`

export const tellPlayed = (fault: PlayedFault): string =>
  `${tellPlanned(fault)}${fault.missed === null ? (fault.feltAt === null ? ': nobody felt it' : '') : `: missed (${firstLine(fault.missed)})`}`

const firstLine = (text: string): string => text.split('\n')[0] ?? ''

export const tellAccount = (account: Account): string =>
  [
    `Messages: ${account.pushed} sent, ${account.answered} answered, ${account.twice.length} of them more than once (${sum(account.twice.map(({ times }) => times - 1))} duplicates).`,
    `  Worked on, but the answer did not get out: ${account.unsent.length}${listed(account.unsent)}`,
    `  Named as unanswered: ${account.unanswered.length}${named(account.unanswered)}`,
    `  Named as maybe lost: ${account.maybeLost.length}${named(account.maybeLost)}`,
    `  Unaccounted for: ${account.unaccounted.length}${listed(account.unaccounted.map(({ id }) => id))}`,
  ].join('\n')

const listed = (ids: readonly string[]): string => (ids.length === 0 ? '' : ` (${ids.join(', ')})`)

const named = (each: readonly Named[]): string => listed(each.map(({ id, gap }) => `${id} by ${gap.reason}`))

export const tellMemory = (memory: readonly Memory[], flat: Flatness | null): string => {
  const [first, last] = [memory[0], memory.at(-1)]
  if (first === undefined || last === undefined) return 'Keeper: never seen.'
  const quarters =
    flat === null
      ? 'too short to tell whether it is flat'
      : `mean of the second quarter ${flat.second.toFixed(1)}, of the last ${flat.last.toFixed(1)}: ${flat.isFlat ? 'flat' : 'NOT FLAT'}`
  return `Keeper: ${first.mib.toFixed(1)} MiB first, ${last.mib.toFixed(1)} MiB last; ${quarters}. Processes: ${first.processes} first, ${Math.max(...memory.map(({ processes }) => processes))} at most, ${last.processes} last.`
}

export const tellFalselyLive = (recoveries: readonly Recovery[], began: number): readonly string[] =>
  recoveries.flatMap(({ fault, falselyLive }) =>
    falselyLive === null || fault.feltAt === null
      ? []
      : [
          `${fault.session} was called live ${seconds(falselyLive.askedAt - fault.feltAt)} after ${fault.kind} (at ${seconds(falselyLive.askedAt - began)}, ${new Date(falselyLive.askedAt).toISOString()})`,
        ],
  )

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`
