/** What a fault takes by nature: what waits in a client's memory, what is taken from the platform, or nothing. */
export type Loss = 'nothing' | 'queued' | 'polled'

export type Message = { readonly id: string; readonly session: string; readonly at: number }

/** As `status --json` has it, times in milliseconds since 1970. */
export type Gap = {
  readonly session: string
  readonly from: number
  readonly to: number | null
  readonly reason: string
  readonly unanswered: number | null
  readonly maybeLost: boolean
}

/** What was done to a session, from when to when. */
export type Hit = {
  readonly session: string
  readonly at: number
  readonly until: number
  readonly loses: Loss
  readonly mutes: boolean
}

export type Facts = {
  readonly messages: readonly Message[]
  /** Everything the bots sent, whoever's. */
  readonly sent: readonly string[]
  /** When a conversation last shows an answer to an id, also one that could not be sent; in milliseconds since 1970. */
  readonly workedOn: ReadonlyMap<string, number>
  readonly gaps: readonly Gap[]
  readonly hits: readonly Hit[]
}

export type Account = {
  readonly pushed: number
  readonly answered: number
  readonly twice: readonly { readonly id: string; readonly times: number }[]
  /** Claude answered, and the answer did not get out: a fault kept plugin or platform from it. */
  readonly unsent: readonly string[]
  readonly unanswered: readonly Named[]
  readonly maybeLost: readonly Named[]
  /** Nobody said what became of them. */
  readonly unaccounted: readonly Message[]
}

export type Named = { readonly id: string; readonly gap: Gap }

/** A message may have waited this long behind others in a busy client, or be written while a gap is being closed. */
export const toleranceMs = { before: 15_000, after: 5_000 } as const
/** A gap is a fault's when it began at most this long after it. */
const consequenceMs = 60_000

/** What became of each message. Pure. */
export const settleAccount = ({ messages, sent, workedOn, gaps, hits }: Facts): Account => {
  const times = countIds(sent)
  const missing = messages.filter(({ id }) => !times.has(id))
  const unsent = missing.filter((message) => isMuted(message, workedOn.get(message.id), hits))
  const lost = missing.filter((message) => !unsent.includes(message))
  const named = nameLost(lost, gaps, hits)
  return {
    pushed: messages.length,
    answered: messages.length - missing.length,
    twice: messages.flatMap(({ id }) => {
      const answers = times.get(id) ?? 0
      return answers > 1 ? [{ id, times: answers }] : []
    }),
    unsent: unsent.map(({ id }) => id),
    ...named,
    unaccounted: lost.filter(
      ({ id }) => ![...named.unanswered, ...named.maybeLost].some((each) => each.id === id),
    ),
  }
}

/** A busy client whose plugin died goes on with what it has; so long after the fault at most. */
const muteMs = { before: 2_000, after: 20_000 } as const

const isMuted = ({ session }: Message, at: number | undefined, hits: readonly Hit[]): boolean =>
  at !== undefined &&
  hits.some(
    (hit) =>
      hit.mutes &&
      hit.session === session &&
      at >= hit.at - muteMs.before &&
      at <= Math.max(hit.at, hit.until) + muteMs.after,
  )

const idPattern = /\b[a-z]+-\d{4,}\b/g

const countIds = (texts: readonly string[]): ReadonlyMap<string, number> => {
  const times = new Map<string, number>()
  for (const text of texts)
    for (const id of new Set(text.match(idPattern) ?? [])) times.set(id, (times.get(id) ?? 0) + 1)
  return times
}

/**
 * Gives each lost message to a gap that admits to it. One that counts what is unanswered takes so many and no more: the
 * gap that ends first goes first, so that none is left out while another has room. What remains may be lost where a gap
 * says so.
 */
const nameLost = (
  lost: readonly Message[],
  gaps: readonly Gap[],
  hits: readonly Hit[],
): Pick<Account, 'unanswered' | 'maybeLost'> => {
  const counted = gaps
    .filter((gap) => (gap.unanswered ?? 0) > 0 && isOf(gap, hits, ['queued', 'polled']))
    .map((gap) => ({ gap, room: gap.unanswered ?? 0 }))
    .sort((a, b) => endOf(a.gap) - endOf(b.gap))
  const losing = gaps.filter((gap) => gap.maybeLost && isOf(gap, hits, ['polled']))
  const unanswered: Named[] = []
  const maybeLost: Named[] = []
  for (const message of [...lost].sort((a, b) => a.at - b.at)) {
    const place = counted.find(({ gap, room }) => room > 0 && isIn(message, gap))
    const gap = isTaken(message, hits) ? losing.find((each) => isIn(message, each)) : undefined
    if (place !== undefined) {
      place.room -= 1
      unanswered.push({ id: message.id, gap: place.gap })
    } else if (gap !== undefined) maybeLost.push({ id: message.id, gap })
  }
  return { unanswered, maybeLost }
}

const isIn = ({ session, at }: Message, gap: Gap): boolean =>
  session === gap.session && at >= gap.from - toleranceMs.before && at <= endOf(gap) + toleranceMs.after

/** Written while somebody took messages into nothing: what comes later is not lost with it, however long the gap is. */
const isTaken = ({ session, at }: Message, hits: readonly Hit[]): boolean =>
  hits.some(
    (hit) =>
      hit.loses === 'polled' &&
      hit.session === session &&
      at >= hit.at - toleranceMs.before &&
      at <= Math.max(hit.at, hit.until) + toleranceMs.after,
  )

/** A gap that no losing fault explains excuses nothing. */
const isOf = (gap: Gap, hits: readonly Hit[], losses: readonly Loss[]): boolean =>
  hits.some(
    ({ session, at, until, loses }) =>
      session === gap.session &&
      losses.includes(loses) &&
      at <= endOf(gap) &&
      Math.max(at, until) >= gap.from - consequenceMs,
  )

const endOf = ({ to }: Gap): number => to ?? Number.POSITIVE_INFINITY
