import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { onTestFinished } from 'vitest'
import { patience } from '../patience.ts'

/** A folder of this test's own, removed after it. */
export const ownFolder = (): string => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'channels-test-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

/** A program out of TypeScript text, for tests that need processes of their own, built and split as ours is; its path. */
export const program = (folder: string, text: string): string => {
  const outdir = join(folder, `program-${Math.random().toString(36).slice(2)}`)
  const stdin = { contents: text, resolveDir: import.meta.dirname, loader: 'ts' as const }
  // As scripts/build.js does: packages behave differently in a bundle that is split.
  const js = "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);"
  buildSync({
    stdin,
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    banner: { js },
    logLevel: 'error',
  })
  return join(outdir, 'stdin.mjs')
}

/** Looks every 10 ms until it is so; fails the test after `timeoutMs`. */
export const eventually = async (isSo: () => boolean, timeoutMs = 10_000): Promise<void> => {
  const deadline = Date.now() + timeoutMs * patience
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`not so after ${timeoutMs * patience} ms: ${isSo}`)
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
