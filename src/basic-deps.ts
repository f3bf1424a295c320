import { createRequire } from 'node:module'
import type { BasicDeps } from './deps.ts'
import { resolveFolders } from './system/folders.ts'
import { printable } from './system/printable.ts'
import { readUtf8 } from './system/read-utf8.ts'
import { readSettings, updateSettings } from './system/settings-file.ts'
import { wrapLong } from './ui/wrap.ts'

/** What of the process only `main` may read. */
export type Process = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  readonly node: string
  /** The folder of the built files. */
  readonly dist: string
  /** The present folder; a function, since it may be gone. */
  readonly cwd: () => string
  readonly write: (descriptor: 1 | 2, text: string) => void
  readonly isTerminal: (descriptor: 0 | 1 | 2) => boolean
  /** Of a terminal. */
  readonly columns: (descriptor: 1 | 2) => number
  readonly stdin: () => NodeJS.ReadStream
  readonly stdout: () => NodeJS.WriteStream
  readonly stderr: () => NodeJS.WriteStream
  /** Fires when the process is to end. */
  readonly cancelled: AbortSignal
  /** Fires it. */
  readonly cancel: () => void
  /** Ends the process at once, as a second Ctrl-C does. */
  readonly interrupt: () => void
  /** Calls back at SIGUSR1. */
  readonly onNudge: (wake: () => void) => void
}

/** What is configured, and a way to say it: all that a completion waits for. */
export const basicDeps = ({ env, dist, write, isTerminal, columns }: Process): BasicDeps => {
  const home = env.HOME === undefined || env.HOME === '' ? homeOfUser() : env.HOME
  const folders = resolveFolders(env, home)
  // The one place that decides on colour: a terminal, and never with NO_COLOR (no-color.org: set and not empty).
  const colour = () =>
    (env.NO_COLOR === undefined || env.NO_COLOR === '') && env.TERM !== 'dumb' && isTerminal(1)
  /** A terminal alone would break it within words; what is read by programs keeps its lines. */
  const broken = (descriptor: 1 | 2, prose: string): string =>
    isTerminal(descriptor) ? wrapLong(prose, columns(descriptor)) : prose
  const shown = (line: string, as?: 'prose'): string => {
    // Asked only where there is a sequence: whether stdout is a terminal costs the first time.
    const text = printable(line, line.includes('\u001b') && colour() ? 'kept' : 'cut')
    return `${as === 'prose' ? broken(1, text) : text}\n`
  }
  return {
    home,
    folders,
    settings: {
      read: () => readSettings(folders.configFile),
      update: (change) => updateSettings(folders.configFile, change),
    },
    shipped: (path) => readUtf8(`${dist}/../${path}`),
    output: {
      print: (line, as) => write(1, shown(line, as)),
      printAll: (lines) => write(1, lines.map((line) => shown(...line)).join('')),
      say: (line) => write(2, `${broken(2, printable(line))}\n`),
      colour,
      terminal: () => isTerminal(0) && isTerminal(1),
      interactive: () => isTerminal(0) && isTerminal(2),
    },
  }
}

/** node:os is seldom needed, and takes its time to load. */
const homeOfUser = (): string => {
  const { homedir }: typeof import('node:os') = createRequire(import.meta.url)('node:os')
  return homedir()
}
