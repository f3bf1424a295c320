import { becomes } from '../core/becomes.ts'
import type { Effect } from '../core/effect.ts'
import type { Session } from '../core/session.ts'
import { reasonOfDialog } from '../core/verdict.ts'
import type { World } from '../deps.ts'
import { terminalPlace } from './terminal.ts'

/** A menu has a handful of options. */
const mostKeys = 8
/** The client draws a key within a moment; after that it does not read. */
const drawnMs = 2_000

type Answering = Extract<Effect, { do: 'answer-dialog' }>

/**
 * Gives a dialog the answer that the person agreed to beforehand: looks anew before every key, and stops at anything that
 * is not that very dialog, word for word.
 */
export const answerDialog = async (world: World, session: Session, asked: Answering): Promise<void> => {
  const { dialog, answer } = asked
  const multiplexer = await world.multiplexer(session.multiplexer)
  const place = terminalPlace(world, session.name)
  const look = async (): Promise<string | null> => {
    const screen = await multiplexer.capture(place, { history: 0 })
    return screen.is === 'yes' && world.claude.recogniseDialog(screen.value)?.name === dialog
      ? screen.value
      : null
  }
  for (let keys = 0; keys < mostKeys; keys += 1) {
    const screen = await look()
    const key = screen === null ? null : world.claude.keyTowards(screen, dialog, answer)
    if (key === null) return
    await multiplexer.press(place, key)
    const isOver = await changes(world, screen, look)
    if (key !== 'Enter') continue
    const action = isOver ? `answered with ${answer}, as it was set` : `Enter at ${answer} changed nothing`
    world.journal.append(session.name, { type: 'healing', reason: reasonOfDialog[dialog], action })
    return
  }
}

/** Whether the picture became another one. */
const changes = async (
  world: World,
  before: string | null,
  look: () => Promise<string | null>,
): Promise<boolean> => {
  let now = before
  const refresh = async (ms: number): Promise<void> => {
    await world.clock.sleep(ms)
    now = await look()
  }
  return becomes({ elapsed: world.clock.elapsed, sleep: refresh }, drawnMs, () => now !== before, 50)
}
