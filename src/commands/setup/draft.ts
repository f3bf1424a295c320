import { findSession } from '../../core/settings.ts'
import { fields, fitTo, flag, nullable, number, oneOf, orElse, type Shape, text } from '../../core/shape.ts'
import type { Ask, Deps } from '../../deps.ts'

/**
 * What a person answered so far, kept until the setup is proven, so that one that was cancelled or killed goes on where
 * it stopped. Never a token: that is asked for once more, and goes into the plugin's `.env` only.
 */
export type Draft = {
  readonly format: 1
  readonly at: number
  /** Channel id. */
  readonly channel: string
  readonly cwd: string | null
  /** Whether that folder's trust was asked for and agreed to; not where the client trusted it already. */
  readonly trust: boolean
  readonly session: string | null
  readonly permissionMode: string | null
  /** A conversation that was begun by hand and is to go on. */
  readonly conversation: string | null
  /** When what was answered began to be written, in milliseconds since 1970: an older client knows nothing of it. */
  readonly appliedAt: number | null
  /** All of it is written: what is left is to start, pair and try. */
  readonly applied: boolean
}

const draft: Shape<Draft> = fields<Draft>({
  format: oneOf(1),
  at: number,
  channel: text(),
  cwd: nullable(text()),
  trust: flag,
  session: nullable(text()),
  permissionMode: nullable(text()),
  conversation: nullable(text()),
  appliedAt: nullable(number),
  applied: orElse(flag, false),
})

/** Older ones are forgotten: nobody remembers what they answered the day before yesterday. */
const keptMs = 24 * 60 * 60_000

type Place = Pick<Deps, 'folders' | 'files' | 'clock'>

export const draftFile = ({ folders }: Pick<Deps, 'folders'>): string => `${folders.state}/setup.json`

export const emptyDraft = (channel: string, at: number): Draft => ({
  format: 1,
  at,
  channel,
  cwd: null,
  trust: false,
  session: null,
  permissionMode: null,
  conversation: null,
  appliedAt: null,
  applied: false,
})

/**
 * The answers of a setup of this channel that was not finished; null when there are none, or they can't be read. Where
 * the session they made was removed since, they are answers again, and nothing is applied.
 */
export const readDraft = (channel: string, deps: Place & Pick<Deps, 'settings'>): Draft | null => {
  const found = fitTo(draft, parse(deps.files.readText(draftFile(deps)) ?? ''))
  if (!found.fits || found.value.channel !== channel) return null
  if (Math.abs(deps.clock.now() - found.value.at) >= keptMs) return null
  const { applied, session } = found.value
  const isThere = applied && session !== null && findSession(deps.settings.read(), session) !== null
  return { ...found.value, applied: isThere }
}

/** Throws an ExpectedError (73, 77) where it can't be written. */
export const writeDraft = (answers: Draft, deps: Place): void => {
  deps.files.makeFolder(deps.folders.state)
  deps.files.writeText(draftFile(deps), `${JSON.stringify({ ...answers, at: deps.clock.now() })}\n`)
}

export const removeDraft = (deps: Place): void => deps.files.remove(draftFile(deps))

/** Asks whether an unfinished setup goes on; null: from the beginning. */
export const offerDraft = async (found: Draft, ask: Ask, deps: Place): Promise<Draft | null> => {
  const { session, cwd } = found
  const what = session === null ? `in ${cwd ?? 'a folder'}` : `of \`${session}\``
  const answer = await ask.choose({
    message: `A setup ${what} was not finished.`,
    options: [
      {
        value: 'on',
        label: 'Go on with it',
        hint: found.applied
          ? 'it is set up; what is left is to start, pair and try it'
          : 'answers so far are kept',
      },
      { value: 'anew', label: 'Begin anew', hint: 'the answers are forgotten, nothing else changes' },
    ],
    initial: 'on',
  })
  if (answer === 'on') return found
  removeDraft(deps)
  return null
}

const parse = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}
