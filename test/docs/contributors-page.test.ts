import { existsSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inlineOf, pageAt, pages, root, tableOf } from './pages.ts'

const page = pageAt('docs/contributors.md')
const tree = new Map(
  tableOf(page, 'folder', 'what is in there').flatMap(([folders = '', what = '']) =>
    [...folders.matchAll(/`([^`]+)`/g)].map(([, folder = '']) => [folder, what] as const),
  ),
)

const foldersIn = (folder: string): readonly string[] =>
  readdirSync(`${root}${folder}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => `${folder}/${name}`)

test('each folder of the source has its line, and each line its folder', () => {
  const source = foldersIn('src')
  const folders = ['bin', 'src', ...source, ...source.flatMap(foldersIn), 'test']
  const lines = [...tree.keys()]
  expect(folders.filter((folder) => !lines.includes(folder))).toEqual([])
  expect(lines.filter((folder) => !existsSync(`${root}${folder}`))).toEqual([])
  for (const what of tree.values()) expect(what).toMatch(/\S{3}/)
})

test('so has each folder of the tests that mirrors no other', () => {
  const mirrors = (folder: string) =>
    ['src/', ''].some((above) => existsSync(`${root}${folder.replace('test/', above)}`))
  const own = foldersIn('test').filter((folder) => !mirrors(folder))
  expect(own.filter((folder) => !tree.has(folder))).toEqual([])
})

/** What stands between backticks and looks like a path of this repository. */
const paths = pages.flatMap((each) =>
  inlineOf(each)
    .filter((code) => /^(src|test|docs|scripts|bin|\.ci|completions|man)\/[\w./-]*$/.test(code))
    .map((path) => ({ page: each.path, path })),
)

test('every path that the manual names is there', () => {
  expect(paths.length).toBeGreaterThan(50)
  expect(paths.filter(({ path }) => !existsSync(`${root}${path}`))).toEqual([])
})

test('a row of the faults that is named as an example is one', async () => {
  const { faults } = await import('../faults/rows.ts')
  const named = inlineOf(page).flatMap((code) => /^npm run faults -- -t '(.+)'$/.exec(code)?.[1] ?? [])
  expect(named.length).toBeGreaterThan(0)
  for (const name of named) expect(faults.some((fault) => fault.name.includes(name))).toBe(true)
})
