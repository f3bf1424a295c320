import type { DialogAnswer, DialogName } from '../core/client.ts'
import { belowPrompt } from './dialogs.ts'

type Row = {
  readonly dialog: DialogName
  readonly answer: DialogAnswer
  readonly option: RegExp
  readonly seen: string
}

/** The options that a person may have agreed to beforehand, word for word. */
const options: readonly Row[] = [
  {
    dialog: 'development-dialog',
    answer: 'accept',
    option: /I am using this for local development/,
    seen: '2.1.139, 2.1.330',
  },
  {
    dialog: 'resume-dialog',
    answer: 'full',
    option: /Resume full session as-is|\bResume\s*$/,
    seen: '2.1.139; 2.1.330 calls it Resume',
  },
  {
    dialog: 'resume-dialog',
    answer: 'summary',
    option: /Resume from summary/,
    seen: '2.1.139, 2.1.330',
  },
]

/**
 * The key that comes nearer to an answer: an arrow while another option is selected, Enter once it is that one. By the
 * words of the option and where the mark stands, never by its number or place among the others. Null where the screen
 * does not show exactly one such option and one mark.
 */
export const keyTowards = (
  screen: string,
  dialog: DialogName,
  answer: DialogAnswer,
): 'Up' | 'Down' | 'Enter' | null => {
  const row = options.find((each) => each.dialog === dialog && each.answer === answer)
  if (row === undefined) return null
  // What a person typed to an earlier client bears the same mark.
  const lines = belowPrompt(screen).split('\n')
  const wanted = lines.flatMap((line, i) => (row.option.test(line) && isOption(line) ? [i] : []))
  const marked = lines.flatMap((line, i) => (mark.test(line) ? [i] : []))
  const [to, from] = [wanted[0], marked[0]]
  if (to === undefined || from === undefined || wanted.length > 1 || marked.length > 1) return null
  return from === to ? 'Enter' : from < to ? 'Down' : 'Up'
}

/** `❯` as tmux shows it, its low byte (`o` after a cut) as screen's hardcopy does (field notes, section 7). */
const mark = /^\s*[\u276f>o]\s+(\d+\.\s)?\S/

const isOption = (line: string): boolean => /^\s*([\u276f>o]\s+)?(\d+\.\s+)?[A-Z]/.test(line)
