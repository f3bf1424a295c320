import { iso, isRecent } from '../core/duration.ts'
import type { Evidence } from '../core/evidence.ts'
import type { World } from '../deps.ts'

/** How long a screen is kept (design, section 5). */
const keptMs = 7 * 24 * 3_600_000
/** One that changes all the time is kept as often as this, at most. */
const againMs = 10_000
const pruneEveryMs = 3_600_000
const most = 20

type Kept = { readonly at: number; readonly text: string; readonly file: string }

/**
 * Keeps the screen of a dialog that nobody knows, for whoever adds it to the table. It is private: it lies in the
 * session's own folder, readable by its owner only, is named nowhere else, and is gone after a week. Throws an
 * ExpectedError (73, 77) where it cannot be written.
 */
export const createScreenKeeper = (world: Pick<World, 'files' | 'folders'>) => {
  const last = new Map<string, Kept>()
  const prunedAt = new Map<string, number>()

  const isNew = (name: string, text: string, at: number): boolean => {
    const kept = last.get(name)
    if (kept === undefined || !world.files.exists(kept.file)) return true
    return kept.text !== text && !isRecent(at - kept.at, againMs)
  }

  return ({ session: { name }, client, at }: Evidence): void => {
    const text = client?.dialog?.name === 'unknown-dialog' ? client.dialog.text : null
    const keeps = text !== null && isNew(name, text, at)
    if (!keeps && isRecent(at - (prunedAt.get(name) ?? Number.NEGATIVE_INFINITY), pruneEveryMs)) return
    const { folder, evidence } = world.folders.session(name)
    prunedAt.set(name, at)
    for (const old of outdated(world.files.list(evidence), at)) world.files.remove(`${evidence}/${old}`)
    // Removed while this was under way: it must not come back.
    if (!keeps || !world.files.isFolder(folder)) return
    const file = `${evidence}/${fileAt(at)}`
    world.files.writeText(file, `${text}\n`)
    last.set(name, { at, text, file })
  }
}

/** Of our files, what a killed writer left among them, those that are too old, of a clock that was ahead, or too many. */
const outdated = (names: readonly string[], now: number): readonly string[] => {
  const ours = names.filter((name) => named.test(name)).sort()
  const [oldest, newest] = [fileAt(now - keptMs), fileAt(now + pruneEveryMs)]
  const kept = ours.filter((name) => name >= oldest && name <= newest).slice(1 - most)
  return ours.filter((name) => !kept.includes(name))
}

/** Sorts by time. */
const fileAt = (at: number): string => `${iso(at).slice(0, 19).replaceAll(':', '-')}-unknown-dialog.txt`
const named = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-unknown-dialog\.txt/
