import { join } from 'node:path'
import type { Home } from './home.ts'
import { tmux } from './watch.ts'

/** A terminal as a person has one, in a tmux server of its own. */
export type Terminal = {
  readonly screen: () => Promise<string>
  /** Keys as `tmux send-keys` names them. */
  readonly press: (...keys: readonly string[]) => Promise<void>
  readonly type: (text: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** Opens one and runs a shell command in it; the screen stays when that has ended. */
export const openTerminal = async (
  home: Home,
  name: string,
  cwd: string,
  command: string,
): Promise<Terminal> => {
  const socket = join(home.root, `${name}.tmux`)
  const held = `${command}; echo "[ended with $?]"; exec cat`
  await tmux(home, socket, '-f', '/dev/null', 'new-session', '-d', '-x', '110', '-y', '40', '-c', cwd, held)
  return {
    screen: () => tmux(home, socket, 'capture-pane', '-p'),
    press: async (...keys) => void (await tmux(home, socket, 'send-keys', ...keys)),
    type: async (text) => void (await tmux(home, socket, 'send-keys', '-l', text)),
    close: async () => void (await tmux(home, socket, 'kill-server')),
  }
}
