import { accessSync, constants } from 'node:fs'
import { isAbsolute, join } from 'node:path'

export type Machine = { readonly platform: NodeJS.Platform; readonly tmux: string | null }

/** What the demo can't do without, and what helps, in a sentence; null when all is there. */
export const missing = ({ platform, tmux }: Machine): string | null => {
  if (platform !== 'linux')
    return 'The demo runs on Linux only, since its stand-ins are watched through /proc; `channels` itself runs on macOS, too.'
  if (tmux === null)
    return 'The demo needs tmux, and there is none in your PATH: install it (apt install tmux, brew install tmux), and try again.'
  return null
}

/** Absolute path of a program in PATH, null when there is none. */
export const findProgram = (name: string, path: string): string | null =>
  path
    .split(':')
    .filter(isAbsolute)
    .map((folder) => join(folder, name))
    .find(isExecutable) ?? null

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
