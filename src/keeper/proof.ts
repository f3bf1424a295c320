import type { Evidence } from '../core/evidence.ts'
import { type Exchange, type ExchangeRows, emptyExchangeRows, listExchanges } from '../core/exchange.ts'
import type { Session } from '../core/session.ts'
import type { Claude, World } from '../deps.ts'

/** What it takes of the world. */
export type ProofWorld = Pick<World, 'createTail'> & {
  readonly claude: Pick<Claude, 'findTranscript' | 'sessionPaths'> & {
    readonly foldExchanges: (rows: ExchangeRows, line: string) => ExchangeRows
  }
}

/**
 * A reader of the messages that reached a session's present conversation since a time (ms since 1970), and of their
 * answers: newest last, none while there is no transcript. Each call reads what is new, and goes to another transcript
 * when the conversation moves. Throws an ExpectedError (77) for a transcript that may not be read.
 */
export const createProofReader = (world: ProofWorld) => {
  const known = new Map<string, Known>()
  return (session: Session, evidence: Evidence, sinceMs: number): readonly Exchange[] => {
    const id = evidence.client?.file?.conversation ?? evidence.run?.conversation ?? null
    const before = known.get(session.name)
    const current = before !== undefined && before.id === id ? before : open(world, session, id)
    if (current === null) return []
    const rows = current.tail.read().reduce(world.claude.foldExchanges, current.rows)
    known.set(session.name, { ...current, rows })
    return listExchanges(rows).filter(({ at }) => at >= sinceMs)
  }
}

type Known = {
  readonly id: string
  readonly tail: { read(): readonly string[] }
  readonly rows: ExchangeRows
}

/** A first message and its answer take a few KiB, and 50 where the client notes down its prompt (2.1.330). */
const fromEndBytes = 256 * 1024

const open = (world: ProofWorld, session: Session, id: string | null): Known | null => {
  const file = id === null ? null : world.claude.findTranscript(world.claude.sessionPaths(session), id)
  if (id === null || file === null) return null
  return { id, tail: world.createTail(file, { fromEndBytes }), rows: emptyExchangeRows }
}
