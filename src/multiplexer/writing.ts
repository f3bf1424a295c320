import { dirname } from 'node:path'
import { ExpectedError, statusOfWrite } from '../errors.ts'

/** Writes something of a terminal. Throws an ExpectedError (73, 77) that names the path where it cannot. */
export const writing = (path: string, write: (path: string) => void): void => {
  try {
    write(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null
    if (code === null) throw error
    throw new ExpectedError(
      statusOfWrite(code),
      `Cannot write ${path} (${code}).`,
      `Look at ${dirname(path)}.`,
      error,
    )
  }
}
