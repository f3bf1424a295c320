import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const built = fileURLToPath(new URL('../..', import.meta.url))

/** What `npm pack` takes of the built program, and nothing that nobody loads. */
const shipped = ['bin', 'dist', 'package.json'] as const

/** The folder of a program that was installed for a home alone, and its script. */
export const installedIn = (root: string): { readonly folder: string; readonly script: string } => {
  const folder = join(root, 'installed', 'claude-channels')
  return { folder, script: join(folder, 'bin', 'channels.js') }
}

/** Puts a copy of the built program where a test may replace it. */
export const install = (root: string): void => copyTo(installedIn(root).folder)

/** Takes the program away, as the first half of `npm install -g` does: aside, to be removed once the other half is done. */
export const retire = (root: string): void => renameSync(installedIn(root).folder, asideIn(root))

/** Moves the program to another folder, as with another Node; hands back its script there. */
export const move = (root: string): string => {
  const elsewhere = join(root, 'elsewhere')
  renameSync(join(root, 'installed'), elsewhere)
  return join(elsewhere, 'claude-channels', 'bin', 'channels.js')
}

/**
 * Puts a newer release in place of the program, as the other half does. The release was bundled in another way: of the files
 * that the older one loads late, none is there.
 */
export const release = (root: string, version: string): void => {
  const { folder } = installedIn(root)
  copyTo(folder)
  const before = versionIn(folder)
  if (version.length !== before.length) throw new Error(`${version} is not as long as ${before}`)
  for (const file of filesOf(folder)) {
    // Made of other sources: V8 would take it by little more than their length.
    if (file.endsWith('.cache')) rmSync(file)
    else if (/\.(js|json)$/.test(file))
      replaceIn(file, (text) => text.replaceAll(`"${before}"`, `"${version}"`))
  }
  renameSync(join(folder, 'dist', 'vendor'), join(folder, 'dist', 'pieces'))
  for (const file of filesOf(join(folder, 'dist')))
    if (file.endsWith('.js')) replaceIn(file, (text) => text.replaceAll('"./vendor/', '"./pieces/'))
  rmSync(asideIn(root), { recursive: true })
}

const asideIn = (root: string): string => join(root, 'installed', '.claude-channels-retired')

const copyTo = (folder: string): void => {
  mkdirSync(folder, { recursive: true })
  for (const name of shipped)
    cpSync(join(built, name), join(folder, name), {
      recursive: true,
      filter: (file) => !file.endsWith('.map'),
    })
}

const versionIn = (folder: string): string =>
  (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly version: string }).version

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

/** As they were read, byte by byte. */
const replaceIn = (file: string, how: (text: string) => string): void =>
  writeFileSync(file, how(readFileSync(file, 'latin1')), 'latin1')
