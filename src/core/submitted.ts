/** A line that somebody gave the client at its terminal, as its transcript has it. Made by `claude/submitted.ts`. */
export type Submitted = {
  /** In ms since 1970. */
  readonly at: number
  readonly text: string
  /** Waiting: for the end of the present turn. Unknown: the client knows no such command. */
  readonly is: 'taken' | 'waiting' | 'unknown'
}

/** What became of a line that was given since then; null while nothing is known of it. */
export const findSubmitted = (
  rows: readonly Submitted[],
  text: string,
  sinceMs: number,
): Submitted | null => {
  const found = rows.filter((row) => row.at >= sinceMs && isThat(row, text))
  return found.find(({ is }) => is !== 'waiting') ?? found[0] ?? null
}

/** A line that is one of the client's own commands. */
export const isCommand = (text: string): boolean => /^\/[^\s/]/.test(text)

/** Of a command that it knows by several names the client writes down another one than was typed, so any is it. */
const isThat = (row: Submitted, text: string): boolean => {
  if (row.is === 'unknown') return nameOf(row.text) === nameOf(text)
  return isCommand(text) && row.is === 'taken' ? isCommand(row.text) : plain(row.text) === plain(text)
}

const nameOf = (text: string): string => text.split(/\s/, 1)[0] ?? ''

const plain = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim()
