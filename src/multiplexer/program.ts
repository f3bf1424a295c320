import { accessSync, constants } from 'node:fs'
import { isAbsolute, join } from 'node:path'

/** A program is looked for in the PATH it is run with, and a server's PATH need not hold its own multiplexer. */
export const locate = (program: string, path = ''): string =>
  isAbsolute(program)
    ? program
    : (path
        .split(':')
        .map((folder) => join(folder, program))
        .find((file) => isAbsolute(file) && mayRun(file)) ?? program)

const mayRun = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** An environment without the variables of these names. */
export const without = (
  env: Readonly<Record<string, string>>,
  names: readonly string[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)))
