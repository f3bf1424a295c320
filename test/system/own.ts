import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { onTestFinished } from 'vitest'

/** A folder of this test's own, removed after it. */
export const ownFolder = (): string => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'channels-test-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

/** A program out of TypeScript text, for tests that need processes of their own; its path. */
export const program = (folder: string, text: string): string => {
  const outfile = join(folder, `program-${Math.random().toString(36).slice(2)}.cjs`)
  const stdin = { contents: text, resolveDir: import.meta.dirname, loader: 'ts' as const }
  // CommonJS, since import.meta is not used and packages inside the bundle still call require.
  buildSync({ stdin, bundle: true, platform: 'node', format: 'cjs', outfile, logLevel: 'error' })
  return outfile
}

/** Looks every 10 ms until it is so; fails the test after `timeoutMs`. */
export const eventually = async (isSo: () => boolean, timeoutMs = 10_000): Promise<void> => {
  const deadline = Date.now() + timeoutMs
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`not so after ${timeoutMs} ms: ${isSo}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** What it threw, or null. */
export const thrown = (action: () => unknown): unknown => {
  try {
    action()
    return null
  } catch (error) {
    return error
  }
}
