import type { Home } from '../../sim/home.ts'
import { press, screen } from '../../sim/terminals.ts'
import { until } from '../../sim/until.ts'

/** A person at a session's terminal goes to an answer of the dialog there, wherever it stands, and takes it. */
export const choose = async (home: Home, session: string, answer: string): Promise<void> => {
  await untilShown(home, session, answer)
  await until(`${answer} to be chosen`, async () => {
    const before = await screen(home, session)
    const chosen = before.split('\n').find((line) => mark.test(line))
    if (chosen?.includes(answer)) return true
    await press(home, ['Down'], session)
    // A second one that is still under way would go on to the next answer.
    await until('the mark to move', async () => (await screen(home, session)) !== before)
    return false
  })
  await press(home, ['Enter'], session)
}

/** Of the mark a hardcopy of screen leaves an `o`. */
const mark = /^\s*[❯o] /

/** Waits until this stands in a session's terminal. */
export const untilShown = (home: Home, session: string, text: string, ms = 20_000): Promise<unknown> =>
  until(`${text} in ${session}`, async () => (await screen(home, session)).includes(text), ms)
