import type { Retrying, RetryLine, SessionFile, Transcript } from '../core/client.ts'
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
 * shows that it asks, and not what it was told, or, of some clients, nothing at all for as long. The screen itself is kept
 * nowhere.
 */
export const createRetryReader = (world: Pick<LookWorld, 'clock' | 'multiplexer' | 'folders' | 'claude'>) => {
  const known = new Map<string, Looked>()
  return async (
    session: Session,
    transcript: Transcript | null,
    file: SessionFile | null,
  ): Promise<RetryLine | null> => {
    const now = world.clock.now()
    const unwritten = file?.activity === 'busy' && world.claude.retriesUnwritten(file.version ?? '')
    const asked = transcript?.retrying ?? (unwritten ? silenceOf(transcript) : null)
    if (asked === null || (asked.times === 0 && now - asked.at < longMs)) return null
    const before = known.get(session.name)
    if (before?.askedAt === asked.at && Math.abs(now - before.at) < againMs) return before.line
    const multiplexer = await world.multiplexer(session.multiplexer)
    const screen = await multiplexer.capture(terminalPlace(world, session.name), { history: 0 })
    const line = screen.is === 'yes' ? world.claude.readRetryLine(screen.value, now) : null
    known.set(session.name, { askedAt: asked.at, at: now, line })
    return line
  }
}

/** Since when a turn has brought no row: an answer is owed, or a tool works. */
const silenceOf = (transcript: Transcript | null): Pick<Retrying, 'at' | 'times'> | null =>
  transcript === null || transcript.turn === null
    ? null
    : { at: Math.max(transcript.turn.at, transcript.lastRowAt ?? 0), times: 0 }
