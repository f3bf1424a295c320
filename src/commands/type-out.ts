import { contains, holds, type Prompt } from '../core/prompt.ts'
import type { Refusal } from '../core/send.ts'
import type { Session } from '../core/session.ts'
import type { Deps } from '../deps.ts'
import { cancelled, ExpectedError, exitStatus } from '../errors.ts'
import { type Hands, sees, type Typed, takeBack } from './hands.ts'

/**
 * Types a line into the client's prompt and is done once it stands there alone, and nothing speaks against Enter. Else it
 * takes back what it typed, unless a dialog came in between, and throws an ExpectedError: 1, or 130 when cancelled.
 */
export const typeOut = async (session: Session, text: string, hands: Hands, deps: Deps): Promise<Typed> => {
  const { name } = session
  // Suspended, it draws its prompt again once it has the keyboard back.
  const before = await sees(hands, deps, (prompt) => prompt)
  if (deps.cancelled.aborted) throw cancelled('Nothing was typed.')
  const obstacle = before === null ? noPrompt(name) : before.shell ? shellPrompt(name) : null
  if (before === null || obstacle !== null) throw stopped(obstacle ?? noPrompt(name), 'Nothing was typed.')
  let typed = ''
  const typeAll = async (): Promise<Refusal | null> => {
    for (const piece of piecesOf(text)) {
      if (deps.cancelled.aborted) return null
      typed += piece
      if (!(await hands.keyboard.type(piece))) return deaf(name)
      const trouble = await stands(name, before, typed, hands, deps)
      if (trouble !== null) return trouble
    }
    return (await offers(text, hands, deps)) ?? (await lastLook(name, before, text, hands))
  }
  const trouble = await typeAll()
  if (trouble === null && !deps.cancelled.aborted) return { before, text, alone: true }
  const state = (await takeBack({ before, text: typed, alone: before.text === '' }, hands, deps))
    ? 'What was typed was taken back.'
    : 'Enter was not pressed, and what was typed may still stand in its prompt.'
  throw trouble === null ? cancelled(state) : stopped(trouble, state)
}

const stopped = ({ what, remedy }: Refusal, state: string): ExpectedError =>
  new ExpectedError(exitStatus.wrong, `${what} ${state}`, remedy)

/** From 800 letters on the client takes what comes at once for a paste, and shows a word for it (2.1.139, 2.1.330). */
const piecesOf = (text: string): readonly string[] => {
  const letters = [...text]
  return Array.from({ length: Math.ceil(letters.length / pieceLetters) }, (_, at) =>
    letters.slice(at * pieceLetters, (at + 1) * pieceLetters).join(''),
  )
}

const pieceLetters = 200

const stands = async (
  name: string,
  before: Prompt,
  typed: string,
  hands: Hands,
  deps: Deps,
): Promise<Refusal | null> => {
  let others = 0
  const shown = hands.keyboard.shown(typed)
  const found = await sees(hands, deps, (now) => {
    if (holds(before, now, shown)) return 'alone'
    // Twice in a row: what is drawn may be half the old picture.
    others = contains(now, shown) || now.shell ? others + 1 : 0
    return others < 2 ? null : now.shell ? 'shell' : 'others'
  })
  if (found === 'alone' || deps.cancelled.aborted) return null
  if (found === 'shell') return shellPrompt(name)
  return found === 'others' ? halfTyped(name) : unseen(name)
}

/** Of a name that is not whole the client runs the first that it offers: `/exi` ends it. */
const offers = async (text: string, hands: Hands, deps: Deps): Promise<Refusal | null> => {
  const command = text.trim()
  if (!/^\/[^\s/]+$/.test(command)) return null
  const found = await sees(hands, deps, (now) => (now.offers.includes(command) ? true : null))
  return found === null
    ? {
        what: `The client offers no command \`${command}\`.`,
        remedy: 'Name one in full, as it stands in the list that / opens in its terminal.',
      }
    : null
}

const lastLook = async (
  name: string,
  before: Prompt,
  text: string,
  { keyboard, look }: Hands,
): Promise<Refusal | null> => {
  const { refusal } = await look()
  if (refusal !== null) return refusal
  // Last of all: a dialog takes the prompt's place on the screen.
  const now = await keyboard.prompt()
  return now === null ? noPrompt(name) : holds(before, now, keyboard.shown(text)) ? null : halfTyped(name)
}

const attach = (name: string) => `\`channels attach ${name}\` shows what stands there.`

const noPrompt = (name: string): Refusal => ({
  what: `No prompt is to be seen in the terminal of \`${name}\`: a view of the client's is open there, or it is too small.`,
  remedy: attach(name),
})

const shellPrompt = (name: string): Refusal => ({
  what: `The prompt of \`${name}\` takes what is typed for a shell command.`,
  remedy: `Press Escape there: \`channels attach ${name}\`.`,
})

const halfTyped = (name: string): Refusal => ({
  what: `Somebody's half-typed line stands in the prompt of \`${name}\`, and would be sent along.`,
  remedy: `Send it, or clear it with Ctrl-U: \`channels attach ${name}\`.`,
})

const unseen = (name: string): Refusal => ({
  what: `The line was typed, but is not to be seen in the prompt of \`${name}\`.`,
  remedy: attach(name),
})

const deaf = (name: string): Refusal => ({
  what: `The terminal of \`${name}\` did not take the line in time.`,
  remedy: `\`channels status ${name}\` says how it is.`,
})
