import type { RetryLine, Transcript } from '../core/client.ts'
import type { Session } from '../core/session.ts'
import type { LookWorld } from '../deps.ts'
import { terminalPlace } from './terminal.ts'

/** An answer that takes this long may be one that is waited for in vain: a limit shows in no other way (2.1.330). */
const longMs = 10_000
/** The terminal is asked this often meanwhile. */
const againMs = 10_000

type Looked = { readonly askedAt: number; readonly at: number; readonly line: RetryLine | null }

/**
 * Reads why a client asks the model API again, off its screen, only while the API owes it an answer: its transcript
 * shows that it asks, and not what it was told. The screen itself is kept nowhere.
 */
export const createRetryReader = (world: Pick<LookWorld, 'clock' | 'multiplexer' | 'folders' | 'claude'>) => {
  const known = new Map<string, Looked>()
  return async (session: Session, transcript: Transcript | null): Promise<RetryLine | null> => {
    const retrying = transcript?.retrying ?? null
    const now = world.clock.now()
    if (retrying === null || (retrying.times === 0 && now - retrying.at < longMs)) return null
    const before = known.get(session.name)
    if (before?.askedAt === retrying.at && Math.abs(now - before.at) < againMs) return before.line
    const multiplexer = await world.multiplexer(session.multiplexer)
    const screen = await multiplexer.capture(terminalPlace(world, session.name), { history: 0 })
    const line = screen.is === 'yes' ? world.claude.readRetryLine(screen.value, now) : null
    known.set(session.name, { askedAt: retrying.at, at: now, line })
    return line
  }
}
