import type { World } from '../deps.ts'

/** Says what went wrong, once in ten minutes, however the clock is set: a fault that lasts would fill the journal with itself. */
export const journalFault = (world: World, session: string | null, what: string, error: unknown): void => {
  const detail = error instanceof Error ? error.message : String(error)
  const key = `${session} ${what} ${detail}`
  const now = world.clock.elapsed()
  if (now - (said.get(key) ?? Number.NEGATIVE_INFINITY) < repeatMs) return
  if (said.size > 1_000) said.clear()
  said.set(key, now)
  world.journal.append(session, { type: 'fault', what, detail })
}

const said = new Map<string, number>()
const repeatMs = 10 * 60_000
