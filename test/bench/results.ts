import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RowName } from './rows.ts'

/** One row as a test file measured it. */
export type Result = {
  readonly row: RowName
  readonly measured: number
  /** Null: there is none. */
  readonly budget: number | null
  readonly detail: string
}

// Test files run in processes of their own; the table is made when the last one has ended.
const file = fileURLToPath(new URL('../.build/bench-rows.jsonl', import.meta.url))

/** Forgets what an earlier run measured. */
export const forgetResults = (): void => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, '')
}

export const addResult = (result: Result): void => appendFileSync(file, `${JSON.stringify(result)}\n`)

export const readResults = (): readonly Result[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Result)
