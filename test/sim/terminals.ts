import { execFile } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { patience } from '../patience.ts'
import type { Home } from './home.ts'
import type { TestProcess } from './processes.ts'
import { tested } from './tested.ts'
import { until } from './until.ts'
import { sockets, tmux } from './watch.ts'

/** The keys that leave a session's terminal, as tmux names them. */
export const leaveKeys = tested === 'screen' ? ['C-a', 'd'] : ['C-b', 'd']

/** In words, as `channels attach` says it. */
export const leaveWords = tested === 'screen' ? 'Ctrl-a d' : 'Ctrl-b d'

/** The servers of a session's terminal, or of the keeper's; those that only ask one are none. */
export const servers = (home: Home, session = 'work'): readonly TestProcess[] =>
  home
    .processes()
    .filter(({ comm, argv }) =>
      tested === 'screen'
        ? comm === 'screen' &&
          argv[0]?.endsWith('SCREEN') === true &&
          argv[argv.indexOf('-dmS') + 1] === session
        : comm === 'tmux: server' && argv.includes(socketOf(home, session)),
    )

/** Pid of that server; null where there is none. */
export const serverOf = (home: Home, session = 'work'): number | null =>
  servers(home, session)[0]?.pid ?? null

/** Ends the terminal as the multiplexer itself does when told to. */
export const killServer = async (home: Home, session = 'work'): Promise<void> =>
  void (tested === 'screen'
    ? await ask(home, session, '-X', 'quit')
    : await tmux(home, socketOf(home, session), 'kill-server'))

/** Closes the pane, or window, that holds the program. */
export const killPane = async (home: Home, session = 'work'): Promise<void> =>
  void (tested === 'screen'
    ? await ask(home, session, '-X', 'kill')
    : await tmux(home, socketOf(home, session), 'kill-pane'))

/** What the session's terminal shows; of screen's letters the low byte is left (field notes, section 7). */
export const screen = async (home: Home, session = 'work'): Promise<string> => {
  if (tested === 'tmux') return tmux(home, socketOf(home, session), 'capture-pane', '-p')
  pictures += 1
  const file = join(home.root, `hardcopy.${pictures}`)
  await ask(home, session, '-p', windowOf(home, session), '-X', 'hardcopy', file)
  // What it is told by -X is carried out in order: once the next picture is there, this one is whole.
  await ask(home, session, '-p', windowOf(home, session), '-X', 'hardcopy', `${file}.next`)
  for (let waits = 0; waits < 200 && !existsSync(`${file}.next`); waits += 1)
    await new Promise((resolve) => setTimeout(resolve, 10))
  rmSync(`${file}.next`, { force: true })
  if (!existsSync(file)) return ''
  const text = readFileSync(file, 'latin1').trimEnd()
  rmSync(file)
  return text
}

let pictures = 0

/** Keys as `tmux send-keys` names them. */
export const press = async (home: Home, keys: readonly string[], session = 'work'): Promise<void> => {
  if (tested === 'tmux') return void (await tmux(home, socketOf(home, session), 'send-keys', ...keys))
  for (const key of keys)
    await ask(home, session, '-p', windowOf(home, session), '-X', 'stuff', stuffed[key] ?? key)
}

const stuffed: Readonly<Record<string, string>> = {
  Enter: '\\015',
  Left: '\\033[D',
  Up: '\\033[A',
  Down: '\\033[B',
  Escape: '\\033',
  'C-c': '\\003',
  'C-u': '\\025',
  'C-z': '\\032',
}

/** Literal text, without Enter: sent with it, it counts as a paste. */
export const typeText = async (home: Home, text: string, session = 'work'): Promise<void> => {
  if (tested === 'tmux') return void (await tmux(home, socketOf(home, session), 'send-keys', '-l', text))
  const octal = [...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
  for (let at = 0; at < octal.length; at += 100)
    await ask(home, session, '-p', windowOf(home, session), '-X', 'stuff', octal.slice(at, at + 100).join(''))
}

/** Number of the window that our program is in: a person may have windows of their own. */
const windowOf = (home: Home, session: string): string =>
  home.processes().find(({ ppid, env }) => ppid === serverOf(home, session) && env.CHANNELS_WINDOW === 'loop')
    ?.env.WINDOW ?? '0'

const socketOf = (home: Home, session: string): string =>
  session === 'keeper' ? sockets(home).keeper : sockets(home, session).session

/** Asks a screen server; what it says, or '' where it refuses or is not there. */
const ask = (home: Home, session: string, ...args: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    const pid = serverOf(home, session)
    if (pid === null) return resolve('')
    const env = { ...home.env, SCREENDIR: join(home.state, 'terminals', 'screen'), LANG: 'C.UTF-8' }
    const call = ['-U', '-S', `${pid}.${session}`, ...args]
    execFile('screen', call, { env, timeout: 10_000 * patience }, (error, stdout) =>
      resolve(error ? '' : stdout.trimEnd()),
    )
  })

/** Types a line into the session's terminal; text and Enter apart, since together they count as a paste. */
export const typeLine = async (home: Home, text: string, session = 'work'): Promise<void> => {
  await typeText(home, text, session)
  // A slash command offers itself first; Enter before that is lost.
  await until(`${text} on the screen`, async () => (await screen(home, session)).includes(text))
  await press(home, ['Enter'], session)
}
