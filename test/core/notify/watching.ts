import type { Evidence } from '../../../src/core/evidence.ts'
import { type MachineState, newHealth, step } from '../../../src/core/machine.ts'
import type { Notice } from '../../../src/core/notify/notice.ts'
import { emptyWatch, notify, type Watch } from '../../../src/core/notify/notify.ts'
import { withoutUntold } from '../../../src/core/notify/untold.ts'
import type { Health } from '../../../src/core/records.ts'
import type { NotifySettings, Session } from '../../../src/core/session.ts'
import { evidence, noon, session } from '../evidence-builder.ts'

export const toAda = { channel: session.channels[0]?.id ?? '', sender: '42' }

/** The session of evidence, which tells somebody. */
export const telling = (change: Partial<NotifySettings> = {}): Session => ({
  ...session,
  notify: { to: toAda, command: null, quiet: null, ...change },
})

/** A keeper that looks every two seconds, as `keeper/keep.ts` does, from noon on. */
export const watching = (settings: Partial<NotifySettings> = {}, start = noon) => {
  let state: MachineState = { health: newHealth(start), suspicion: null }
  let watch: Watch = emptyWatch
  let now = start
  let condition: string | null = null
  const told: Notice[] = []
  const look = (change: Partial<Evidence>): void => {
    const whole = evidence(change)
    const seen: Evidence = {
      ...whole,
      ...{ at: now, session: telling(settings), health: state.health },
      // The platform is asked each minute.
      channels: whole.channels.map((each) => ({
        ...each,
        platform: each.platform === null ? null : { ...each.platform, at: now },
      })),
    }
    const stepped = step(state, seen, now)
    const said = notify(watch, { evidence: seen, verdict: stepped.verdict, health: stepped.state.health })
    state = { ...stepped.state, health: { ...stepped.state.health, notified: said.notified } }
    watch = said.watch
    condition = said.condition
    told.push(...said.notices)
  }
  return {
    /** Is so for a while; hands back what was told meanwhile. */
    sees: (change: Partial<Evidence>, forMs: number, everyMs = 2_000): readonly Notice[] => {
      const before = told.length
      for (const end = now + forMs; now < end; now += everyMs) look(change)
      return told.slice(before)
    },
    /** The clock is set, or the machine sleeps. */
    jumps: (byMs: number): void => {
      now += byMs
    },
    /** What is written down of it otherwise. */
    knows: (change: Partial<Health>): void => {
      state = { ...state, health: { ...state.health, ...change } }
    },
    /** What was to be told was given up before anybody got it. */
    gaveUp: (notice: Notice | undefined): void => {
      if (notice === undefined) throw new Error('nothing was to be told')
      const notified = withoutUntold(state.health.notified, notice)
      state = { ...state, health: { ...state.health, notified } }
    },
    /** Another keeper takes over, who knows what was written down. */
    takesOver: (): void => {
      watch = emptyWatch
      state = { health: state.health, suspicion: null }
    },
    now: () => now,
    /** What it was called at the last look. */
    condition: () => condition,
    health: () => state.health,
    told: () => told,
  }
}
