import { randomUUID } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Fields, fields } from './json.ts'
import { slug, type World } from './world.ts'

export type Transcript = {
  /** A row of the conversation, with everything the client stamps on it. */
  readonly add: (row: Fields) => void
  /** A row beside it, such as `queue-operation`. */
  readonly note: (row: Fields) => void
}

/** `<config>/projects/<cwd>/<conversation>.jsonl`; appears with its first row, not at start (field notes, section 1). */
export const openTranscript = (world: World, conversation: string, permissionMode: string): Transcript => {
  const file = transcriptFile(world, conversation)
  let parentUuid: string | null = null
  const write = (row: Fields) => {
    mkdirSync(join(file, '..'), { recursive: true })
    appendFileSync(file, `${JSON.stringify(row)}\n`, { mode: 0o600 })
  }
  const begin = () => {
    if (existsSync(file)) return
    write({ type: 'mode', mode: 'normal', sessionId: conversation })
    write({ type: 'permission-mode', permissionMode, sessionId: conversation })
  }
  return {
    note: (row) => {
      begin()
      write({ ...row, timestamp: new Date().toISOString(), sessionId: conversation })
    },
    add: (row) => {
      begin()
      const uuid = randomUUID()
      const place = { cwd: world.cwd, sessionId: conversation, version: world.version, userType: 'external' }
      write({ parentUuid, isSidechain: false, ...row, uuid, timestamp: new Date().toISOString(), ...place })
      parentUuid = uuid
    },
  }
}

export const transcriptFile = (world: World, conversation: string): string =>
  join(world.config, 'projects', slug(world.cwd), `${conversation}.jsonl`)

/** All rows of a conversation, none when there is no transcript. */
export const readTranscript = (world: World, conversation: string): readonly Fields[] => {
  const file = transcriptFile(world, conversation)
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => (line.trim() === '' ? [] : [parse(line)]))
}

const parse = (line: string): Fields => {
  try {
    return fields(JSON.parse(line))
  } catch {
    // The row being written when the client was killed may be cut.
    return {}
  }
}
