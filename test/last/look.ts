import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readProcess } from '../sim/processes.ts'
import type { Seen } from './left-behind.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))
/** Made by builds, by package managers and by git. */
const ignored = new Set(['node_modules', 'dist', '.git', 'test/.build'])

/** By people, who may be at it while their tests run; and logs, which git ignores. */
const written = /\.(ts|md|log)$/

/** Looks for what a run with this temporary folder may have left. */
export const look = (folder: string): Seen => ({
  files: namesBelow(folder),
  processes: readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []),
  repository: namesBelow(repository, (path) => ignored.has(path) || written.test(path)),
  home: atHome(homedir(), folder),
})

const namesBelow = (
  folder: string,
  leavesOut: (path: string) => boolean = () => false,
  below = '',
): readonly string[] =>
  readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name)
    if (leavesOut(path)) return []
    return entry.isDirectory() ? [`${path}/`, ...namesBelow(folder, leavesOut, path)] : [path]
  })

/** The person's own client may be writing there all the time: only what is ours, and what names the run, counts. */
const atHome = (home: string, folder: string): Seen['home'] => {
  const slug = folder.replace(/[^A-Za-z0-9]/g, '-')
  return [
    ...['.config/channels', '.local/state/channels'].map((path) => ({ path, namesRun: false })),
    ...['.claude.json', '.claude/settings.json', '.config/channels/config.json'].map((path) => ({
      path,
      namesRun: textOf(join(home, path)).includes(`${folder}/`),
    })),
    ...['.claude/projects', '.cache/claude-cli-nodejs'].flatMap((path) =>
      namesIn(join(home, path))
        .filter((name) => name.startsWith(slug))
        .map((name) => ({ path: join(path, name), namesRun: true })),
    ),
  ].filter(({ path }) => existsSync(join(home, path)))
}

const textOf = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '')

const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : [])
