import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { plugins } from './plugin/marketplace.ts'

/** Absolute paths of the stand-ins' executables; each in a folder of its own, to be put into PATH one by one. */
export type StandIns = {
  readonly claude: string
  readonly bun: string
}

const here = fileURLToPath(new URL('.', import.meta.url))
const out = fileURLToPath(new URL('../.build', import.meta.url))

export const standIns: StandIns = {
  claude: join(out, 'claude', 'claude'),
  bun: join(out, 'bun', 'bun'),
}

/** Compiles the stand-ins into test/.build and says where they are. */
export const buildStandIns = async (): Promise<StandIns> => {
  mkdirSync(out, { recursive: true })
  // CommonJS, because Node 20 refuses a module called `claude` or `server.ts` and runs such a script all the same.
  replace(join(out, 'package.json'), Buffer.from('{ "type": "commonjs" }\n'))
  await Promise.all([
    compile('client/main.ts', standIns.claude),
    compile('bun/main.ts', standIns.bun),
    // Each plugin as one plain script; `writeMarketplace(…, { server: 'compiled' })` copies it.
    ...plugins.map((plugin) => compile(`plugin/${plugin}/server.ts`, join(out, plugin, 'server.ts'))),
  ])
  return standIns
}

/** For vitest's `globalSetup`. */
export default async function setup(): Promise<void> {
  await buildStandIns()
}

const compile = async (source: string, outfile: string) => {
  if (!existsSync(join(here, source))) return
  await build({
    entryPoints: [join(here, source)],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.12',
    banner: { js: `#!${process.execPath}` },
    logLevel: 'warning',
    // The outcome is run while another test file builds it again: written aside and renamed, never half there.
    write: false,
  }).then(({ outputFiles }) => replace(outfile, outputFiles[0]?.contents ?? new Uint8Array()))
}

const replace = (file: string, contents: Uint8Array) => {
  mkdirSync(join(file, '..'), { recursive: true })
  const aside = `${file}.${process.pid}`
  writeFileSync(aside, contents)
  chmodSync(aside, 0o755)
  renameSync(aside, file)
}
