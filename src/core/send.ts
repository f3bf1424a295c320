import type { Evidence } from './evidence.ts'
import { isCommand } from './submitted.ts'

/** Why not, and what helps. */
export type Refusal = { readonly what: string; readonly remedy: string }

/** Longer ones are told from a paste no more, and fill a small terminal. */
const longest = 2_000

/** What is wrong with a text that is to be typed as one line, whoever takes it; null for one that can be. */
export const textFault = (text: string): Refusal | null => {
  const control = /\p{Cc}/u.exec(text)?.[0]
  if (text.trim() === '') return { what: 'There is nothing to send.', remedy: 'Say it in a line.' }
  if (/[\n\r\u0085\u2028\u2029]/.test(text))
    return {
      what: 'The text has several lines, and the first line break would submit it.',
      remedy: 'Send one line; what is longer goes into a file, and the line names that.',
    }
  if (control !== undefined)
    return {
      what: `The text has a control character (U+${codeOf(control)}), which would be a key.`,
      remedy: 'Leave it out; blanks take the place of tabs.',
    }
  if ([...text].length > longest)
    return {
      what: `The text has ${[...text].length} characters; ${longest} can be typed.`,
      remedy: 'Put it into a file, and send a line that names it.',
    }
  return null
}

/** How many letters a text has, as a person counts them and Backspace takes them. */
export const lettersOf = (text: string): number => [...new Intl.Segmenter().segment(text)].length

const codeOf = (character: string): string =>
  (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')

/**
 * Why nothing may be typed into a session now; null when it may. A dialog or question is never typed into, forced or not:
 * a key would answer it.
 *
 * @param attached how many the multiplexer says look at the terminal; null when it does not answer
 */
export const refusalToSend = (
  { session: { name }, wanted, client }: Evidence,
  attached: number | null,
  { text, force }: { readonly text: string; readonly force: boolean },
): Refusal | null => {
  const attach = `\`channels attach ${name}\` shows it.`
  if (wanted?.want !== true)
    return { what: `\`${name}\` is stopped.`, remedy: `\`channels up ${name}\` starts it.` }
  if (client === null)
    return { what: `\`${name}\` has no client now.`, remedy: `\`channels status ${name}\` says why.` }
  const { file, dialog } = client
  if (file?.activity === 'waiting' || dialog !== null)
    return {
      what: `\`${name}\` waits for a person (${dialog?.name ?? file?.waitingFor ?? 'it does not say for what'}): a key would answer that, forced or not.`,
      remedy: `${attach} Answer it there, then send it again.`,
    }
  if (file === null || file.activity === 'unknown' || file.conversation === null)
    return {
      what: `What the client of \`${name}\` is at can't be told: ${file === null ? 'it has no session file (it may be starting)' : 'its session file does not say'}.`,
      remedy: `\`channels status ${name}\` says how it is; then send it again.`,
    }
  if (attached === null)
    return {
      what: `The terminal of \`${name}\` does not answer.`,
      remedy: `\`channels status ${name}\` says how it is.`,
    }
  if (attached > 0 && !force)
    return {
      what: `Somebody is attached to \`${name}\` and may be typing there.`,
      remedy: 'Ask them, or say --force.',
    }
  if (file.activity === 'busy' && !force)
    return {
      what: `Claude is busy in \`${name}\`.`,
      remedy: isCommand(text)
        ? 'Send it when Claude is idle; with --force some commands wait their turn, others run at once.'
        : 'Send it when Claude is idle; with --force it waits until the present turn is over.',
    }
  return null
}
