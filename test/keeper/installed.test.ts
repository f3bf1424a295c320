import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { loginFault } from '../../src/claude/auth.ts'
import { readProgramFile } from '../../src/claude/file-look.ts'
import { findProgram, whereNow } from '../../src/claude/find-program.ts'
import { installedVersion } from '../../src/claude/installed-version.ts'
import { clientPaths } from '../../src/claude/paths.ts'
import { compareVersions, oldestClient } from '../../src/claude/version.ts'
import { type Answer, unknown, yes } from '../../src/core/answer.ts'
import { clientOf } from '../../src/core/client-of.ts'
import type { World } from '../../src/deps.ts'
import { findInstalled } from '../../src/keeper/installed.ts'
import { preflight } from '../../src/keeper/preflight.ts'
import { bunOf } from '../../src/keeper/where-now.ts'
import { files } from '../../src/system/files.ts'
import { resolveFolders } from '../../src/system/folders.ts'
import { minutes, noon, run, session } from '../core/evidence-builder.ts'
import { ownFolder } from '../system/own.ts'

/** A machine with the native installer's folder, and a client that was started from there. */
const machine = () => {
  const home = ownFolder()
  const folders = resolveFolders({ CHANNELS_HOME: join(home, 'own') }, home)
  mkdirSync(folders.session(session.name).folder, { recursive: true })
  const path = join(home, '.local/bin/claude')
  const program = (file: string, text = '#!/bin/sh\n') => {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    chmodSync(file, 0o755)
    return file
  }
  const install = (version: string) => {
    const file = program(join(home, '.local/share/claude/versions', version))
    mkdirSync(dirname(path), { recursive: true })
    symlinkSync(file, `${path}.new`)
    renameSync(`${path}.new`, path)
  }
  install('2.1.330')
  const world = (version: Answer<string> = unknown('not asked'), now = noon) =>
    ({
      files,
      folders,
      platform: 'linux',
      clock: { now: () => now },
      claude: {
        ...{
          readProgramFile,
          whereNow,
          findProgram,
          installedVersion,
          compareVersions,
          oldestClient,
          loginFault,
        },
        sessionPaths: () => clientPaths({}, home, 'linux'),
        clientVersion: async () => version,
        authStatus: async () => unknown('not asked'),
      },
    }) as unknown as World
  const own = { ...session, client: path }
  const file = readProgramFile(path)
  const started = run({ client: file === null ? null : { path, ...file } })
  const find = (at = world()) => findInstalled(at, own, started, '2.1.330')
  return { home, path, own, program, install, world, find, started }
}

test('what runs is what is installed', () => {
  expect(machine().find()).toEqual({ version: '2.1.330', another: false, runs: 'yes' })
})

test('the link switched: seen by where it leads, believed to run once it said its version', async () => {
  const { install, find, world, own } = machine()
  install('2.1.331')
  expect(find()).toEqual({ version: '2.1.331', another: true, runs: 'unknown' })
  await preflight(world(yes('2.1.331')), own)
  expect(find()).toEqual({ version: '2.1.331', another: true, runs: 'yes' })
  // What was said of one file says nothing of the next.
  install('2.1.332')
  expect(find()).toEqual({ version: '2.1.332', another: true, runs: 'unknown' })
  install('2.1.330')
  expect(find()).toMatchObject({ another: true, runs: 'unknown' })
})

test('one that gives no version does not run, for ten minutes', async () => {
  const { install, find, world, own } = machine()
  install('2.1.331')
  await preflight(world(unknown('exit status 1')), own)
  expect(find()).toEqual({ version: '2.1.331', another: true, runs: 'no' })
  expect(find(world(undefined, noon + 10 * minutes))).toMatchObject({ runs: 'unknown' })
})

test('a file that is written anew in its place: told by the time, its version by whom it is asked', async () => {
  const { home, own, program, world } = machine()
  const path = program(join(home, 'bin/claude'))
  const mine = { ...own, client: path }
  const file = readProgramFile(path)
  const started = run({ client: file === null ? null : { path, ...file, changedAt: file.changedAt - 5_000 } })
  const find = () => findInstalled(world(), mine, started, '2.1.330')
  expect(find()).toEqual({ version: null, another: true, runs: 'unknown' })
  await preflight(world(yes('2.1.331')), mine)
  expect(find()).toEqual({ version: '2.1.331', another: true, runs: 'yes' })
})

test('nothing is told of a client of before this was noted, of another choice of the person’s, or of none', () => {
  const { own, path, world, started } = machine()
  expect(findInstalled(world(), own, run(), '2.1.330')).toBeNull()
  expect(findInstalled(world(), { ...own, client: '/usr/bin/claude' }, started, '2.1.330')).toBeNull()
  rmSync(path)
  expect(findInstalled(world(), own, started, '2.1.330')).toBeNull()
})

test('a start takes the same program in another version, and no other installation', () => {
  const { home, own, program, world } = machine()
  const [old, now] = ['v20.1.0', 'v22.1.0'].map((version) => join(home, '.nvm/versions/node', version, 'bin'))
  program(`${now}/claude`)
  program(`${now}/bun`)
  const bin = dirname(program(join(home, 'bin/bun')))
  const nvm = { ...own, client: `${old}/claude`, bun: `${old}/bun`, environment: { PATH: bin } }
  expect([clientOf(world(), nvm), bunOf(world(), nvm)]).toEqual([`${now}/claude`, `${now}/bun`])
  rmSync(join(home, '.nvm'), { recursive: true })
  // Which client it is matters to the person; for Bun any will do that the session's PATH has.
  expect([clientOf(world(), nvm), bunOf(world(), nvm)]).toEqual([`${old}/claude`, `${bin}/bun`])
  expect(bunOf(world(), { ...nvm, environment: { PATH: '/none' } })).toBeNull()
  expect(bunOf(world(), { ...own, bun: null, environment: { PATH: bin } })).toBe(`${bin}/bun`)
})
