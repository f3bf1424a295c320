import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { patience } from '../patience.ts'
import { stateOf } from '../sim/processes.ts'
import { until } from '../sim/until.ts'

const run = promisify(execFile)

/** A terminal of a test's own: a tmux server without configuration, driven by keys and read from the screen. */
export type PlainTerminal = {
  readonly socket: string
  tmux(...args: readonly string[]): Promise<string>
  /** Key names as tmux knows them; `text` sends characters as they are. */
  keys(...keys: readonly string[]): Promise<void>
  text(text: string): Promise<void>
  screen(): Promise<string>
  /** One format of tmux, such as `#{pane_pid}`. */
  format(format: string): Promise<string>
  close(): Promise<void>
}

export const openPlainTerminal = async (
  command: readonly string[],
  {
    env = {},
    size = '120x40',
  }: { readonly env?: Readonly<Record<string, string>>; readonly size?: string } = {},
): Promise<PlainTerminal> => {
  const folder = await mkdtemp(join(tmpdir(), 'plain-tmux-'))
  const socket = join(folder, 's')
  const tmux = async (...args: readonly string[]) => {
    const whole = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', ...env }
    return (
      await run('tmux', ['-S', socket, '-f', '/dev/null', ...args], {
        env: whole,
        timeout: 10_000 * patience,
      })
    ).stdout
  }
  const [columns = '', rows = ''] = size.split('x')
  await tmux('new-session', '-d', '-s', 't', '-x', columns, '-y', rows, '-c', '/', '--', ...command)
  const server = Number(await tmux('display-message', '-p', '#{pid}'))
  return {
    socket,
    tmux,
    keys: async (...keys) => void (await tmux('send-keys', '-t', 't', ...keys)),
    text: async (text) => void (await tmux('send-keys', '-t', 't', '-l', '--', text)),
    screen: () => tmux('capture-pane', '-p', '-t', 't'),
    format: async (format) => (await tmux('display-message', '-p', '-t', 't', format)).trimEnd(),
    close: async () => {
      if (!isGone(server)) await tmux('kill-server').catch(() => undefined)
      await until('the tmux server of the test to end', () => isGone(server))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Whether a process is gone, or a zombie nobody has collected yet. */
export const isGone = (pid: number): boolean => ['', 'Z'].includes(stateOf(pid))
