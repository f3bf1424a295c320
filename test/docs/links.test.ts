import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { anchorsOf, linksOf } from './links.ts'
import { pages, root } from './pages.ts'

// No network here: that an address is well formed and a host is one we mean can be told without.

/** Hosts that a person is sent to, or that the program talks to. A new one is looked at by a person, then added. */
const hosts: readonly string[] = [
  'api.telegram.org',
  'bun.sh',
  'code.claude.com',
  'discord.com',
  'github.com',
  'keepachangelog.com',
  'learn.microsoft.com',
  'nodejs.org',
  'semver.org',
  't.me',
  'web.telegram.org',
  'www.npmjs.com',
]

const links = pages.flatMap((page) => linksOf(page).map((target) => ({ page, target })))
const isOutside = (target: string): boolean => /^[a-z][a-z+.-]*:/i.test(target)

test('links within the repository lead to a file, and to a heading of it', () => {
  const lost = links.flatMap(({ page, target }) => {
    if (isOutside(target)) return []
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? page.path : normalize(join(dirname(page.path), path))
    if (!existsSync(join(root, file))) return [`${page.path}: ${target} (no such file)`]
    if (anchor === undefined) return []
    const there = pages.find((each) => each.path === file)
    return there !== undefined && anchorsOf(there).includes(anchor)
      ? []
      : [`${page.path}: ${target} (no such heading)`]
  })
  expect(lost).toEqual([])
  expect(links.length).toBeGreaterThan(60)
})

/** Of a template the host alone. */
const isKnown = (address: string): boolean => {
  const { protocol, host } = new URL(address.replace(/\$\{.*$/, ''))
  return protocol === 'https:' && hosts.includes(host)
}

test('links out of the repository are https, to a host that is meant', () => {
  expect(links.filter(({ target }) => isOutside(target) && !isKnown(target))).toEqual([])
})

test('so are the addresses in the source', () => {
  const files = ['src', 'bin', 'completions', 'man']
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true, encoding: 'utf8' }),
    )
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const addresses = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/https:\/\/\w[^\s'"`)<>,;]*/g)].map(([address]) => address),
  )
  expect(addresses.length).toBeGreaterThan(5)
  expect(addresses.filter((address) => !isKnown(address))).toEqual([])
})

test('every page can be found from docs/README.md, and that from README.md', () => {
  const from = (path: string) =>
    links
      .filter(({ page, target }) => page.path === path && !isOutside(target))
      .map(({ target }) => normalize(join(dirname(path), target.split('#')[0] ?? '')))
  expect(from('README.md')).toContain('docs/README.md')
  const listed = [...from('docs/README.md'), 'docs/README.md', 'README.md']
  const schemas = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.json'))
  const all = [...pages.map(({ path }) => path), ...schemas.map((name) => `docs/${name}`)]
  expect(all.filter((path) => !listed.includes(path))).toEqual([])
})

test('what is wrong is found', () => {
  const page = {
    path: 'docs/x.md',
    text: '# A *b* `c`, d!\n\n## A b c d\n\n[one](no.md) [two](#nothing) `[three](in-code)`\n',
  }
  expect(linksOf(page)).toEqual(['no.md', '#nothing'])
  expect(anchorsOf(page)).toEqual(['a-b-c-d', 'a-b-c-d-1'])
  expect(isKnown('http://github.com/x')).toBe(false)
  expect(isKnown('https://example.com')).toBe(false)
})
