import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { forPeople } from '../../../src/system/own-code.ts'
import { type Package, pack } from './package.ts'

const checkout = fileURLToPath(new URL('../../..', import.meta.url))
let folder: string
let packed: Package
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pack-'))
  packed = await pack(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const cache = String.raw`(\.\w+-\w+-[\w.-]+\.cache)?`

/** Everything that may be in it. */
const shipped: readonly RegExp[] = [
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
  /^bin\/(channels\.js|package\.json)$/,
  new RegExp(String.raw`^dist/(main|list|status|app|people|watch|help|doctor|notify)\.js${cache}$`),
  new RegExp(String.raw`^dist/vendor/[a-z-]+\.js${cache}$`),
  /^dist\/(package\.json|licences\.txt|hold\.cjs|loop\.sh|keeper-loop\.sh|bun\.sh)$/,
  /^completions\/(channels\.bash|_channels|channels\.fish)$/,
  /^man\/channels\.1$/,
  /^docs\/([a-z-]+\.(md|schema\.json)|README\.md)$/,
]

/** What nobody could do without. */
const needed = [
  ...['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'bin/channels.js', 'bin/package.json'],
  ...[
    'main.js',
    'list.js',
    'status.js',
    'app.js',
    'people.js',
    'package.json',
    'licences.txt',
    'hold.cjs',
  ].map((name) => `dist/${name}`),
  ...['dist/loop.sh', 'dist/keeper-loop.sh', 'dist/bun.sh', 'docs/quick-start.md', 'docs/faults.md'],
]

test('holds what is needed, and nothing that is not on the list', () => {
  const paths = packed.files.map(({ path }) => path)
  expect(paths.filter((path) => !shipped.some((pattern) => pattern.test(path)))).toEqual([])
  expect(needed.filter((path) => !paths.includes(path))).toEqual([])
})

test('what a keeper does not keep for the day it is upgraded is there, by its name', () => {
  const paths = packed.files.map(({ path }) => path)
  expect(forPeople.filter((name) => !paths.includes(`dist/${name}`))).toEqual([])
})

test('is small, and what is run is executable', () => {
  const total = packed.files.reduce((sum, { size }) => sum + size, 0)
  expect(total).toBeLessThan(4 * 1024 * 1024)
  const modes = Object.fromEntries(packed.files.map(({ path, mode }) => [path, mode.toString(8)]))
  const { 'bin/channels.js': script, ...others } = modes
  expect(script).toBe('755')
  // The shell scripts are handed to `sh`: they run also from a folder whose modes were lost.
  expect(new Set(Object.values(others))).toEqual(new Set(['644']))
  expect(readFileSync(join(packed.folder, 'bin/channels.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
})

test('names no folder of the machine that built it, no registry, nothing that looks like a token', () => {
  const forbidden = [
    ...[checkout, homedir(), tmpdir()].map((path) => path.replace(/\/$/, '')).filter((path) => path !== ''),
    ...['channels-build-', 'registry.npmjs', 'registry.yarnpkg', 'sourceMappingURL='],
  ]
  const found = packed.files.flatMap(({ path }) => {
    const text = readFileSync(join(packed.folder, path), 'latin1')
    const token = /\b\d{8,10}:AA[\w-]{33}\b/.exec(text)
    return [...forbidden.filter((word) => text.includes(word)), ...(token ?? [])].map(
      (word) => `${path}: ${word}`,
    )
  })
  expect(found).toEqual([])
})

test('package.json installs nothing else, runs nothing at install, and says what it runs on', () => {
  const json = JSON.parse(readFileSync(join(packed.folder, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >
  for (const field of ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies'])
    expect(json).not.toHaveProperty(field)
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
    expect(json.scripts).not.toHaveProperty(script)
  // A tarball of an old dist would pass for the present one.
  expect(json.scripts).toHaveProperty('prepack', 'npm run build')
  expect(json).toMatchObject({
    name: 'claude-channels',
    license: 'MIT',
    author: 'the claude-channels authors',
    bin: { channels: 'bin/channels.js' },
    engines: { node: '>=20.12' },
    os: ['!win32'],
    exports: { './package.json': './package.json' },
    keywords: expect.arrayContaining(['claude-code', 'telegram']) as unknown,
  })
})

/** Under which name a bundle has a package: `node_modules/x`, also below another package. */
const bundledIn = (map: string): readonly string[] =>
  (JSON.parse(readFileSync(map, 'utf8')) as { readonly sources: readonly string[] }).sources.flatMap(
    (source) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? [],
  )

test('every package that a bundle holds is named with its licence and the words of it', () => {
  const dist = join(checkout, 'dist')
  const maps = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.map'),
  )
  const bundled = new Set(maps.flatMap((name) => bundledIn(join(dist, name))))
  const [head = '', ...entries] = readFileSync(join(packed.folder, 'dist/licences.txt'), 'utf8').split(
    /\n\n-{80}\n\n/,
  )
  expect(head).toContain('each under its own licence')
  const named = entries.map((entry) => {
    const [first = '', ...text] = entry.split('\n')
    expect(first).toMatch(/^\S+ \d+\.\d+\.\d+\S*, [\w.-]+$/)
    expect(text.join(' '), first).toMatch(/permission|redistribution|licen[cs]e/i)
    return first.split(' ')[0]
  })
  expect(new Set(named)).toEqual(bundled)
  expect(bundled).toContain('commander')
})
