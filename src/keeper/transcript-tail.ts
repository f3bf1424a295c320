import type { ClientPaths } from '../core/client.ts'
import type { Session } from '../core/session.ts'
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
  const missing = new Map<string, Missing>()
  return ({ name, cwd }: Pick<Session, 'name' | 'cwd'>, paths: ClientPaths, id: string): Folded | null => {
    const before = known.get(name)
    const lacked = missing.get(name)
    const looks = lacked?.id === id ? lacked.looks : 0
    const only = looks % everywhereEvery !== 0
    const current = before?.id === id ? before : open(world, paths, id, { cwd, only }, empty)
    if (current === null) {
      missing.set(name, { id, looks: looks + 1 })
      return null
    }
    missing.delete(name)
    let { folded } = current
    for (const line of current.tail.readAll()) folded = fold(folded, line)
    known.set(name, { ...current, folded })
    return folded
  }
}

/** It appears with the first message, and seldom elsewhere than it should: every folder is searched at the first look, then now and then. */
const everywhereEvery = 8

type Missing = { readonly id: string; readonly looks: number }

type Known<Folded> = {
  readonly id: string
  readonly tail: Tail
  readonly folded: Folded
}

const open = <Folded>(
  world: TranscriptWorld,
  paths: ClientPaths,
  id: string,
  place: { readonly cwd: string; readonly only: boolean },
  empty: Folded,
): Known<Folded> | null => {
  const file = world.claude.findTranscript(paths, id, place)
  return file === null ? null : { id, tail: world.createTail(file, { fromEndBytes, skim }), folded: empty }
}
