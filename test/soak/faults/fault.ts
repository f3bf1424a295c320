import type { ReasonName, State } from '../../../src/core/reasons.ts'
import type { Home } from '../../sim/home.ts'
import type { Ward } from '../../sim/ward.ts'
import type { Loss } from '../accountant.ts'

export type Scene = { readonly home: Home; readonly ward: Ward; readonly forMs: number }

/** What was done, and what puts it right again. */
export type Done = {
  /** Null where nothing is to be mended. */
  readonly mend: (() => Promise<void>) | null
  /** When it was first felt, in milliseconds since 1970; at once when absent, null for never. */
  readonly feltAt?: () => number | null
  /** Whether it passed before it was mended. */
  readonly isOver?: () => boolean
}

/** Nothing was there to be hit: the session was just being started, or somebody was quicker. */
export type Missed = { readonly missed: string }

export type Fault = {
  /** What `status` may call it, the likeliest first: reasons and states. None: it need not be noticed. */
  readonly named: readonly (ReasonName | State)[]
  /** How long it is kept at least and at most, in milliseconds; 0 for what needs no mending. */
  readonly forMs: readonly [number, number]
  /**
   * Until when the session would not answer, and so is not to be called live: until another client listens, or until it
   * was mended, if that is sooner. Null: it goes on answering, or comes back by itself nobody sees when.
   */
  readonly deaf: 'until-restart' | 'until-mended' | null
  /** What it takes by nature. */
  readonly loses: Loss
  /** Whether what Claude answers meanwhile may not get out. */
  readonly mutes: boolean
  /** Whom it hits. */
  readonly hits: 'session' | 'everybody'
  readonly provoke: (scene: Scene) => Promise<Done | Missed>
}
