import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

type Metafile = {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >
}
const script = new URL('../../scripts/licences.js', import.meta.url).href
const { licencesOf } = (await import(script)) as {
  readonly licencesOf: (root: string, metafiles: readonly Metafile[]) => string
}

let root: string
beforeEach(() => {
  root = `${mkdtempSync(join(tmpdir(), 'licences-'))}/`
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const addPackage = (name: string, license: unknown, files: Readonly<Record<string, string>>): void => {
  const folder = join(root, 'node_modules', name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: '1.2.3', license }))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
}

const bundleOf = (inputs: Readonly<Record<string, number>>): readonly Metafile[] => [
  {
    outputs: {
      'dist/x.js': {
        inputs: Object.fromEntries(
          Object.entries(inputs).map(([file, bytesInOutput]) => [file, { bytesInOutput }]),
        ),
      },
    },
  },
]

test('what has a byte in a bundle is named once, with its words; what was left out is not', () => {
  addPackage('one', 'MIT', { 'license.md': 'Permission is hereby granted\n', 'index.js': '' })
  addPackage('@two/deep', 'Apache-2.0', { LICENSE: 'The terms', NOTICE: 'Made by two' })
  const text = licencesOf(
    root,
    bundleOf({
      'src/main.ts': 10,
      'node_modules/one/index.js': 3,
      'node_modules/one/other.js': 3,
      'node_modules/@two/deep/x.js': 1,
      'node_modules/three/x.js': 0,
    }),
  )
  expect(text).toContain('one 1.2.3, MIT\n\nPermission is hereby granted')
  expect(text).toContain('@two/deep 1.2.3, Apache-2.0\n\nThe terms\n\nMade by two')
  expect(text.match(/^-{80}$/gm)).toHaveLength(2)
})

test('a package below another one is itself', () => {
  addPackage('one/node_modules/four', 'ISC', { 'LICENSE.txt': 'Permission' })
  expect(licencesOf(root, bundleOf({ 'node_modules/one/node_modules/four/x.js': 1 }))).toContain(
    '/four 1.2.3, ISC',
  )
})

test('the build ends where the words are missing, or the licence asks for more', () => {
  addPackage('bare', 'MIT', { NOTICE: 'nothing else' })
  addPackage('strict', 'GPL-3.0-only', { LICENSE: 'The terms' })
  addPackage('silent', undefined, { LICENSE: 'The terms' })
  expect(() => licencesOf(root, bundleOf({ 'node_modules/bare/x.js': 1 }))).toThrow(
    'bare 1.2.3 is bundled, and',
  )
  expect(() => licencesOf(root, bundleOf({ 'node_modules/strict/x.js': 1 }))).toThrow('GPL-3.0-only')
  expect(() => licencesOf(root, bundleOf({ 'node_modules/silent/x.js': 1 }))).toThrow('undefined')
})
