// The licences of what is bundled: a user gets no node_modules to read them in. Of what esbuild really took, by its
// metafiles; license-checker and its kind list what is installed, and esbuild's licence plugins know one build and not twelve.
import { readdirSync, readFileSync } from 'node:fs'

const allowed = [
  'MIT',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
]

/**
 * The text of `dist/licences.txt`: name, version, licence and its words of every package that has a byte in a bundle. Throws
 * on a package without such words, or under a licence that asks for more than this file.
 */
export const licencesOf = (root, metafiles) =>
  [
    'The files in this folder contain parts of the packages below, each under its own licence.',
    ...packageFolders(metafiles).map((folder) => entry(root, folder)),
  ].join(`\n\n${'-'.repeat(80)}\n\n`)

const packageFolders = (metafiles) => {
  const inputs = metafiles.flatMap(({ outputs }) => Object.values(outputs)).flatMap(({ inputs }) => inputs)
  const files = inputs.flatMap((found) => Object.keys(found).filter((file) => found[file].bytesInOutput > 0))
  const folders = files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0])
  return [...new Set(folders)].filter((folder) => folder !== undefined).sort()
}

const entry = (root, folder) => {
  const { name, version, license } = JSON.parse(readFileSync(`${root}${folder}/package.json`, 'utf8'))
  if (!allowed.includes(license))
    throw new Error(`${name} ${version} is under ${license}, which scripts/licences.js does not know`)
  const files = readdirSync(`${root}${folder}`).filter((file) => /^(licen[cs]e|copying|notice)\b/i.test(file))
  if (!files.some((file) => !/^notice/i.test(file)))
    throw new Error(`${name} ${version} is bundled, and brings no licence text`)
  const texts = files.map((file) => readFileSync(`${root}${folder}/${file}`, 'utf8').trim())
  return [`${name} ${version}, ${license}`, ...texts].join('\n\n')
}
