import type { DialogName, McpLog, Transcript } from '../../../src/core/client.ts'
import type { LoginEvidence } from '../../../src/core/evidence.ts'
import type { MachineState } from '../../../src/core/machine.ts'
import { emptyWatch, type Watch } from '../../../src/core/notify/notify.ts'
import type { ProcessId } from '../../../src/core/process.ts'
import type { Exit, Gap, Health, Orders, Run, Wanted } from '../../../src/core/records.ts'
import type { Session } from '../../../src/core/session.ts'
import type { Verdict } from '../../../src/core/verdict.ts'
import { noon } from '../evidence-builder.ts'
import type { Trace } from './trace.ts'

/** What can be wrong with the world, for as long as it is there; the number is its own, mostly after how many ms it strikes. */
export type Cause =
  | 'crash'
  | 'plugin-dies'
  | 'plugin-fails'
  | 'plugin-never'
  | 'plugin-stops'
  | 'plugin-deaf'
  | 'no-token-seen'
  | 'thief'
  | 'login'
  | 'limit'
  | 'model'
  | 'token-rejected'
  | 'network'
  | 'webhook'
  | 'gate'
  | 'bun-missing'
  | 'folder-missing'
  | 'client-missing'
  | 'launch'
  | 'slow-close'
  | 'unkillable'
  | 'terminal-dies'
  | 'replaced'

export type Plugin = {
  readonly process: ProcessId
  readonly writtenAt: number
  alive: boolean
  suspended: boolean
  drains: boolean
}

export type Client = {
  readonly process: ProcessId
  readonly run: string
  readonly conversation: string
  readonly startedAt: number
  readonly startedReal: number
  alive: boolean
  /** SIGTERM was sent: it closes. */
  closing: boolean
  suspended: boolean
  replaced: boolean
  file: boolean
  dialog: DialogName | null
  /** What it does between two turns. */
  resting: 'idle' | 'shell' | 'unknown'
  /** Real time at which its turn ends; null between two. */
  turnEnds: number | null
  prompt: 'permission prompt' | 'question' | null
  /** When it asked that. */
  askedAt: number | null
  plugin: Plugin | null
  log: McpLog | null
}

export type Loop = {
  readonly process: ProcessId
  alive: boolean
  /** While it waits: seconds left, and until when by the clock. */
  pause: { left: number; readonly until: number } | null
  backOff: number
  client: Client | null
}

export type Keeper = {
  /** Which life of it: what an earlier one had begun is cut off with it. */
  life: number
  alive: boolean
  state: MachineState | null
  watch: Watch
  busy: boolean
  probing: boolean
  probeAt: number
  lookAt: number | null
}

export type World = {
  readonly session: Session
  /** Milliseconds the machine has been awake, has slept, and by which its clock is wrong. */
  awake: number
  slept: number
  skew: number
  readonly agenda: Due[]
  readonly chance: () => number
  readonly nextPid: () => number
  wanted: Wanted | null
  orders: Orders | null
  run: Run | null
  exit: Exit | null
  health: Health | null
  launchFailed: { readonly status: number; readonly at: number } | null
  wake: boolean
  launching: boolean
  /** All is being taken down: no keeper begins, and commands wait. */
  stopping: boolean
  attached: number
  credentialsAt: number
  checked: LoginEvidence['checked']
  readonly loops: Loop[]
  readonly clients: Client[]
  readonly transcripts: Map<string, Transcript>
  readonly causes: Map<Cause, number>
  startsWith: DialogName | null
  readonly keeper: Keeper
  pending: number
  stolen: number
  thief: ProcessId | null
  deaf: string | null
  deafSince: number | null
  waitingAloneSince: number | null
  /** How much of the trace its keeper has been hurried for. */
  traced: number
  /** What its keeper took it for last. */
  verdict: Verdict | null
  /** Gaps that are no longer kept. */
  readonly oldGaps: Gap[]
  readonly trace: Trace[]
}

type Due = { readonly at: number; readonly happens: () => void }

export const newWorld = (session: Session, seed: number): World => {
  let pid = 1000
  let state = seed % 2_147_483_647 || 1
  return {
    session,
    ...{ awake: 0, slept: 0, skew: 0, agenda: [] },
    chance: () => {
      state = (state * 48_271) % 2_147_483_647
      return state / 2_147_483_647
    },
    nextPid: () => {
      pid += 1
      return pid
    },
    ...{ wanted: null, orders: null, run: null, exit: null, health: null, launchFailed: null },
    ...{
      wake: false,
      launching: false,
      stopping: false,
      attached: 0,
      credentialsAt: noon - 1_000,
      checked: null,
    },
    ...{ loops: [], clients: [], transcripts: new Map(), causes: new Map(), startsWith: null },
    keeper: {
      life: 0,
      alive: false,
      state: null,
      watch: emptyWatch,
      busy: false,
      probing: false,
      probeAt: 0,
      lookAt: null,
    },
    ...{
      pending: 0,
      stolen: 0,
      thief: null,
      deaf: 'no-client',
      deafSince: 0,
      waitingAloneSince: null,
      traced: 0,
      verdict: null,
    },
    ...{ oldGaps: [], trace: [] },
  }
}

/** The wall clock of the world, ms since 1970. */
export const clockOf = ({ awake, slept, skew }: World): number => noon + awake + slept + skew
/** How long the world has been there, whatever its clock says. */
export const realOf = ({ awake, slept }: World): number => awake + slept

export const newProcess = (world: World): ProcessId => {
  const pid = world.nextPid()
  return { pid, start: `${pid}` }
}

/** Lets something happen after so many ms of the machine being awake. */
export const after = ({ agenda, awake }: World, ms: number, happens: () => void): void => {
  const at = awake + ms
  let i = agenda.length
  while (i > 0 && (agenda[i - 1]?.at ?? 0) <= at) i -= 1
  agenda.splice(i, 0, { at, happens })
}

/** Lets the world go on for so many ms; `observe` is called after each thing that happens. */
export const pass = (world: World, ms: number, observe: () => void): void => {
  const end = world.awake + ms
  for (let next = world.agenda.at(-1); next !== undefined && next.at <= end; next = world.agenda.at(-1)) {
    world.agenda.pop()
    world.awake = next.at
    next.happens()
    observe()
  }
  world.awake = end
}

type Untimed = Trace extends infer T ? (T extends Trace ? Omit<T, 'real'> : never) : never
export const note = (world: World, what: Untimed): void =>
  void world.trace.push({ real: realOf(world), ...what } as Trace)
