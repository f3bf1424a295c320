import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import type { Machine } from './kit.ts'

export const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    // What is only linked lies elsewhere: a program of hundreds of megabytes, on the real client.
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

/** Names, modes and contents of everything in these folders. */
export const snapshot = (...folders: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' }).map((entry) => {
        const path = join(entry.parentPath, entry.name)
        if (entry.isSymbolicLink()) return [path, readlinkSync(path)]
        const mode = (statSync(path).mode & 0o7777).toString(8)
        return [path, entry.isFile() ? `${mode} ${readFileSync(path, 'utf8')}` : mode]
      }),
    ),
  )

/** A token is in its `.env` and nowhere else: not in what was said, in no process, in no other file. */
export const expectNoSecrets = (home: Machine): void => {
  const secrets = home.bot.bots().map(({ token }) => token.slice(token.indexOf(':') + 1))
  const holds = (text: string) => secrets.some((secret) => text.includes(secret))
  expect(holds(home.said())).toBe(false)
  const processes = home
    .processes()
    .filter(({ argv, env }) => holds([...argv, ...Object.values(env)].join('\n')))
  expect(processes.map(({ pid, argv }) => [pid, ...argv])).toEqual([])
  const holders = filesBelow(home.root).filter((file) => holds(textOf(file)))
  for (const file of holders) {
    expect(file).toMatch(/\/\.env$/)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700)
  }
}

/** A keeper at work replaces files: one that is gone by now, or a lock in its place, holds nothing. */
const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR'))
      return ''
    throw error
  }
}
