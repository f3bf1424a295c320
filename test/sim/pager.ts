import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './until.ts'

/** The person at the other end of the pager of one session. */
export type Pager = {
  readonly say: (text: string) => void
  /** Everything it answered, oldest first. */
  readonly answers: () => readonly string[]
  /** The first answer that fits; throws after `ms` milliseconds. */
  readonly waitForAnswer: (fits: (text: string) => boolean, ms?: number) => Promise<string>
  /** Messages that nobody has taken yet. */
  readonly pending: () => number
}

/** `session` as in CHANNELS_SESSION; `none` reaches a pager that runs without. */
export const pagerOf = ({ home }: { readonly home: string }, session: string): Pager => {
  const [inbox, outbox] = ['in', 'out'].map((name) => join(home, 'pager', session, name)) as [string, string]
  for (const folder of [inbox, outbox]) mkdirSync(folder, { recursive: true })
  let said = 0
  const answers = () => names(outbox).map((name) => readFileSync(join(outbox, name), 'utf8'))
  return {
    say: (text) => {
      said += 1
      const name = `${Date.now()}-${String(said).padStart(4, '0')}`
      writeFileSync(join(inbox, `.${name}`), text)
      renameSync(join(inbox, `.${name}`), join(inbox, name))
    },
    answers,
    waitForAnswer: (fits, ms) => until(`an answer of ${session}'s pager`, () => answers().find(fits), ms),
    pending: () => names(inbox).length,
  }
}

const names = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort()
