import { mkdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { clientPaths } from '../../src/claude/paths.ts'
import { compareVersions, oldestClient } from '../../src/claude/version.ts'
import type { World } from '../../src/deps.ts'
import { findChecked, preflight } from '../../src/keeper/preflight.ts'
import { files } from '../../src/system/files.ts'
import { resolveFolders } from '../../src/system/folders.ts'
import { minutes, noon, session } from '../core/evidence-builder.ts'
import { ownFolder } from '../system/own.ts'

test.each([
  ['just now', 0, ['login-missing']],
  ['nine minutes ago', 9 * minutes, ['login-missing']],
  ['ten minutes ago', 10 * minutes, []],
  ['before the clock was set back', -60 * minutes, []],
])('a login that was missing %s', async (_, agoMs, found) => {
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
        sessionPaths: () => clientPaths({}, home, 'linux'),
        compareVersions,
        oldestClient,
        clientVersion: async () => ({ is: 'yes', value: oldestClient }),
        authStatus: async () => ({ is: 'no', detail: 'not logged in' }),
      },
    }) as unknown as World
  await preflight(worldAt(noon), session)
  expect(findChecked(worldAt(noon + agoMs), session).map(({ reason }) => reason)).toEqual(found)
})
