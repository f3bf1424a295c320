import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { JournalEntry } from '../../src/core/events.ts'
import { keptBy } from '../../src/core/kept.ts'
import type { ReasonName } from '../../src/core/reasons.ts'
import type { SessionReport } from '../../src/core/report.ts'
import { type Folders, resolveFolders, type SessionFolders } from '../../src/system/folders.ts'
import { patience } from '../patience.ts'
import type { Home } from './home.ts'
import type { TestProcess } from './processes.ts'
import { screen } from './terminals.ts'
import { until } from './until.ts'

/** A channel that a client registered: one per client start (field notes, section 2, "MCP log"). */
export type Registration = { readonly file: string; readonly at: number; readonly conversation: string }

/** The supervised clients of a home; a client started by hand without channels is none. */
export const clients = (home: Home): readonly TestProcess[] =>
  home
    .processes()
    .filter(({ argv }) => runs(argv, 'claude') && channelLists.some((list) => argv.includes(list)))

const channelLists = ['--channels', '--dangerously-load-development-channels']

/** The plugin processes that poll. */
export const pollers = (home: Home): readonly TestProcess[] =>
  home
    .processes()
    .filter(({ argv }) => argv.some((word) => basename(word) === 'server.ts') && runs(argv, 'bun', 'node'))

const runs = (argv: readonly string[], ...programs: readonly string[]): boolean =>
  argv.slice(0, 2).some((word) => programs.includes(basename(word)))

/** The one session of a home, once it is live; with `not`, by another client than that pid. */
export const untilLive = async (
  home: Home,
  wanted: { readonly not?: number; readonly ms?: number } = {},
): Promise<LiveSession> => {
  let last: SessionReport | undefined
  try {
    return await until(
      'a live session',
      async () => {
        ;[last] = (await home.status()).sessions
        return isLive(last) && last.client.pid !== wanted.not ? last : null
      },
      wanted.ms ?? 20_000,
    )
  } catch (cause) {
    throw new Error(`not live: ${JSON.stringify(last)}\n${await screen(home)}`, { cause })
  }
}

export type LiveSession = SessionReport & { readonly client: NonNullable<SessionReport['client']> }

const isLive = (session: SessionReport | undefined): session is LiveSession =>
  session?.state === 'live' && session.client !== null

/** Oldest first. 2.1.330 writes the line twice: the first counts. */
export const registrations = (home: Home): readonly Registration[] =>
  filesBelow(join(home.home, '.cache', 'claude-cli-nodejs'))
    .flatMap((file) => {
      const row = rowsOf(file).find(({ debug }) => debug === 'Channel notifications registered')
      return row === undefined
        ? []
        : [{ file, at: Date.parse(String(row.timestamp)), conversation: String(row.sessionId) }]
    })
    .sort((a, b) => a.at - b.at)

/** Everything that clients working in `cwd` wrote into their MCP logs. */
export const mcpLogText = (home: Home, cwd: string): string =>
  filesBelow(join(home.home, '.cache', 'claude-cli-nodejs', cwd.replace(/[^A-Za-z0-9]/g, '-')))
    .map(textOf)
    .join('')

/** The rows of all transcripts, file by file. */
export const transcriptRows = (home: Home): readonly Row[] =>
  filesBelow(join(home.home, '.claude', 'projects')).flatMap(rowsOf)

/** Messages of the channel that reached the conversation, as the transcript proves it. */
export const delivered = (home: Home, text: string): readonly Row[] =>
  transcriptRows(home).filter(
    ({ type, origin, message }) =>
      type === 'user' &&
      (origin as Row | undefined)?.kind === 'channel' &&
      JSON.stringify(message).includes(text),
  )

export const journal = (home: Home): readonly JournalEntry[] =>
  rowsOf(join(home.state, 'events.jsonl')) as unknown as readonly JournalEntry[]

/** When a keeper first called the session so, from `since` on; both in ms since 1970, null: not yet. */
export const namedAt = (home: Home, reason: ReasonName, since: number): number | null => {
  const named = journal(home).find(
    (entry) =>
      entry.type === 'state' &&
      entry.session === 'work' &&
      entry.channel === null &&
      entry.reason === reason &&
      entry.at >= since,
  )
  return named?.at ?? null
}

/** Waits for that. What is healed within a second or two is over before anybody has asked `status`. */
export const untilNamed = (home: Home, reason: ReasonName, since: number, ms = 10_000): Promise<number> =>
  until(
    () => [`${reason} in the journal:`, ...journal(home).map((entry) => JSON.stringify(entry))].join('\n'),
    () => namedAt(home, reason, since),
    ms,
  )

/** Live for the keeper, too: it looks every two seconds, and names what it has seen alive by its next look. */
export const untilKept = (home: Home): Promise<JournalEntry> =>
  until('live, says the keeper', () => {
    const last = journal(home).findLast((entry) => entry.type === 'state' && entry.channel === null)
    return last?.type === 'state' && last.to === 'live' ? last : null
  })

export type Row = Readonly<Record<string, unknown>>

/** Complete lines of a file; a missing file has none, and neither counts a line that is still being written. */
const rowsOf = (file: string): readonly Row[] =>
  textOf(file)
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Row)

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

const filesBelow = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => join(folder, name))
  } catch {
    return []
  }
}

/** Whether a plugin of the session keeps messages from a client that does not listen yet (`channels/hold.ts`). */
export const isKeeping = (home: Home, session = 'work'): boolean =>
  readdirSync(foldersOf(home, session).bunFolder).some((name) => keptBy(name) !== null)

export const foldersOf = (home: Home, session: string): SessionFolders => ownFolders(home).session(session)

const ownFolders = (home: Home): Folders => resolveFolders({ CHANNELS_HOME: home.channelsHome }, home.home)

/** The tmux sockets of a session and of the keeper. */
export const sockets = (home: Home, session = 'work') => {
  const folders = ownFolders(home)
  return { session: folders.session(session).socket, keeper: folders.keeper.socket }
}

/** Asks a tmux server; what it says, or '' where it refuses or is not there. */
export const tmux = (home: Home, socket: string, ...args: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    const env = { ...home.env, TERM: 'xterm-256color', LANG: 'C.UTF-8' }
    execFile('tmux', ['-S', socket, ...args], { env, timeout: 10_000 * patience }, (error, stdout) =>
      resolve(error ? '' : stdout.trimEnd()),
    )
  })
