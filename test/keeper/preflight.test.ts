import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loginFault } from '../../src/claude/auth.ts'
import { readProgramFile } from '../../src/claude/file-look.ts'
import { clientPaths } from '../../src/claude/paths.ts'
import { compareVersions, oldestClient } from '../../src/claude/version.ts'
import { type Answer, no, unknown, yes } from '../../src/core/answer.ts'
import type { World } from '../../src/deps.ts'
import { findChecked, preflight } from '../../src/keeper/preflight.ts'
import { files } from '../../src/system/files.ts'
import { resolveFolders } from '../../src/system/folders.ts'
import { minutes, noon, session } from '../core/evidence-builder.ts'
import { ownFolder } from '../system/own.ts'

type Said = {
  readonly version?: Answer<string>
  readonly login: Answer<{ readonly method: string | null; readonly expiresAt: null }>
}

/** A world whose client answers like that; its home, and the same world at another time. */
const machine = ({ version = yes(oldestClient), login }: Said) => {
  const home = ownFolder()
  const folders = resolveFolders({ CHANNELS_HOME: home }, home)
  mkdirSync(folders.session(session.name).folder, { recursive: true })
  const worldAt = (now: number) =>
    ({
      files,
      folders,
      platform: 'linux',
      clock: { now: () => now },
      claude: {
        whereNow: (path: string) => path,
        readProgramFile,
        sessionPaths: () => clientPaths({}, home, 'linux'),
        compareVersions,
        oldestClient,
        loginFault,
        clientVersion: async () => version,
        authStatus: async () => login,
      },
    }) as unknown as World
  return { home, worldAt, client: { ...session, client: join(home, 'claude') } }
}

test.each([
  ['just now', 0, ['login-missing']],
  ['nine minutes ago', 9 * minutes, ['login-missing']],
  ['ten minutes ago', 10 * minutes, []],
  ['before the clock was set back', -60 * minutes, []],
])('a login that was missing %s', async (_, agoMs, found) => {
  const { worldAt } = machine({ login: no('not logged in') })
  await preflight(worldAt(noon), session)
  expect(findChecked(worldAt(noon + agoMs), session).map(({ reason }) => reason)).toEqual(found)
})

const byKey = yes({ method: 'api_key', expiresAt: null })

test.each([
  ['a key', yes('2.1.112'), byKey, ['login-missing']],
  ['a helper’s key', yes('2.1.127'), yes({ method: 'api_key_helper', expiresAt: null }), ['login-missing']],
  ['a key that is taken', yes('2.1.128'), byKey, []],
  ['a key and no version', unknown('no answer'), byKey, []],
  ['an account', yes('2.1.112'), yes({ method: 'claude.ai', expiresAt: null }), []],
  [
    'a token, which may be of an account',
    yes('2.1.112'),
    yes({ method: 'oauth_token', expiresAt: null }),
    [],
  ],
  ['nobody knows what', yes('2.1.112'), yes({ method: null, expiresAt: null }), []],
  ['no answer', yes('2.1.112'), unknown('no answer'), []],
])('signed in by %s: %j', async (_, version, login, found) => {
  const { worldAt } = machine({ version, login })
  await preflight(worldAt(noon), session)
  expect(findChecked(worldAt(noon), session).map(({ reason }) => reason)).toEqual(found)
})

test('a key on an old client: both versions and what to do are said, until the client or the login is another', async () => {
  const { home, worldAt, client } = machine({ version: yes('2.1.112'), login: byKey })
  files.writeText(client.client, '1')
  const seen = () => findChecked(worldAt(noon), client)
  await preflight(worldAt(noon), client)
  expect(seen()).toEqual([
    {
      reason: 'login-missing',
      detail: expect.stringMatching(
        /by key \(api_key\).*2\.1\.128.*2\.1\.112.*`claude update`.*`claude auth login`/,
      ),
    },
  ])
  expect(findChecked(worldAt(noon + 10 * minutes), client)).toEqual([])
  mkdirSync(join(home, '.claude'))
  files.writeText(join(home, '.claude', '.credentials.json'), '{}')
  expect(seen()).toEqual([])
  await preflight(worldAt(noon), client)
  expect(seen()).toHaveLength(1)
  files.remove(client.client)
  expect(seen()).toEqual([])
})

test('what an older release noted of a login says nothing of a key', async () => {
  const { worldAt } = machine({ version: yes('2.1.112'), login: byKey })
  await preflight(worldAt(noon), session)
  const path = worldAt(noon).folders.session(session.name).preflight
  const { method: _, ...older } = JSON.parse(files.readText(path) ?? '{}') as { method: string }
  files.writeText(path, JSON.stringify(older))
  expect(findChecked(worldAt(noon), session)).toEqual([])
})
