import { readFileSync, utimesSync, writeFileSync } from 'node:fs'
import type { Run } from '../../src/core/records.ts'
import type { Home } from './home.ts'
import { foldersOf } from './watch.ts'

/**
 * Changes what is on record of the client that runs, as if it had come so. The file bears the time of the client's start:
 * any other would say that the clock was set since.
 */
export const changeRun = (home: Home, session: string, change: (run: Run) => Partial<Run>): void => {
  const file = foldersOf(home, session).run
  const before = JSON.parse(readFileSync(file, 'utf8')) as Run
  const run = { ...before, ...change(before) }
  writeFileSync(file, JSON.stringify(run))
  utimesSync(file, run.startedAt / 1_000, run.startedAt / 1_000)
}
