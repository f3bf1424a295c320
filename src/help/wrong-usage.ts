import { type ExpectedError, usageError } from '../errors.ts'

/** What commander says (14.0.3), in the manner of the others; `called`: the command it is said of. */
export const wrongUsage = (message: string, called: string | null): ExpectedError => {
  const [, text = '', meant] = suggesting.exec(message) ?? []
  const words = meant?.split(', ').map((word) => `\`${word}\``)
  return usageError(
    `${text.replaceAll('\n', ' ')}.${words === undefined ? '' : ` Did you mean ${words.join(' or ')}?`}`,
    called === null
      ? '`channels --help` shows every command, `channels <command> --help` its options.'
      : `\`channels ${called} --help\` has its options and examples.`,
  )
}

const suggesting = /^(?:error: )?(.*?)\.?(?:\n\(Did you mean (?:one of )?(.*)\?\))?$/s
