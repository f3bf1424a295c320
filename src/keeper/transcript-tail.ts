import type { ClientPaths } from '../core/client.ts'
import type { Claude, Tail, World } from '../deps.ts'

/** What it takes of the world. */
export type TranscriptWorld = Pick<World, 'createTail'> & { readonly claude: Pick<Claude, 'findTranscript'> }

/** The end is enough: a message and its answer take a few KiB, 50 where the client notes down its prompt (2.1.330). */
const fromEndBytes = 256 * 1024
/** Of what comes in one go, as where the client writes the file anew, no more than takes 0.1 s to read. */
const skim = { headBytes: 0, tailBytes: 8 * 1024 * 1024, marks: [] } as const

/**
 * Follows the transcript of each session's conversation, folding only what is new since the last time; null while there
 * is none. Goes to another transcript, and begins anew, when the conversation moves.
 */
export const createTranscriptTail = <Folded>(
  world: TranscriptWorld,
  fold: (folded: Folded, line: string) => Folded,
  empty: Folded,
) => {
  const known = new Map<string, Known<Folded>>()
  return (session: string, paths: ClientPaths, id: string): Folded | null => {
    const before = known.get(session)
    const current = before?.id === id ? before : open(world, paths, id, empty)
    if (current === null) return null
    let { folded } = current
    for (const line of current.tail.readAll()) folded = fold(folded, line)
    known.set(session, { ...current, folded })
    return folded
  }
}

type Known<Folded> = {
  readonly id: string
  readonly tail: Tail
  readonly folded: Folded
}

const open = <Folded>(
  world: TranscriptWorld,
  paths: ClientPaths,
  id: string,
  empty: Folded,
): Known<Folded> | null => {
  const file = world.claude.findTranscript(paths, id)
  return file === null ? null : { id, tail: world.createTail(file, { fromEndBytes, skim }), folded: empty }
}
