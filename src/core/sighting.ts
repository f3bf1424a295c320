/** Something that is seen at look after look, times in milliseconds since 1970. */
export type Sighting = {
  readonly key: string
  /** When it was first seen, moved by the time nobody looked. */
  readonly since: number
  /** When it was last seen. */
  readonly seen: number
}

/** Looks further apart than this mean that the machine slept or its clock was set: that time proves nothing. */
const longestLookMs = 60_000

/** The same thing seen once more, or another one for the first time. */
export const sight = (known: Sighting | null, key: string, now: number): Sighting => {
  if (known?.key !== key) return { key, since: now, seen: now }
  const passedMs = now - known.seen
  const slept = passedMs < 0 || passedMs > longestLookMs
  return { key, since: slept ? known.since + passedMs : known.since, seen: now }
}
