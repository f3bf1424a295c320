import { type ClientPaths, emptyTranscript, type Transcript } from '../core/client.ts'
import type { World } from '../deps.ts'

type Known = { readonly id: string; readonly tail: { read(): readonly string[] }; transcript: Transcript }

/** What the end of a transcript tells is enough: deliveries, the queue, the last API failure. */
const fromEndBytes = 256 * 1024

/** Reads the tail of a conversation's transcript, only what is new since the last time; null while there is none. */
export const createTranscriptReader = (world: World) => {
  const known = new Map<string, Known>()
  return (session: string, paths: ClientPaths, id: string): Transcript | null => {
    const before = known.get(session)
    const current = before?.id === id ? before : open(world, paths, id)
    if (current === null) return null
    current.transcript = current.tail.read().reduce(world.claude.foldTranscript, current.transcript)
    known.set(session, current)
    return current.transcript
  }
}

const open = (world: World, paths: ClientPaths, id: string): Known | null => {
  const file = world.claude.findTranscript(paths, id)
  return file === null
    ? null
    : { id, tail: world.createTail(file, { fromEndBytes }), transcript: emptyTranscript }
}
