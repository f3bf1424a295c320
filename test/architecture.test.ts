import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../src', import.meta.url))
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .sort()
const source = (file: string): string => readFileSync(join(root, file), 'utf8')
/** Without comments, so that what is said about a thing is not taken for it; strings stay as they are. */
const code = (file: string): string =>
  source(file).replace(
    /('(?:\\.|[^'\n\\])*')|(?<=^|\s)\/\/.*|\/\*[\s\S]*?\*\//gm,
    (_, text: string | undefined) => text ?? '',
  )

type How = 'value' | 'type' | 'lazy'
type Import = { readonly from: string; readonly to: string; readonly how: How }

/** Every import and re-export of a file; a relative one as its path below src. */
const importsOf = (file: string): readonly Import[] => {
  const found = [
    ...code(file).matchAll(/^(import|export)\s+(type\s)?(?:([^'";]*?)\sfrom\s*)?'([^']+)'/gm),
  ].map(([, , type, names = '', to = '']) => {
    const listed = /^\{([\s\S]*)\}$/
      .exec(names.trim())?.[1]
      ?.split(',')
      .filter((name) => name.trim() !== '') ?? ['']
    return {
      to,
      how: type !== undefined || listed.every((name) => /^\s*type\s/.test(name)) ? 'type' : 'value',
    } as const
  })
  const lazy = [...code(file).matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)].map(
    ([, to = '']) => ({ to, how: 'lazy' }) as const,
  )
  return [...found, ...lazy].map(({ to, how }) => ({
    from: file,
    how,
    to: to.startsWith('.') ? join(dirname(file), to) : to,
  }))
}
const imports = files.flatMap(importsOf)
const isNpm = ({ to }: Import): boolean =>
  !to.startsWith('node:') && !to.endsWith('.ts') && !to.endsWith('.json')
const show = ({ from, to, how }: Import): string => `${from} -> ${to} (${how})`

const pure = /^(core\/.*|errors\.ts)$/
const outside = (own: string) =>
  [[pure], [new RegExp(`^${own}/`)], [/^node:/], [/^system\//, 'type'], [/^[^.]*$/]] as const

/** What a folder may import, and how where that matters (design, section 8). First match of the file's path counts. */
const rules: readonly (readonly [RegExp, readonly (readonly [RegExp, How?])[]])[] = [
  [/^(main|basic-deps|look-deps|real-deps)\.ts$/, [[/./]]],
  [/^deps\.ts$/, [[/./, 'type']]],
  [
    /^program(\.ts$|\/)/,
    [[pure], [/^program\//], [/^commander$/], [/^deps\.ts$/, 'type'], [/^(commands|help)\//, 'lazy']],
  ],
  [/^help\//, [[pure], [/^help\//]]],
  [/^(core\/|errors\.ts)/, [[pure]]],
  ...['channels', 'claude', 'multiplexer', 'service', 'system', 'ui'].map(
    (own) => [new RegExp(`^${own}/`), outside(own)] as const,
  ),
  [/^keeper\//, [[pure], [/^keeper\//], [/^deps\.ts$/, 'type'], [/^multiplexer\/port\.ts$/, 'type']]],
  [/^commands\//, [[pure], [/^commands\//], [/^deps\.ts$/, 'type'], [/^ui\//, 'lazy']]],
]

test('every import is one its folder may have', () => {
  const may = ({ from, to, how }: Import): boolean =>
    rules
      .find(([path]) => path.test(from))?.[1]
      .some(([target, as]) => target.test(to) && (as === undefined || as === how)) ?? false
  expect(files.length).toBeGreaterThan(80)
  expect(imports.filter((each) => !may(each)).map(show)).toEqual([])
})

test('one npm package, one importer', () => {
  const used = [...new Set(imports.filter(isNpm).map(({ to }) => to))]
  const importers = (name: string) => new Set(imports.filter(({ to }) => to === name).map(({ from }) => from))
  expect(used).toEqual(expect.arrayContaining(['commander', 'execa', 'conf', 'chalk', 'proper-lockfile']))
  expect(used.filter((name) => importers(name).size > 1).map((name) => [name, ...importers(name)])).toEqual(
    [],
  )
})

test('nothing imports in a circle, types included', () => {
  const targets = new Map(
    files.map((file) => [file, imports.filter(({ from }) => from === file).map(({ to }) => to)]),
  )
  const done = new Set<string>()
  const circles: string[] = []
  const walk = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
    if (done.has(file) || path.includes(file)) return
    for (const next of targets.get(file) ?? []) walk(next, [...path, file])
    done.add(file)
  }
  for (const file of files) walk(file, [])
  expect(circles).toEqual([])
})

test('only main reads argv and the environment, and nothing ends the process', () => {
  const reads =
    /\bprocess\s*\.\s*(env|argv)\b|\{[^}]*\b(env|argv)\b[^}]*\}\s*=\s*process\b(?!\.)|['"](node:)?process['"]/
  // The second is a program of its own, in the process of a plugin.
  const programs = ['main.ts', 'channels/hold-preload.ts']
  expect(files.filter((file) => !programs.includes(file) && reads.test(code(file)))).toEqual([])
  expect(files.filter((file) => /\bprocess\s*\.\s*(exit|abort|reallyExit)\b/.test(code(file)))).toEqual([])
  expect(reads.test(code('main.ts'))).toBe(true)
})

test('no barrels, and no file whose name says nothing', () => {
  const isBarrel = (file: string): boolean =>
    /^export \*/m.test(code(file)) ||
    code(file)
      .replace(/^(export|import)\s+[^'"]*from\s*'[^']+'/gm, '')
      .trim() === ''
  expect(files.filter(isBarrel)).toEqual([])
  // `channels service` has a file of its name, as every command has.
  const named = files.filter((file) => file !== 'commands/service.ts')
  expect(
    named.filter((file) =>
      /(^|[/-])(utils?|helpers?|types?|index|common|misc|manager|service)\.ts$/.test(file),
    ),
  ).toEqual([])
})
