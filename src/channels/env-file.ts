import { type Answer, no, unknown, yes } from '../core/answer.ts'
import { ExpectedError, exitStatus } from '../errors.ts'
import type { ReplaceFile } from '../system/replace-file.ts'
import { readStateFile, replaceStateFile } from './state-files.ts'

/**
 * A value as the plugins read their `.env` (field notes, section 3; telegram 0.0.7): lines end at `\n`, the first one
 * that holds counts, quotes belong to the value, and a line with a CR in it holds nothing. Null when there is none.
 */
export const readEnvValue = (text: string, key: string): string | null => {
  const line = text.split('\n').find((candidate) => isReadable(candidate) && keyOf(candidate) === key)
  return line === undefined ? null : line.slice(key.length + 1)
}

/**
 * The text with this value set where the plugin finds it. Every line of another key stays byte for byte; further lines
 * of this key, which the plugin would pass over, go: they may hold an old token. Throws for what a line can't hold.
 */
export const setEnvValue = (text: string, key: string, value: string): string => {
  const set = `${key}=${value}`
  if (!/^\w+$/.test(key) || !isReadable(set))
    throw new Error('A line of an .env file can hold neither this key nor this value.')
  const lines = text.split('\n')
  const first = lines.findIndex((line) => keyOf(line) === key)
  if (first !== -1)
    return lines.flatMap((line, i) => (i === first ? [set] : keyOf(line) === key ? [] : [line])).join('\n')
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${set}\n`
}

/** The token in a plugin's state folder. No means that the plugin will find none there. */
export const readToken = (stateDir: string, variable: string): Answer<string> => {
  const file = readStateFile(stateDir, '.env')
  if (file.is === 'unreadable') return unknown(file.detail)
  if (file.is === 'absent') return no(`there is no .env in ${stateDir}`)
  const value = readEnvValue(file.text, variable)
  return value === null || value === '' ? no(`the .env in ${stateDir} sets no ${variable}`) : yes(value)
}

/** Writes the token where the plugin reads it, file 0600, folder 0700. Throws ExpectedError as `replaceStateFile` does, and when the file there can't be read. */
export const writeToken =
  (replaceFile: ReplaceFile) =>
  (stateDir: string, variable: string, token: string): void => {
    const file = readStateFile(stateDir, '.env')
    if (file.is === 'unreadable') throw unreadable(file.detail)
    const text = setEnvValue(file.is === 'text' ? file.text : '', variable, token)
    replaceStateFile(stateDir, '.env', text, replaceFile)
  }

// The plugin's own pattern, /^(\w+)=(.*)$/: its dot matches no line end, and CR is one.
const isReadable = (line: string): boolean => /^\w+=.*$/.test(line)

const keyOf = (line: string): string | null => /^(\w+)=/.exec(line)?.[1] ?? null

const unreadable = (detail: string) =>
  new ExpectedError(
    exitStatus.noPermission,
    `${detail}; it was left as it is.`,
    'Make it readable for yourself, then try again.',
  )
