import { mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProgram } from '../../sim/cli.ts'
import { succeeded } from '../../sim/ward.ts'

export type PackedFile = { readonly path: string; readonly mode: number; readonly size: number }

/** What `npm pack` makes of the checkout as it was built last. */
export type Package = {
  readonly tarball: string
  /** The same unpacked. */
  readonly folder: string
  readonly files: readonly PackedFile[]
}

const checkout = fileURLToPath(new URL('../../..', import.meta.url))

/** Where Node has its npm: a version of its own, also where another one stands first in PATH. */
export const npm = realpathSync(join(dirname(process.execPath), 'npm'))

/** Packs without building: what the tests run is what is packed. Everything made lies in `into`, which is made, too. */
export const pack = async (into: string): Promise<Package> => {
  mkdirSync(into, { recursive: true })
  const env = {
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    HOME: into,
    npm_config_cache: join(into, 'cache'),
  }
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', into]
  const packed = succeeded(await runProgram(process.execPath, [npm, ...args], { cwd: checkout, env }))
  const tarball = join(into, fileNameIn(packed.stdout))
  const unpacked = join(into, 'unpacked')
  mkdirSync(unpacked)
  succeeded(await runProgram('tar', ['-xzf', tarball, '-C', unpacked], { cwd: into, env }))
  const folder = join(unpacked, 'package')
  return { tarball, folder, files: filesBelow(folder) }
}

/** Every file below a folder, by its path from there. */
export const filesBelow = (folder: string): readonly PackedFile[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => ({ path, found: statSync(join(folder, path)) }))
    .filter(({ found }) => found.isFile())
    .map(({ path, found }) => ({ path, mode: found.mode & 0o777, size: found.size }))

/** npm 10 hands back a list, npm 12 an object by names. */
const fileNameIn = (json: string): string => {
  const [name] = [...json.matchAll(/"filename": *"([^"]+)"/g)].map(([, found = '']) => found)
  if (name === undefined) throw new Error(`npm pack named no file: ${json}`)
  return name
}
