import type { Session } from '../core/session.ts'
import type { Submitted } from '../core/submitted.ts'
import type { Keyboard, World } from '../deps.ts'
import { terminalPlace } from './terminal.ts'
import { createTranscriptTail } from './transcript-tail.ts'

/** Hands on a session's terminal, by its multiplexer. Text and Enter are sent apart: together they are a paste. */
export const openKeyboard = async (world: World, session: Session): Promise<Keyboard> => {
  const { claude } = world
  const multiplexer = await world.multiplexer(session.multiplexer)
  const place = terminalPlace(world, session.name)
  const read = createTranscriptTail(world, claude.foldSubmitted, none)
  const type = async (text: string): Promise<boolean> => (await multiplexer.type(place, text)).is === 'yes'
  return {
    attached: async () => {
      const state = await multiplexer.state(place)
      return state.is === 'yes' ? state.value.attached : null
    },
    prompt: async () => {
      const screen = await multiplexer.capture(place, { history: 0 })
      return screen.is === 'yes' ? claude.readPrompt(screen.value) : null
    },
    shown: multiplexer.shown,
    type,
    erase: (letters) => type(backspace.repeat(letters)),
    enter: async () => (await multiplexer.press(place, 'Enter')).is === 'yes',
    submitted: ({ client }) => {
      const id = client?.file?.conversation ?? null
      return (id === null ? null : read(session, claude.sessionPaths(session), id)) ?? none
    },
  }
}

const none: readonly Submitted[] = []

/** Both versions take many of them in one go. */
const backspace = '\u007f'
