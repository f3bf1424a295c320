/** The name that was most likely meant, by how few letters differ; null where none is near. */
export const nearest = (typed: string, names: readonly string[]): string | null => {
  const found = names
    .map((name) => ({ name, far: distance(typed, name) }))
    // As commander does it for options: further apart it would be another word.
    .filter(({ name, far }) => far <= 3 && far / Math.max(typed.length, name.length) < 0.6)
    .sort((a, b) => a.far - b.far)
  return found[0]?.name ?? null
}

/** Letters to leave out, put in, replace or swap with their neighbour (optimal string alignment). */
const distance = (a: string, b: string): number => {
  // Names are short; what was typed may be anything.
  if (Math.abs(a.length - b.length) > 3) return Number.POSITIVE_INFINITY
  let before: readonly number[] = []
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      next.push(
        Math.min(
          at(row, j) + 1,
          at(next, j - 1) + 1,
          at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
          swapped ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    before = row
    row = next
  }
  return at(row, b.length)
}

const at = (row: readonly number[], i: number): number => row[i] ?? Number.POSITIVE_INFINITY
