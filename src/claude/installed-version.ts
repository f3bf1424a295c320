import { readFileSync } from 'node:fs'
import { parseFields, textField } from './fields.ts'

/** Where the version stands in the path itself: the native installer's folder, Homebrew's, mise's. */
const inPath: readonly RegExp[] = [
  /\/claude\/versions\/(\d+\.\d+\.\d+[^/]*)$/,
  /\/Caskroom\/claude-code[^/]*\/(\d+\.\d+\.\d+[^/]*)\//,
  /\/installs\/[^/]*claude[^/]*\/(\d+\.\d+\.\d+[^/]*)\//,
]

/** The package that a client installed by npm belongs to; a platform's own has a longer name and the same version. */
const inPackage = /^(.*\/node_modules\/@anthropic-ai\/claude-code[^/]*)\//

/**
 * The version of a client by where it is, `real` being the path through all links; null where that does not tell.
 * Nothing is run for it.
 */
export const installedVersion = (real: string, readText = readIfThere): string | null => {
  const said = inPath.map((pattern) => pattern.exec(real)?.[1]).find((version) => version !== undefined)
  if (said !== undefined) return said
  const [, folder] = inPackage.exec(real) ?? []
  const text = folder === undefined ? null : readText(`${folder}/package.json`)
  const fields = text === null ? null : parseFields(text)
  return fields === null ? null : textField(fields, 'version')
}

const readIfThere = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
