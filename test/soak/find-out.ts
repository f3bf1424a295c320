import type { Home } from '../sim/home.ts'
import type { Ward } from '../sim/ward.ts'
import { journal, type Row, registrations, transcriptRows } from '../sim/watch.ts'
import { type Account, type Hit, settleAccount } from './accountant.ts'
import { faults } from './faults/table.ts'
import type { Played, PlayedFault } from './play.ts'
import { judgeRecovery, type Recovery } from './recovery.ts'
import type { Watched } from './watch.ts'

/** What the home's files and the bots tell of a soak, put together. */
export const findOut = (
  home: Home,
  wards: readonly Ward[],
  played: Played,
  { gaps, samples }: Pick<Watched, 'gaps' | 'samples'>,
): { readonly account: Account; readonly recoveries: readonly Recovery[] } => {
  const sent = wards.flatMap(({ bot }) => bot.sent().map(({ text }) => text))
  const account = settleAccount({
    messages: played.messages,
    sent,
    workedOn: idsWorkedOn(home),
    gaps,
    hits: played.faults.flatMap((fault) => hitsOf(fault, wards)),
  })
  const seen = { samples, journal: journal(home), registered: registeredIn(home, wards) }
  const recoveries = played.faults.flatMap((fault) => {
    const kind = faults[fault.kind]
    return kind === undefined ? [] : [judgeRecovery(fault, kind, seen)]
  })
  return { account, recoveries }
}

const hitsOf = (fault: PlayedFault, wards: readonly Ward[]): readonly Hit[] => {
  const kind = faults[fault.kind]
  if (kind === undefined || fault.missed !== null) return []
  const hit = { at: fault.at, until: fault.mendedAt ?? fault.at, loses: kind.loses, mutes: kind.mutes }
  const names = kind.hits === 'everybody' ? wards.map(({ name }) => name) : [fault.session]
  return names.map((session) => ({ ...hit, session }))
}

/** Answered by the model, through the reply tool or in the conversation; what a shell command holds is no answer. */
const idsWorkedOn = (home: Home): ReadonlyMap<string, number> =>
  new Map(
    transcriptRows(home).flatMap((row) =>
      answersIn(row)
        .flatMap((text) => text.match(/\b[a-z]+-\d{4,}\b/g) ?? [])
        .map((id) => [id, Date.parse(String(row.timestamp))] as const),
    ),
  )

const answersIn = ({ type, message }: Row): readonly string[] => {
  const content = type === 'assistant' ? (message as { readonly content?: unknown }).content : null
  return (Array.isArray(content) ? (content as readonly Row[]) : []).flatMap((block) => {
    if (block.type === 'text') return [String(block.text)]
    return /__reply$/.test(String(block.name)) ? [JSON.stringify(block.input)] : []
  })
}

const registeredIn = (home: Home, wards: readonly Ward[]) =>
  registrations(home).flatMap(({ file, at }) => {
    const ward = wards.find(({ cwd }) => file.includes(`/${cwd.replace(/[^A-Za-z0-9]/g, '-')}/`))
    return ward === undefined ? [] : [{ session: ward.name, at }]
  })
