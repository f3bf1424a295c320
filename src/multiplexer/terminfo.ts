import { existsSync } from 'node:fs'

/** `tmux-256color` where this machine describes it, else `screen-256color` (older ncurses, macOS). */
export const chooseTerminal = (env: Readonly<Record<string, string>>): string =>
  isDescribed('tmux-256color', env) ? 'tmux-256color' : 'screen-256color'

/** `screen-256color` where this machine describes it, else `screen`: GNU screen knows no sequence that either lacks. */
export const chooseScreenTerminal = (env: Readonly<Record<string, string>>): string =>
  isDescribed('screen-256color', env) ? 'screen-256color' : 'screen'

const folders = [
  '/etc/terminfo',
  '/lib/terminfo',
  '/usr/share/terminfo',
  '/usr/share/lib/terminfo',
  '/usr/lib/terminfo',
]

const isDescribed = (terminal: string, env: Readonly<Record<string, string>>): boolean => {
  const own = [env.TERMINFO, env.HOME && `${env.HOME}/.terminfo`, ...(env.TERMINFO_DIRS ?? '').split(':')]
  const first = terminal.charAt(0)
  // ncurses files entries under the first letter, on macOS under its code.
  const shelves = [first, first.charCodeAt(0).toString(16)]
  return [...own, ...folders].some(
    (folder) => !!folder && shelves.some((shelf) => existsSync(`${folder}/${shelf}/${terminal}`)),
  )
}
