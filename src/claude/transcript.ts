import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs'
import type { ClientPaths } from '../core/client.ts'
import { parseFields, textField } from './fields.ts'
import { transcriptFolderName } from './paths.ts'

/**
 * The transcript of a conversation, or null when there is none yet. Looked for where a client that works in `cwd` should
 * have put it; else, unless `only` that place is asked for, in every project folder: how the client derives a folder's
 * name has limits that change (field notes, section 1), and who has worked in a thousand folders has as many to search.
 */
export const findTranscript = (
  paths: ClientPaths,
  conversation: string,
  place: { readonly cwd: string; readonly only?: boolean } | null = null,
): string | null => {
  if (!uuidPattern.test(conversation)) return null
  // Plainly put together: it is an absolute path already, and this is asked of every session in every look.
  const projects = `${paths.config}/projects`
  if (place !== null) {
    const usual = `${projects}/${transcriptFolderName(place.cwd)}/${conversation}.jsonl`
    if (existsSync(usual)) return usual
    if (place.only === true) return null
  }
  const files = foldersIn(projects).map((folder) => `${projects}/${folder}/${conversation}.jsonl`)
  return files.find((file) => existsSync(file)) ?? null
}

/**
 * Whether a transcript can be resumed: one in which nobody has said anything yet can't, and its id can't be begun again
 * either (both end with 1; 2.1.139 and 2.1.330). Such a file is what a client leaves that died during its first message.
 */
export const isResumable = (file: string): boolean => {
  const descriptor = openSync(file, 'r')
  try {
    let text = Buffer.alloc(0)
    for (;;) {
      const chunk = Buffer.allocUnsafe(chunkBytes)
      const got = readSync(descriptor, chunk)
      text = Buffer.concat([text, chunk.subarray(0, got)])
      // A row that is still being written, or was cut by a kill, is none; a last one without its line end may be whole.
      const end = got === 0 ? text.length : text.lastIndexOf(0x0a) + 1
      if (text.subarray(0, end).toString('utf8').split('\n').some(isMessage)) return true
      if (got === 0) return false
      text = text.subarray(end)
      if (text.length > longestRow) return true
    }
  } finally {
    closeSync(descriptor)
  }
}

const chunkBytes = 64 * 1024
/** Where a row is longer than this, much was said. */
const longestRow = 8 * 1024 * 1024

const isMessage = (line: string): boolean => {
  // Most rows before the first message are long and none.
  if (!line.includes('"user"') && !line.includes('"assistant"')) return false
  const type = textField(parseFields(line) ?? {}, 'type')
  return type === 'user' || type === 'assistant'
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const foldersIn = (folder: string): readonly string[] => {
  // There is none before the first message of all, and what is thrown takes ten times as long as a look.
  if (!existsSync(folder)) return []
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
