import type { Evidence } from '../core/evidence.ts'
import { contains, holds, isAsBefore, type Prompt } from '../core/prompt.ts'
import { lettersOf, type Refusal } from '../core/send.ts'
import type { Deps, Keyboard } from '../deps.ts'

export type TerminalLook = { readonly evidence: Evidence; readonly refusal: Refusal | null }

/** A session's terminal, and a look whether it may be typed into now. */
export type Hands = { readonly keyboard: Keyboard; readonly look: () => Promise<TerminalLook> }

/** What was typed into a prompt, and what stood there before. */
export type Typed = {
  readonly before: Prompt
  readonly text: string
  /** Nothing else stood there, as far as was seen. */
  readonly alone: boolean
}

/** A client draws a key within a moment; a busy machine takes its time. */
const drawnMs = 5_000
/** Of many Backspaces each may be drawn: a thousand took 2.1.330 more than 5 s on a busy machine. */
const keyMs = 20
const everyMs = 50

/**
 * Looks at the prompt until that finds something; null when time is up, or it was cancelled.
 *
 * @param keys how many were pressed at once
 */
export const sees = async <T>(
  { keyboard }: Pick<Hands, 'keyboard'>,
  { clock, cancelled: signal }: Pick<Deps, 'clock' | 'cancelled'>,
  find: (prompt: Prompt) => T | null,
  keys = 0,
): Promise<T | null> => {
  const deadline = clock.elapsed() + drawnMs + keys * keyMs
  for (;;) {
    const prompt = await keyboard.prompt()
    const found = prompt === null ? null : find(prompt)
    if (found !== null || signal.aborted || clock.elapsed() >= deadline) return found
    await clock.sleep(everyMs, signal)
  }
}

/**
 * Takes back what was typed, and says whether nothing of it stands in the prompt any more. Where a dialog is, or somebody
 * typed on, a key more would do harm: then it stays.
 */
export const takeBack = async (
  typed: Typed,
  hands: Pick<Hands, 'keyboard'>,
  deps: Pick<Deps, 'clock' | 'cancelled'>,
): Promise<boolean> => {
  const { before, text } = typed
  const now = await hands.keyboard.prompt()
  if (text === '') return true
  if (now === null) return false
  if (isAsBefore(before, now)) return true
  const letters = await lettersToErase(typed, now, hands)
  if (letters === 0 || !(await hands.keyboard.erase(letters))) return false
  const never = { ...deps, cancelled: new AbortController().signal }
  return (await sees(hands, never, (then) => (isAsBefore(before, then) ? true : null), letters)) !== null
}

const unseenBlanks = 2

/**
 * The client may have made something else of it: of `:smi` a picture (2.1.330), of `@no` the name of a file with a blank
 * behind it (2.1.139), which the screen does not show. Backspace in an empty prompt does nothing.
 */
const lettersToErase = async (
  { before, text, alone }: Typed,
  now: Prompt,
  { keyboard }: Pick<Hands, 'keyboard'>,
): Promise<number> => {
  const shown = keyboard.shown(text)
  if (holds(before, now, shown)) return lettersOf(text)
  if (alone && !now.shell && (await keyboard.attached()) === 0) return lettersOf(now.text) + unseenBlanks
  return contains(now, shown) ? lettersOf(text) : 0
}
