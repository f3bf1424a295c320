import type { Home } from '../../sim/home.ts'
import { until } from '../../sim/until.ts'
import { sockets, tmux } from '../../sim/watch.ts'

/** A person at a session's terminal goes to an answer of the dialog there, wherever it stands, and takes it. */
export const choose = async (home: Home, session: string, answer: string): Promise<void> => {
  const socket = sockets(home, session).session
  await untilShown(home, session, answer)
  await until(`${answer} to be chosen`, async () => {
    const chosen = (await shown(home, session)).split('\n').find((line) => line.includes('❯'))
    if (chosen?.includes(answer)) return true
    await tmux(home, socket, 'send-keys', 'Down')
    return false
  })
  await tmux(home, socket, 'send-keys', 'Enter')
}

/** Waits until this stands in a session's terminal. */
export const untilShown = (home: Home, session: string, text: string, ms = 20_000): Promise<unknown> =>
  until(`${text} in ${session}`, async () => (await shown(home, session)).includes(text), ms)

const shown = (home: Home, session: string): Promise<string> =>
  tmux(home, sockets(home, session).session, 'capture-pane', '-p')
