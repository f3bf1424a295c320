import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs'
import type { ProgramFile } from '../core/process.ts'

/** What finding a program asks of the file system; nothing in it throws. */
export type FileLook = {
  readonly isExecutable: (path: string) => boolean
  /** Through all links; null where that leads nowhere. */
  readonly realPath: (path: string) => string | null
  /** What a link says; null for anything else. */
  readonly link: (path: string) => string | null
  readonly list: (folder: string) => readonly string[]
  /** The first 4 KiB: of a client that is a binary of 200 MB nobody wants more. '' where there is none. */
  readonly head: (path: string) => string
}

export const isExecutableFile = (path: string): boolean =>
  attempt(() => {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  }) ?? false

export const fileLook: FileLook = {
  isExecutable: isExecutableFile,
  realPath: (path) => attempt(() => realpathSync.native(path)),
  link: (path) => attempt(() => readlinkSync(path)),
  list: (folder) => attempt(() => readdirSync(folder)) ?? [],
  head: (path) => attempt(() => readHead(path)) ?? '',
}

/** The program at the end of all links, and when it was changed; null where there is none. Two calls of the system: a look has many. */
export const readProgramFile = (path: string): ProgramFile | null =>
  attempt(() => {
    const real = realpathSync.native(path)
    return { real, changedAt: statSync(real).mtimeMs }
  })

const readHead = (path: string): string => {
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(4_096)
    return head.toString('latin1', 0, readSync(file, head, 0, head.length, 0))
  } finally {
    closeSync(file)
  }
}

/** Null where there is nothing, or nothing that may be seen. */
const attempt = <T>(read: () => T): T | null => {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null
    throw error
  }
}
