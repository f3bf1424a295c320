import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What became of one row. Times in seconds since the fault, or since it was mended. */
export type Result = {
  readonly name: string
  readonly expected: string | null
  /** Everything that was said, in its order, each once. */
  readonly said: readonly string[]
  readonly namedS: number | null
  readonly withinS: number | null
  readonly backS: number | null
  readonly answered: boolean | null
  /** What is wrong, in words; null: all is as it should be. */
  readonly wrong: string | null
}

// Test files run in processes of their own; the table is made when the last one has ended.
const file = fileURLToPath(new URL('../.build/faults-rows.jsonl', import.meta.url))

/** Forgets what an earlier run found. */
export const forgetResults = (): void => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, '')
}

export const addResult = (result: Result): void => appendFileSync(file, `${JSON.stringify(result)}\n`)

/** One for each row: of one that was tried twice the last. */
export const readResults = (): readonly Result[] => {
  const all = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Result)
  return all.filter(({ name }, i) => all.findLastIndex((other) => other.name === name) === i)
}
