import { serverInTools, serverName } from '../core/channel.ts'
import type { Evidence } from '../core/evidence.ts'
import {
  type Exchange,
  type ExchangeRows,
  emptyExchangeRows,
  listExchanges,
  ofServers,
} from '../core/exchange.ts'
import type { Session } from '../core/session.ts'
import type { Claude } from '../deps.ts'
import { createTranscriptTail, type TranscriptWorld } from './transcript-tail.ts'

/** What it takes of the world. */
export type ProofWorld = TranscriptWorld & {
  readonly claude: Pick<Claude, 'sessionPaths'> & {
    readonly foldExchanges: (rows: ExchangeRows, line: string) => ExchangeRows
  }
}

/**
 * A reader of the messages that reached a session's present conversation since a time (ms since 1970) by the channels it
 * is given with, which may be fewer than the session has, and of their answers: newest last, none while there is no
 * transcript. Each call reads what is new, and goes to another transcript when the conversation moves. Throws an
 * ExpectedError (77) for a transcript that may not be read.
 */
export const createProofReader = (world: ProofWorld) => {
  const read = createTranscriptTail(world, world.claude.foldExchanges, emptyExchangeRows)
  return (session: Session, evidence: Evidence, sinceMs: number): readonly Exchange[] => {
    const id = evidence.client?.file?.conversation ?? evidence.run?.conversation ?? null
    const rows = id === null ? null : read(session, world.claude.sessionPaths(session), id)
    if (rows === null) return []
    const servers = session.channels.map((channel) => serverInTools(serverName(channel)))
    return listExchanges(ofServers(rows, servers)).filter(({ at }) => at >= sinceMs)
  }
}
