// Bundles and splits, so that a command loads only what it needs: all packages unbundled cost 2.7 x the start of
// Node, bundled 1.15 x (shared/style.md). Types are checked by tsc apart.
import { chmodSync, cpSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const root = fileURLToPath(new URL('..', import.meta.url))
rmSync(`${root}dist`, { recursive: true, force: true })
await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.12',
  minifySyntax: true,
  minifyWhitespace: true,
  define: { __VERSION__: JSON.stringify(version) },
  legalComments: 'none',
  chunkNames: 'chunks/[name]-[hash]',
  // CommonJS packages inside an ES module bundle still call require.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  logLevel: 'warning',
})
cpSync(`${root}src/multiplexer/loop.sh`, `${root}dist/loop.sh`)
cpSync(`${root}src/keeper/keeper-loop.sh`, `${root}dist/keeper-loop.sh`)
chmodSync(`${root}bin/channels.js`, 0o755)
