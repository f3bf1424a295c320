import type { ProcessId } from '../process.ts'
import { shellWord } from '../shell-word.ts'

/** What `channels doctor --fix` may do: it loses nothing, ends no client, and a start of ours would do it, too. */
export type Fix =
  /** No link on its way: it is a real path. */
  | { readonly do: 'close-mode'; readonly path: string; readonly mode: number }
  | { readonly do: 'start-keeper' }
  /** Takes the client's note that a plugin failed out of its cache. */
  | { readonly do: 'drop-note'; readonly session: string; readonly server: string }
  /** For the user: the session enables it for itself. */
  | { readonly do: 'disable-plugin'; readonly session: string; readonly key: string }
  /** A plugin that an ended client of a session left behind. */
  | { readonly do: 'end-left-over'; readonly session: string; readonly process: ProcessId }

/** What is about to be done, as it is said before it is. */
export const describeFix = (fix: Fix): string => {
  switch (fix.do) {
    case 'close-mode':
      return `chmod ${fix.mode.toString(8)} ${shellWord(fix.path)}`
    case 'start-keeper':
      return 'start a keeper'
    case 'drop-note':
      return `take ${fix.server} out of the client’s list of servers that failed (session ${fix.session})`
    case 'disable-plugin':
      return `claude plugin disable ${fix.key} (session ${fix.session} enables it for itself)`
    case 'end-left-over':
      return `end process ${fix.process.pid}, a plugin that an ended client of ${fix.session} left behind`
  }
}
