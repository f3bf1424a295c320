import type { Answer } from '../core/answer.ts'
import { no, unknown, yes } from '../core/answer.ts'

/** How a call of tmux ended, as far as it matters here. */
export type TmuxResult = {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  readonly timedOut: boolean
  readonly notFound: boolean
}

/** What tmux says when it can't do a thing; seen on 3.3a, wording unchanged since 3.0. */
export type TmuxTrouble =
  | 'duplicate'
  | 'no-terminal'
  | 'server-went'
  | 'no-permission'
  | 'cannot-write'
  | 'not-installed'
  | 'timeout'
  | 'other'

const troubles: readonly (readonly [RegExp, TmuxTrouble])[] = [
  [/^duplicate session: /m, 'duplicate'],
  [/Permission denied|Operation not permitted/, 'no-permission'],
  [/No space left|Read-only file system|Disk quota/, 'cannot-write'],
  [/^no server running on |^can't find (session|window|pane)|^no current (session|target)/m, 'no-terminal'],
  [/^error connecting to .*\((No such file or directory|Connection refused)\)/m, 'no-terminal'],
  [/^(server exited|lost server|server version is too old)/m, 'server-went'],
]

/** Names the trouble; null when there was none. */
export const tmuxTrouble = (result: TmuxResult): TmuxTrouble | null => {
  if (result.notFound) return 'not-installed'
  if (result.timedOut) return 'timeout'
  if (result.status === 0) return null
  return troubles.find(([pattern]) => pattern.test(result.stderr))?.[1] ?? 'other'
}

/** One sentence for what went wrong, in tmux's own words where it had some. */
export const tmuxWords = (result: TmuxResult): string => {
  if (result.notFound) return 'tmux is not installed'
  if (result.timedOut) return 'tmux did not answer in time'
  const words = result.stderr.trim().replace(/\s*\n\s*/g, '; ')
  return words === '' ? `tmux ended with ${result.status ?? 'a signal'}` : words
}

/** Takes a refusal for an answer: no terminal there, or not known. */
export const refusal = (result: TmuxResult): Answer<never> => {
  const trouble = tmuxTrouble(result)
  return trouble === 'no-terminal' ? no(tmuxWords(result)) : unknown(tmuxWords(result))
}

/** The pane that holds our program; a person may have opened others beside it. */
export type LoopPane = { readonly id: string; readonly pid: number; readonly attached: number }

/** Marks our pane: `set-option -p @channels loop`. */
export const paneMark = ['@channels', 'loop'] as const

export const paneFormat = `#{pane_id} #{pane_pid} #{session_attached} #{${paneMark[0]}}`

/** Reads the lines of `list-panes -F paneFormat`; null when none of them is ours. */
export const parseLoopPane = (stdout: string): LoopPane | null => {
  for (const line of stdout.split('\n')) {
    const [, id, pid, attached, mark] = /^(%\d+) (\d+) (\d+) ?(.*)$/.exec(line) ?? []
    if (id !== undefined && mark === paneMark[1]) return { id, pid: Number(pid), attached: Number(attached) }
  }
  return null
}

/** `tmux -V` prints `tmux 3.3a`, or `tmux next-3.4`. */
export const parseTmuxVersion = (stdout: string): Answer<string> => {
  const version = /^tmux (\S+)\s*$/.exec(stdout)?.[1]
  return version === undefined
    ? unknown(`tmux -V printed ${JSON.stringify(stdout.slice(0, 80))}`)
    : yes(version)
}

/** An argument of the command line: tmux takes a `;` at its end for the end of the command. */
export const tmuxArgument = (text: string): string => (text.endsWith(';') ? `${text.slice(0, -1)}\\;` : text)

/** A word in a configuration file or a command string; nothing is expanded within single quotes. */
export const quoteForTmux = (text: string): string => `'${text.replaceAll("'", `'"'"'`)}'`

/** Cuts text into pieces of at most that many characters, never within one. */
export const pieces = (text: string, length: number): readonly string[] => {
  const characters = [...text]
  const count = Math.ceil(characters.length / length)
  return Array.from({ length: count }, (_, at) => characters.slice(at * length, (at + 1) * length).join(''))
}
