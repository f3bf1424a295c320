import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pageAt, tableOf } from '../../docs/pages.ts'
import { until } from '../../sim/until.ts'
import { closeMachine, expectEcho, expectUp, live, type Machine, makeMachine, setUp } from '../faults/kit.ts'
import { snapshot } from '../faults/secrets.ts'

// docs/security.md says what is stored where with which mode, and what is changed in the client's files. Here a session
// is set up, started, talked to, restarted and forgotten, and the disk is compared with the page.

const page = pageAt('docs/security.md')
const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replace(/[.~]/g, '\\$&').replace(/<[a-z]+>/g, '[^/]+')}$`)
const stored = tableOf(page, 'path', 'mode', 'there', 'holds').map(([path = '', mode = '', there = '']) => {
  const bare = path.replaceAll('`', '')
  return { path: bare, mode, always: there === 'always', pattern: patternOf(bare) }
})

let home: Machine
/** Names, modes and contents of the person's home, before and after a setup that started nothing. */
let before: Readonly<Record<string, string>>
let after: Readonly<Record<string, string>>
beforeAll(async () => {
  // As people have it: below their home.
  home = await makeMachine({ env: { CHANNELS_HOME: '' } })
  before = snapshot(home.home)
  const site = await setUp(home, 'site')
  after = snapshot(home.home)
  await expectUp(home, 'site', 0, 'is live')
  await live(home, 'site')
  await expectEcho(site, 'hello')
  expect(await home.channels(['restart', 'site'])).toMatchObject({ code: 0 })
  await expectEcho(site, 'again')
})
afterAll(() => closeMachine(home))

const ours = ['.config/channels', '.local/state/channels', '.claude/channels', '.channels']

/** What stands for a moment beside a file that is written. */
const passing = /\.lock$|\.lock\.[^/]+$|\.tmp$|\.new$/

type Entry = { readonly path: string; readonly mode: number }
const entries = (): readonly Entry[] =>
  ours.flatMap((folder) => [folder, ...namesBelow(folder)]).flatMap((name) => entryAt(name))

const namesBelow = (folder: string): readonly string[] => {
  try {
    const found = readdirSync(join(home.home, folder), { recursive: true, encoding: 'utf8' })
    return found.filter((name) => !passing.test(name)).map((name) => `${folder}/${name}`)
  } catch {
    // There is none, as the page says of `~/.channels`.
    return []
  }
}

/** None for one that was gone before it was looked at. */
const entryAt = (name: string): readonly Entry[] => {
  const stat = lstatSync(join(home.home, name), { throwIfNoEntry: false })
  if (stat === undefined) return []
  return [{ path: `~/${name}${stat.isDirectory() ? '/' : ''}`, mode: stat.mode & 0o777 }]
}

/** `0600` as it is; what an ordinary umask makes, as that of whoever runs this makes it; null where the page leaves it open. */
const modeOf = (mode: string): number | null => {
  if (!/^0\d{3}$/.test(mode)) return null
  return mode === '0644' ? 0o666 & ~process.umask() : Number.parseInt(mode, 8)
}

test('whatever is on the disk stands in the table, with its mode', () => {
  const found = entries()
  expect(found.length).toBeGreaterThan(35)
  const wrong = found.flatMap(({ path, mode }) => {
    const rows = stored.filter(({ pattern }) => pattern.test(path))
    if (rows.length === 0) return [`${path} is not in the table`]
    const fits = rows.some((row) => modeOf(row.mode) === null || modeOf(row.mode) === mode)
    return fits ? [] : [`${path} has ${mode.toString(8)}, the page says ${rows.map((row) => row.mode)}`]
  })
  expect(wrong).toEqual([])
})

test('whatever the table says is always there is there', () => {
  const found = entries()
  const missing = stored.filter(
    ({ always, pattern }) => always && !found.some(({ path }) => pattern.test(path)),
  )
  expect(missing.map(({ path }) => path)).toEqual([])
  expect(stored.filter(({ always }) => always).length).toBeGreaterThan(25)
})

test('nothing that others may read lies in a folder that they may enter', () => {
  const open = entries().filter(
    ({ path, mode }) => (mode & 0o077) !== 0 && !path.startsWith('~/.claude/plugins'),
  )
  const closed = entries().filter(({ path, mode }) => path.endsWith('/') && (mode & 0o077) === 0)
  expect(open.filter(({ path }) => !closed.some((folder) => path.startsWith(folder.path)))).toEqual([])
})

const changed = tableOf(page, 'file', 'what', 'put back').map(([file = '', what = '']) => ({
  file: file.replaceAll('`', ''),
  what: /`([^`]+)`/.exec(what)?.[1] ?? '',
}))

type Tree = { readonly [key: string]: unknown }
/** Every value of a document that is none itself, with the keys that lead there. */
const leavesOf = (value: unknown, path: readonly string[] = []): readonly string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value as Tree).flatMap(([key, each]) => leavesOf(each, [...path, key]))
    : [`${path.join('.')} = ${JSON.stringify(value)}`]

/** `snapshot` puts the mode before the text. */
const leavesIn = (files: typeof before, file: string): readonly string[] =>
  leavesOf(JSON.parse(files[join(home.home, file)]?.replace(/^\d+ /, '') ?? '{}'))

test.each(changed.filter(({ file }) => /^~\/\.claude(\/settings)?\.json$/.test(file)))(
  'of $file only $what is changed',
  ({ file, what }) => {
    const name = file.replace('~/', '')
    const [old, now] = [leavesIn(before, name), leavesIn(after, name)]
    const pattern = new RegExp(`^${what.replaceAll('.', '\\.').replace(/<[a-z]+>/g, '.+')} = `)
    const differs = [
      ...now.filter((leaf) => !old.includes(leaf)),
      ...old.filter((leaf) => !now.includes(leaf)),
    ]
    expect(differs.length).toBeGreaterThan(0)
    expect(differs.filter((leaf) => !pattern.test(leaf))).toEqual([])
  },
)

test('no other file of the person is touched by a setup', () => {
  const touched = Object.entries(after).filter(([path, text]) => before[path] !== text)
  const said = [...changed.map(({ file }) => file), ...ours.map((folder) => `~/${folder}`)]
  const others = touched
    .map(([path]) => path.replace(home.home, '~'))
    // The folders on the way to ours.
    .filter((path) => !['~/.config', '~/.local', '~/.local/state'].includes(path))
    .filter((path) => !said.some((each) => `${path}/`.startsWith(`${each}/`)))
  expect(others).toEqual([])
  expect(Object.keys(before).filter((path) => after[path] === undefined)).toEqual([])
})

test('removed again, all of it is as it was', async () => {
  expect(await home.channels(['remove', 'site', '--purge', '--yes'])).toMatchObject({ code: 0 })
  for (const { file } of changed.filter(({ file }) => file.endsWith('settings.json')))
    expect(leavesIn(snapshot(home.home), file.replace('~/', ''))).toEqual(
      leavesIn(before, file.replace('~/', '')),
    )
  const trusted = Object.values(
    (JSON.parse(readFileSync(join(home.home, '.claude.json'), 'utf8')) as { projects: Tree }).projects,
  ).filter((project) => (project as Tree).hasTrustDialogAccepted === true)
  expect(trusted).toEqual([])
  await until(
    'no folder of the session',
    () => !entries().some(({ path }) => /sessions\/site|telegram-site/.test(path)),
  )
})
