import { defineConfig } from 'vitest/config'

// unit: pure and fast. sim: the built CLI against the stand-ins, in real tmux. real: the unmodified client.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/simulated/**',
            'test/real/**',
            'test/bench/**',
            'test/.build/**',
            'node_modules/**',
          ],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'sim',
          include: ['test/simulated/**/*.test.ts'],
          // These wait more than they work.
          maxWorkers: 3,
          globalSetup: ['test/sim/build.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'bench',
          include: ['test/bench/**/*.test.ts'],
          globalSetup: ['test/sim/build.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          globalSetup: ['test/sim/build.ts', 'test/real/install.ts'],
          testTimeout: 180_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
