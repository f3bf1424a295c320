import { kinds } from '../core/kinds.ts'
import { nearest } from '../core/nearest.ts'
import { type ExpectedError, usageError } from '../errors.ts'

/** Who typed a kind of channel wants to set one up. */
export const unknownCommand = (typed: string, commands: readonly string[]): ExpectedError => {
  const near = Object.hasOwn(kinds, typed) && typed !== 'custom' ? `setup ${typed}` : nearest(typed, commands)
  return usageError(
    `unknown command '${typed}'.${near === null ? '' : ` Did you mean \`channels ${near}\`?`}`,
    '`channels --help` shows every command.',
  )
}
