import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Fields, fields, readJson, writeJson } from './json.ts'
import { type Knobs, readKnobs } from './knobs.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Where this client is and what was told to it from outside. All paths absolute. */
export type World = {
  readonly environment: Environment
  /** Real path: the client keys trust and transcripts by it (field notes, section 1). */
  readonly cwd: string
  readonly config: string
  /** `~/.claude.json`, inside the config folder when `CLAUDE_CONFIG_DIR` is set. */
  readonly json: string
  readonly cache: string
  readonly version: string
  readonly knobs: Knobs
}

export const openWorld = (environment: Environment): World => {
  const home = environment.HOME ?? homedir()
  const knobs = readKnobs(environment)
  const own = environment.CLAUDE_CONFIG_DIR
  const cache = process.platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache')
  return {
    environment,
    cwd: process.cwd(),
    config: own ?? join(home, '.claude'),
    json: join(own ?? home, '.claude.json'),
    cache: process.platform === 'darwin' ? cache : (environment.XDG_CACHE_HOME ?? cache),
    version: knobs.version,
    knobs,
  }
}

/** Whether this version is at least `wanted`. */
export const since = (version: string, wanted: string): boolean =>
  version.localeCompare(wanted, 'en', { numeric: true }) >= 0

/** A folder's name under `projects`: non-alphanumerics become `-`, over 200 characters cut and hashed (section 1). */
export const slug = (path: string): string => {
  const plain = path.replaceAll(/[^A-Za-z0-9]/g, '-')
  if (plain.length <= 200) return plain
  return `${plain.slice(0, 200)}-${createHash('sha1').update(path).digest('hex').slice(0, 6)}`
}

/** A trusted folder above counts, up to the top of the repository (seen of 2.1.330; without a repository of 2.1.139, too). */
export const isTrusted = (world: World): boolean => {
  const json = readJson(world.json)
  return upwards(world.cwd).some((folder) => fieldsOfProject(json, folder).hasTrustDialogAccepted === true)
}

const upwards = (folder: string): readonly string[] =>
  dirname(folder) === folder || existsSync(join(folder, '.git'))
    ? [folder]
    : [folder, ...upwards(dirname(folder))]

/** The answer to the trust dialog, where the client stores it; never for the home directory (section 1). */
export const trust = (world: World) => {
  if (world.cwd === world.environment.HOME) return
  const json = readJson(world.json)
  const project = { ...fieldsOfProject(json, world.cwd), hasTrustDialogAccepted: true }
  writeJson(world.json, { ...json, projects: { ...fields(json.projects), [world.cwd]: project } })
}

/** What the client keeps about a folder. */
export const fieldsOfProject = (json: Fields, cwd: string): Fields => fields(fields(json.projects)[cwd])
