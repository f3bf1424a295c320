import { expect, test } from 'vitest'
import { compareVersions, oldestClient } from '../../src/claude/version.ts'
import { findAgain } from '../../src/commands/find-again.ts'
import { type Answer, no, unknown, yes } from '../../src/core/answer.ts'
import type { Session } from '../../src/core/session.ts'
import { emptySettings, type Settings } from '../../src/core/settings.ts'
import type { Deps } from '../../src/deps.ts'
import { session } from '../core/evidence-builder.ts'

type Disk = {
  readonly there: readonly string[]
  /** The same program in another version, by what it was. */
  readonly moved?: Readonly<Record<string, string>>
  readonly usual?: Partial<Readonly<Record<'claude' | 'bun', string>>>
  readonly named?: string
  readonly version?: Answer<string>
  readonly shim?: Answer<string>
}

const given: Session = { ...session, client: '/old/claude', bun: '/old/bun', environment: { PATH: '/p' } }

/** What becomes of a session on such a machine, and what is said. */
const find = async (disk: Disk, of: Session = given) => {
  const said: string[] = []
  let settings: Settings = { ...emptySettings, sessions: { [of.name]: of } }
  const whereNow = (path: string) => (disk.there.includes(path) ? path : (disk.moved?.[path] ?? null))
  const deps = {
    env: { CHANNELS_CLAUDE: disk.named, PATH: '/callers' },
    run: async () => undefined,
    output: { say: (line: string) => void said.push(line) },
    journal: { append: () => undefined },
    settings: {
      update: async (change: (settings: Settings) => Settings) => {
        settings = change(settings)
        return settings
      },
    },
    claude: {
      isExecutableFile: (path: string) => disk.there.includes(path),
      whereNow,
      findProgram: (name: string, path: string) =>
        disk.there.includes(`${path}/${name}`) ? `${path}/${name}` : null,
      findClient: ({ CHANNELS_CLAUDE, PATH }: Deps['env']) => {
        expect(PATH).toBe(CHANNELS_CLAUDE === undefined ? '/p' : '/callers')
        return CHANNELS_CLAUDE ?? disk.usual?.claude ?? null
      },
      findBun: () => disk.usual?.bun ?? null,
      lastingProgram: (path: string) => path,
      recogniseShim: (path: string) =>
        path.includes('/shims/') ? { path, manager: 'asdf', program: 'asdf' } : null,
      askManager: async () => disk.shim ?? no('none'),
      withInterpreter: (environment: object) => environment,
      clientVersion: async () => disk.version ?? yes('2.1.330'),
      compareVersions,
      oldestClient,
    },
  } as unknown as Deps
  const found = await findAgain(of, deps)
  expect(settings.sessions[of.name]).toEqual(found)
  return { client: found.client, bun: found.bun, said }
}

const same = { client: '/old/claude', bun: '/old/bun' }

test.each<[string, Disk, object]>([
  ['all there', { there: ['/old/claude', '/old/bun'] }, { ...same, said: [] }],
  [
    'the client in another version of its installation',
    { there: ['/old/bun'], moved: { '/old/claude': '/new/claude' }, usual: { claude: '/usual/claude' } },
    {
      ...same,
      client: '/new/claude',
      said: ['work: its client /old/claude is gone; it is /new/claude from now on.'],
    },
  ],
  [
    'in a usual place',
    { there: ['/old/bun'], usual: { claude: '/usual/claude' } },
    { client: '/usual/claude' },
  ],
  [
    'the one that the caller names, before any other',
    { there: ['/old/bun'], named: '/named/claude', moved: { '/old/claude': '/new/claude' } },
    { client: '/named/claude' },
  ],
  [
    'what a shim stands for',
    { there: ['/old/bun'], usual: { claude: '/a/shims/claude' }, shim: yes('/a/installs/claude') },
    { client: '/a/installs/claude' },
  ],
  ['nowhere', { there: ['/old/bun'] }, { ...same, said: [] }],
  [
    'one that does not answer',
    { there: ['/old/bun'], usual: { claude: '/u/claude' }, version: unknown('nothing') },
    { ...same, said: [] },
  ],
  [
    'one that is too old',
    { there: ['/old/bun'], usual: { claude: '/u/claude' }, version: yes('2.1.70') },
    { ...same, said: [] },
  ],
  [
    'Bun',
    { there: ['/old/claude'], usual: { bun: '/usual/bun' } },
    { ...same, bun: '/usual/bun', said: ['work: its Bun /old/bun is gone; it is /usual/bun from now on.'] },
  ],
  ['Bun nowhere', { there: ['/old/claude'] }, { ...same, said: [] }],
])('%s', async (_, disk, expected) => {
  expect(await find(disk)).toMatchObject(expected)
})

test('a session of before Bun was stored goes by its PATH, and has it stored once that lacks it', async () => {
  const older = { ...given, bun: null }
  expect(await find({ there: ['/old/claude', '/p/bun'] }, older)).toMatchObject({ bun: null, said: [] })
  expect(await find({ there: ['/old/claude'], usual: { bun: '/usual/bun' } }, older)).toMatchObject({
    bun: '/usual/bun',
    said: ['work: there is no Bun in its PATH; it is /usual/bun from now on.'],
  })
})

test('what no plugin of it runs on is not looked for', async () => {
  const channels = given.channels.map((channel) => ({ ...channel, id: 'server:pager' }))
  expect(await find({ there: ['/old/claude'], usual: { bun: '/b' } }, { ...given, channels })).toMatchObject(
    same,
  )
})
