import type { Evidence } from '../core/evidence.ts'
import type { World } from '../deps.ts'

/** How long a screen is kept (design, section 5). */
const keptMs = 7 * 24 * 3_600_000
/** A dialog that stands, or comes again and again, is kept once in this time. */
const againMs = 10 * 60_000
const pruneEveryMs = 3_600_000
const most = 20

/**
 * Keeps the screen of a dialog that nobody knows, for whoever adds it to the table. It is private: it lies in the
 * session's own folder, readable by its owner only, is named nowhere else, and is gone after a week. Throws an
 * ExpectedError (73, 77) where it cannot be written.
 */
export const createScreenKeeper = (world: Pick<World, 'files' | 'folders'>) => {
  const keptAt = new Map<string, number>()
  const prunedAt = new Map<string, number>()

  const prune = (folder: string, now: number): void => {
    const oldest = fileAt(now - keptMs)
    const names = world.files.list(folder).filter((name) => named.test(name))
    const kept = names.filter((name) => name >= oldest).sort()
    for (const name of names) if (!kept.slice(-most).includes(name)) world.files.remove(`${folder}/${name}`)
  }

  return ({ session: { name }, client, at }: Evidence): void => {
    const isDue = client?.dialog?.name === 'unknown-dialog' && isOver(keptAt.get(name), againMs, at)
    if (!isDue && !isOver(prunedAt.get(name), pruneEveryMs, at)) return
    const { folder, evidence } = world.folders.session(name)
    prunedAt.set(name, at)
    // Removed while this was under way: it must not come back.
    if (isDue && world.files.isFolder(folder)) {
      keptAt.set(name, at)
      world.files.writeText(`${evidence}/${fileAt(at)}`, `${client.dialog.text}\n`)
    }
    prune(evidence, at)
  }
}

/** Also where the clock was set back. */
const isOver = (since: number | undefined, ms: number, now: number): boolean =>
  since === undefined || Math.abs(now - since) >= ms

/** Sorts by time. */
const fileAt = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 19).replaceAll(':', '-')}-unknown-dialog.txt`
const named = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-unknown-dialog\.txt$/
