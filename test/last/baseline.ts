import { tmpdir } from 'node:os'
import type { TestProject } from 'vitest/node'
import type { Seen } from './left-behind.ts'
import { look } from './look.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly before: Seen
  }
}

/** For vitest's `globalSetup`: what was there before any test ran. */
export default function setup(project: TestProject): void {
  project.provide('before', look(project.config.env.TMPDIR ?? tmpdir()))
}
