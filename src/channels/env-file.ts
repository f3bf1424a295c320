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

export type EnvFault = 'crlf' | 'export' | 'quoted' | 'twice'

/**
 * What keeps the plugin from reading the value that an `.env` was obviously meant to give it: a CR at the line's end, an
 * `export` before it, quotes that would become part of it, or the key twice. Empty when it reads what was meant, or when
 * the key is not there at all.
 */
export const envFaults = (text: string, key: string): readonly EnvFault[] => {
  const lines = linesOf(text, key)
  // A line with `export` is passed over by the plugin, and hinders nobody where another is as it should be.
  const hindering = readsWell(text, key) === null ? lines : lines.filter(({ exported }) => !exported)
  const found: readonly (readonly [EnvFault, boolean])[] = [
    ['crlf', hindering.some(({ crlf }) => crlf)],
    ['export', hindering.some(({ exported }) => exported)],
    ['quoted', hindering.some(({ quoted }) => quoted)],
    ['twice', hindering.length > 1],
  ]
  return found.flatMap(([fault, is]) => (is ? [fault] : []))
}

/**
 * The value that was meant: what the plugin reads when that is a value, else that of the first line that has one, with
 * CR, quotes and `export` taken off. Null when there is none.
 */
export const meantToken = (text: string, key: string): string | null =>
  readsWell(text, key) ?? linesOf(text, key).find(({ value }) => value !== '')?.value ?? null

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
    // A character for each byte, so that what is not UTF-8 in the other lines stays as it is.
    const file = readStateFile(stateDir, '.env', 'latin1')
    if (file.is === 'unreadable') throw unreadable(file.detail)
    const text = setEnvValue(file.is === 'text' ? file.text : '', variable, token)
    replaceStateFile(stateDir, '.env', Buffer.from(text, 'latin1'), replaceFile)
  }

/** A line that sets this key for somebody, the plugin or a shell. */
type KeyLine = {
  readonly value: string
  readonly crlf: boolean
  readonly exported: boolean
  readonly quoted: boolean
}

const linesOf = (text: string, key: string): readonly KeyLine[] =>
  text.split('\n').flatMap((line) => {
    const [before = '', exported, name] = /^(\s*export\s+)?(\w+)=/.exec(line) ?? []
    if (name !== key) return []
    const given = line.slice(before.length)
    const plain = given.replace(/\r+$/, '')
    const [, , inQuotes] = quotes.exec(plain) ?? []
    const value = inQuotes ?? plain
    return [
      { value, crlf: plain !== given, exported: exported !== undefined, quoted: inQuotes !== undefined },
    ]
  })

const quotes = /^(["'])(.*)\1$/

/** What the plugin reads, when that is a value without quotes. */
const readsWell = (text: string, key: string): string | null => {
  const value = readEnvValue(text, key)
  return value === null || value === '' || quotes.test(value) ? null : value
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
