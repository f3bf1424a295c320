import { execFile } from 'node:child_process'
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { triedVersions } from '../../src/core/tried-versions.ts'
import { patience } from '../patience.ts'
import { type ClientVersion, clientVersions, storyVersions } from './versions.ts'

const [bunVersion] = triedVersions.bun

/** For vitest's `globalSetup`: what the suite runs on. */
export default async function setup(): Promise<void> {
  await installClients([...clientVersions, ...storyVersions])
}

/** Downloads what is not there yet, Bun among it. */
export const installClients = async (versions: readonly ClientVersion[]): Promise<void> => {
  for (const version of versions)
    await install(`client-${version}`, '@anthropic-ai/claude-code', version, clientIn)
  await install(`bun-${bunVersion}`, 'bun', bunVersion, bunIn)
}

/** Absolute path of the native client. Throws when it is not installed. */
export const clientPath = (version: ClientVersion): string =>
  found(clientIn(join(cache(), `client-${version}`)), version)

/** Absolute path of Bun. Throws when it is not installed. */
export const bunPath = (): string => found(bunIn(join(cache(), `bun-${bunVersion}`)), 'bun')

const cache = (): string =>
  process.env.CHANNELS_TEST_CACHE ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'claude-channels-test')

/**
 * npm 11 runs no install scripts, which would put these programs in place: they are taken from where the packages for
 * this platform brought them (`optionalDependencies`).
 */
const clientIn = (folder: string): string | null => programIn(folder, '@anthropic-ai/claude-code', 'claude')
const bunIn = (folder: string): string | null => programIn(folder, 'bun', join('bin', 'bun'))

const programIn = (folder: string, name: string, program: string): string | null => {
  const modules = join(folder, 'node_modules')
  const platforms = Object.keys(readPackage(join(modules, name)).optionalDependencies ?? {})
  return platforms.map((platform) => join(modules, platform, program)).find(isExecutable) ?? null
}

/** A folder is complete once it has its name: it is filled under another one, so that a download cut short never counts. */
const install = async (
  folderName: string,
  name: string,
  version: string,
  programAt: (folder: string) => string | null,
): Promise<void> => {
  const folder = join(cache(), folderName)
  const isComplete = (): boolean =>
    readPackage(join(folder, 'node_modules', name)).version === version && programAt(folder) !== null
  if (isComplete()) return
  mkdirSync(cache(), { recursive: true })
  const aside = mkdtempSync(join(cache(), `.${folderName}-`))
  try {
    // Without a package.json of its own npm would look for one further up.
    writeFileSync(join(aside, 'package.json'), '{ "private": true }\n')
    const args = [
      'install',
      '--prefix',
      aside,
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      `${name}@${version}`,
    ]
    await promisify(execFile)('npm', args, { cwd: aside, timeout: 280_000 * patience })
    if (programAt(aside) === null) throw new Error(`${name}@${version} brought no program for this platform`)
    rmSync(folder, { recursive: true, force: true })
    renameSync(aside, folder)
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

const found = (path: string | null, what: string): string => {
  if (path === null) throw new Error(`${what} is not in ${cache()}`)
  return path
}

type Package = { readonly version?: string; readonly optionalDependencies?: Readonly<Record<string, string>> }

const readPackage = (folder: string): Package => {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Package
  } catch {
    return {}
  }
}

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
