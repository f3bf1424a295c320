import type { ReasonName } from '../../src/core/reasons.ts'
import type { Remark } from '../../src/core/remarks.ts'
import type { HomeOptions } from '../sim/home.ts'
import type { Machine, Ward } from '../simulated/faults/kit.ts'
import type { Way } from '../simulated/kinds/ways.ts'

/** A session, how it is broken, and how a person mends it. */
export type Scene = {
  /** A bot at Telegram, or the way that a session of another kind is talked to. */
  readonly ward: Ward | Way
  /** Hands back when the fault began, in ms since 1970, where that is not when it was called. */
  readonly break: () => unknown
  /** As the remedy says; absent where nobody has to do anything, or nobody can. */
  readonly mend?: () => unknown
  /** Waits until the fault is there, where it needs the client for that: only then its time begins. */
  readonly appears?: () => Promise<unknown>
  /** Of the commands that ask about it while it lasts, on top of the home's. */
  readonly env?: () => Readonly<Record<string, string>>
  /** By the real clock, where that of the home was set: a time that `status` or the journal told, in ms since 1970. */
  readonly toReal?: (told: number) => number
  /** Takes away what it put into the machine beyond the home. */
  readonly close?: () => unknown
  /** What else has to be so once the session is live again; throws when it is not. */
  readonly check?: () => unknown
}

/** One row of the table. */
export type Fault = {
  readonly name: string
  /** What `status --json` has to say: a reason, or a remark of a session that stays live; null: nothing at all. */
  readonly says: ReasonName | Remark | null
  /** What may be said on the way as well. Any other reason is a failure. */
  readonly passes?: readonly ReasonName[]
  /** What it is once its client was started anew, also in `passes`. A doctor that looks by then says that. */
  readonly becomes?: ReasonName
  /** Whether the real client is put through it, too. */
  readonly where: 'simulation' | 'both'
  /** How the session is when it is broken: live, or set up and then asked to come up. */
  readonly when: 'live' | 'start'
  readonly heals: 'by itself' | 'once mended' | 'never'
  /** How long being live again may take, in seconds; 30 when absent. */
  readonly backS?: number
  readonly home?: Partial<HomeOptions>
  /** Null: it takes rights that whoever runs this does not have. */
  readonly open: (home: Machine) => Promise<Scene | null>
}

/** Which client the faults are tried on. */
export type World = 'simulation' | 'real'
