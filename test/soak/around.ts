import type { Home } from '../sim/home.ts'
import type { Ward } from '../sim/ward.ts'
import { journal, transcriptRows } from '../sim/watch.ts'

/** For who looks for what went wrong. */

const aroundMs = 20_000

/** How far a message came: what the transcripts have of it. */
export const tellTrace = (home: Home, wards: readonly Ward[], id: string): string => {
  const ward = wards.find(({ name }) => id.startsWith(`${name}-`))
  const rows = transcriptRows(home)
    .map((row) => JSON.stringify(row))
    .filter((row) => row.includes(id))
  return indent([
    `${ward?.bot.pending() ?? 'nobody knows how many'} wait at the platform, ${rows.length} transcript rows`,
    ...rows.map((row) => row.slice(0, 240)),
  ])
}

/** What the journal has of a session, and of the keeper, around a time. */
export const tellJournal = (home: Home, session: string, at: number): string =>
  indent(
    journal(home)
      .filter(
        (entry) =>
          (entry.session === session || entry.session === null) &&
          entry.at > at - aroundMs &&
          entry.at < at + aroundMs,
      )
      .map(({ at: then, ...entry }) => `${new Date(then).toISOString()} ${JSON.stringify(entry)}`),
  )

const indent = (lines: readonly string[]): string => lines.map((line) => `    ${line}`).join('\n')
