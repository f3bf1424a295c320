import type { ExitClass } from './exit.ts'
import type { ProcessId } from './process.ts'
import { isReason, reasons } from './reasons.ts'
import type { Run } from './records.ts'

export type Waiting = NonNullable<Run['waiting']>

export type LaunchWait = {
  readonly do: 'wait'
  readonly run: Run | null
  readonly waiting: Waiting
  readonly seconds: number
  readonly sentence: string
  readonly exit: ExitClass | null
}

/** The decision to wait: recorded in the run, with its seconds and a sentence for the terminal. */
export const wait = (
  facts: { readonly session: string; readonly loop: ProcessId; readonly now: number },
  run: Run | null,
  exit: ExitClass | null,
  waiting: Waiting,
): LaunchWait => ({
  do: 'wait',
  run: { ...(run ?? nothingYet), loop: facts.loop, waiting },
  waiting,
  seconds: Math.max(1, Math.ceil((waiting.until - facts.now) / 1_000)),
  sentence: waitingSentence(facts.session, waiting),
  exit,
})

/** Before the first start: says which loop is there, and for what it waits. */
const nothingYet: Omit<Run, 'loop'> = {
  format: 1,
  run: '',
  machine: null,
  protocol: 1,
  generation: -1,
  conversation: '',
  resumed: false,
  cwd: null,
  botIds: null,
  interrupted: false,
  startedAt: 0,
  waiting: null,
  streak: 0,
  restarts: 0,
  exits: [],
}

const waitingSentence = (session: string, { reason, detail }: Waiting): string => {
  // A reason of a later release may stand in the record.
  const what = isReason(reason) ? reasons[reason].sentence : 'Held back by the keeper.'
  return `${session}: ${what}${detail === null ? '' : ` (${detail})`}`
}
