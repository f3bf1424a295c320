import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Machine } from '../faults/kit.ts'

/** The person's own tmux, with sessions that are called like ours. */
export type OwnServer = {
  /** What every command in their shells has. */
  readonly env: Readonly<Record<string, string>>
  /** And besides in those that run in it. */
  readonly inside: Readonly<Record<string, string>>
  /** All that can be asked of it. */
  readonly state: () => string
}

export const startOwnServer = (home: Machine): OwnServer => {
  const folder = join(home.root, 'own-tmux')
  mkdirSync(folder)
  const env = { ...home.env, TMUX_TMPDIR: folder, TERM: 'xterm-256color', LANG: 'C.UTF-8' }
  const ask = (...words: readonly string[]): string => execFileSync('tmux', words, { env, encoding: 'utf8' })
  ask('-f', '/dev/null', 'new-session', '-d', '-s', 'work', 'cat')
  ask('new-session', '-d', '-s', 'keeper', 'cat')
  const [socket, pid, session] = ask(
    ...['display-message', '-p', '-t', 'work', '#{socket_path} #{pid} #{session_id}'],
  )
    .trim()
    .split(' ')
  return {
    env: { TMUX_TMPDIR: folder },
    inside: { TMUX: `${socket},${pid},${session?.slice(1)}`, TMUX_PANE: '%0' },
    state: () =>
      [
        ['list-panes', '-a', '-F', '#{pid} #{session_name} #{session_attached} #{pane_id} #{pane_pid}'],
        ['show-options', '-s'],
        ['show-options', '-g'],
        ['show-environment', '-g'],
        ['show-hooks', '-g'],
        ['capture-pane', '-p', '-t', 'work'],
        ['capture-pane', '-p', '-t', 'keeper'],
      ]
        .map((words) => ask(...words))
        .join('\n'),
  }
}
