import type { Run, RunResult } from '../../src/system/run.ts'

const ended: RunResult = { status: 0, signal: null, stdout: '', stderr: '', timedOut: false, notFound: false }

/** A `Run` that answers from a list, in turn, and notes what was run. */
export const fakeRun = (...results: readonly Partial<RunResult>[]) => {
  const calls: (readonly string[])[] = []
  const run: Run = async (file, args) => {
    calls.push([file, ...args])
    return { ...ended, ...results[calls.length - 1] }
  }
  return { run, calls }
}
