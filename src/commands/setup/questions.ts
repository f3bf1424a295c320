import type { Ask, Deps } from '../../deps.ts'
import { usageError } from '../../errors.ts'

/** Shows what happens: to a person in a wizard, or as plain lines of progress. */
export type Tell = Pick<Ask, 'say' | 'done' | 'warn' | 'title' | 'link' | 'wait'>

/** Whom to ask: nobody where no person sits at the terminal, or they asked not to be. */
export const whomToAsk = (yes: boolean, { output, ask }: Deps): Promise<Ask> | null =>
  yes || !output.interactive() ? null : ask()

/** The same words without a terminal: lines on stderr, and waiting that only a signal ends. */
export const plainTell = ({ output, cancelled }: Pick<Deps, 'output' | 'cancelled'>): Tell => ({
  say: (text) => text.split('\n').forEach(output.say),
  done: output.say,
  warn: output.say,
  // Without questions below them they would only be words.
  title: () => undefined,
  link: output.say,
  wait: (what, action) => {
    output.say(`${what} …`)
    return action(cancelled, (next) => output.say(`${next} …`))
  },
})

/**
 * Does something of ours while its progress is shown; cancelled where that is. What else it says, warnings among it, and
 * what it answers comes after, since it would stand in the line that shows the progress.
 */
export const during = async <T>(
  what: string,
  action: (deps: Deps) => Promise<T>,
  tell: Tell,
  deps: Deps,
): Promise<T> => {
  const after: (() => void)[] = []
  try {
    return await tell.wait(what, (signal, said) => {
      const say = (line: string): void => {
        if (line.endsWith(progress)) said(line.slice(0, -progress.length))
        else after.push(() => tell.say(line))
      }
      const print: Deps['output']['print'] = (line, as) => void after.push(() => deps.output.print(line, as))
      return action({ ...deps, cancelled: signal, output: { ...deps.output, say, print } })
    })
  } finally {
    for (const show of after) show()
  }
}

const progress = ' …'

/** Throws an ExpectedError (2) that names the flag, where there is nobody to ask. */
export const needAsk = (ask: Ask | null, question: string, hint: string): Ask => {
  if (ask === null) throw usageError(question, hint)
  return ask
}
