import { defineConfig } from 'vitest/config'
import { makeRunFolder } from './test/last/run-folder.ts'
import { patience } from './test/patience.ts'

// Tests of real processes get a second try where CI decides, since what else a machine does can cost any of them its
// time. Which did is said at the end (test/second-tries.ts, .ci/run): a fault may hide there.
const retry = process.env.CI === undefined ? 0 : 1
const crowd = 'test/simulated/crowd/**/*.test.ts'
const slow = 'test/simulated/**/*.slow.test.ts'
const manifold = ['test/garbled/**/*.test.ts', 'test/core/{world-,launch-,machine-}*.test.ts']
const ofProcesses = ['multiplexer', 'scripts', 'system'].map((folder) => `test/${folder}/**/*.test.ts`)

// What the built CLI is put through where that takes long.
const long = {
  retry,
  isolate: false,
  globalSetup: ['test/sim/build.ts'],
  testTimeout: 90_000 * patience,
  hookTimeout: 60_000 * patience,
}

// Of the tests alone: what the runner itself puts into the machine's is its own.
const env = { TMPDIR: makeRunFolder() }

// unit: pure and fast. processes: what meets the machine, real tmux among it. sim: the built CLI against the stand-ins,
// in real tmux. real: the unmodified client. last: after all of those.
export default defineConfig({
  test: {
    // Most of these wait more than they work: for tmux, for processes to end.
    maxWorkers: 6,
    reporters: ['default', './test/second-tries.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          env,
          include: ['test/**/*.test.ts'],
          exclude: [
            ...ofProcesses,
            'test/contract/**',
            'test/sim/**',
            'test/simulated/**',
            'test/real/**',
            'test/bench/**',
            'test/faults/**',
            'test/**/*.last.test.ts',
            'test/.build/**',
            'node_modules/**',
          ],
          // Some of these play days of a session, which takes a busy machine longer.
          testTimeout: 60_000 * patience,
          isolate: false,
        },
      },
      {
        test: {
          name: 'processes',
          env,
          retry,
          include: ofProcesses,
          isolate: false,
          testTimeout: 60_000 * patience,
        },
      },
      {
        test: {
          name: 'sim',
          env,
          retry,
          include: ['test/simulated/**/*.test.ts'],
          exclude: [crowd, slow],
          isolate: false,
          globalSetup: ['test/sim/build.ts'],
          testTimeout: 60_000 * patience,
          hookTimeout: 60_000 * patience,
        },
      },
      {
        // The stand-ins themselves and what takes long: what the fast loop leaves out. Of the garbled files that parsers
        // get, ten times as many; of the generated stories, all.
        test: {
          name: 'slow',
          env: { ...env, CHANNELS_MUTATIONS: '10000', CHANNELS_ALL_STORIES: '1' },
          ...long,
          include: ['test/sim/**/*.test.ts', 'test/contract/**/*.test.ts', ...manifold, slow],
          exclude: [crowd],
          // These leave a machine of two cores no time: more at once end no earlier, and each waits for longer.
          maxWorkers: 4,
        },
      },
      {
        // Fifty processes at once, after those whom they would keep from their time.
        test: {
          name: 'crowd',
          env,
          ...long,
          include: [crowd],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // The same on GNU screen, as far as a session's terminal matters to it: the wizard and the service ask no other
        // questions there.
        test: {
          name: 'screen',
          env: { ...env, CHANNELS_TEST_MULTIPLEXER: 'screen' },
          ...long,
          include: ['test/simulated/**/*.test.ts'],
          exclude: [
            'test/simulated/{setup,wizard,service,container,finding,rotation,release,completions,help}/**',
            crowd,
            'test/simulated/!(hostile)/!(send|losses|without-keeper|refusals|pairing|set).slow.test.ts',
            'test/simulated/{faults/setup-refusals,people/pairing-keys}.slow.test.ts',
            'test/simulated/docs/**',
          ],
          maxWorkers: 4,
        },
      },
      {
        test: {
          name: 'screen-crowd',
          env: { ...env, CHANNELS_TEST_MULTIPLEXER: 'screen' },
          ...long,
          include: ['test/simulated/crowd/at-once.test.ts'],
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'bench',
          env,
          include: ['test/bench/**/*.test.ts'],
          globalSetup: ['test/sim/build.ts', 'test/bench/print.ts'],
          testTimeout: 60_000 * patience,
          hookTimeout: 60_000 * patience,
          // What is measured has the machine to itself.
          fileParallelism: false,
        },
      },
      {
        // A table of faults: scripts/faults.js says on which client. As many at once as leave each its time.
        test: {
          name: 'faults',
          env,
          retry,
          include: ['test/faults/**/*.test.ts'],
          globalSetup: ['test/sim/build.ts', 'test/faults/print.ts'],
          testTimeout: 300_000 * patience,
          hookTimeout: 300_000 * patience,
          maxConcurrency: process.env.CHANNELS_FAULTS === 'real' ? 2 : 5,
        },
      },
      {
        test: {
          name: 'real',
          env,
          retry,
          include: ['test/real/**/*.test.ts'],
          globalSetup: ['test/sim/build.ts', 'test/real/install.ts'],
          testTimeout: 180_000 * patience,
          hookTimeout: 300_000 * patience,
          fileParallelism: false,
          // Of the one file whose tests run at once: a client takes a core for as long as it starts.
          maxConcurrency: 2,
        },
      },
      {
        // What the others left behind, and nobody but this run.
        test: {
          name: 'last',
          env,
          include: ['test/last/*.last.test.ts'],
          globalSetup: ['test/last/baseline.ts'],
          sequence: { groupOrder: 2 },
          testTimeout: 60_000 * patience,
        },
      },
    ],
  },
})
