import { chmodSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Session } from '../../../src/core/session.ts'
import type { Home } from '../../sim/home.ts'

/** A shell script that may be executed, with what is above it. */
export const writeScript = (file: string, ...lines: readonly string[]): string => {
  mkdirSync(dirname(file), { recursive: true })
  // Whole at once, as what replaces a program that may be running has to be.
  writeFileSync(`${file}.new`, ['#!/bin/sh', ...lines, ''].join('\n'))
  chmodSync(`${file}.new`, 0o755)
  renameSync(`${file}.new`, file)
  return file
}

/** The home's client, of that version, at a path. */
export const writeClient = (home: Home, file: string, version: string, ...lines: readonly string[]): string =>
  writeScript(
    file,
    `export FAKE_CLAUDE_VERSION=${version}`,
    ...lines,
    `exec '${join(home.bin, 'claude')}' "$@"`,
  )

export const writeBun = (home: Home, file: string): string =>
  writeScript(file, `exec '${join(home.bin, 'bun')}' "$@"`)

/** A link as installers switch it: a new one takes the place of the old in one step. */
export const link = (path: string, target: string): void => {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, `${path}.new`)
  renameSync(`${path}.new`, path)
}

/** As the native installer does: a file for each version, and a link to one of them. */
export const installNative = (home: Home, version: string, ...lines: readonly string[]): string => {
  const file = join(home.home, '.local/share/claude/versions', version)
  writeClient(home, file, version, ...lines)
  const path = join(home.home, '.local/bin/claude')
  link(path, file)
  return path
}

export const stored = (home: Home, name: string): Session => {
  const { sessions } = JSON.parse(readFileSync(join(home.channelsHome, 'config.json'), 'utf8')) as {
    readonly sessions: Readonly<Record<string, Session>>
  }
  const found = sessions[name]
  if (found === undefined) throw new Error(`no session ${name} in the configuration`)
  return found
}
