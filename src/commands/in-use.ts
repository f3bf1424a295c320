import { type Channel, pluginKey } from '../core/channel.ts'
import { isWithin } from '../core/duration.ts'
import type { Evidence } from '../core/evidence.ts'
import { because, type Finding } from '../core/finding.ts'
import type { Session } from '../core/session.ts'
import type { Deps } from '../deps.ts'
import { botApi } from './setup/bot-api.ts'
import { describeOther } from './setup/plan.ts'

/** A poller of our own that ended less than this ago may be missed by nobody yet: its call would look like another's. */
const settledMs = 60_000

/**
 * Whether something else receives the messages of a session's bots, looked for before its client is started: a client by
 * hand on this machine, by its processes; another machine, by one short long poll, which confirms nothing. Null where
 * nothing is found, where that could not be told (which is said), or where the session's own poller would answer. Throws an
 * ExpectedError (1) when others hold the lock for a minute.
 */
export const findUse = async (session: Session, deps: Deps): Promise<Finding | null> => {
  const { up, listened } = deps.folders.session(session.name)
  const isToBeListenedFor = async () =>
    !isFresh(listened, deps) && isQuiet(await deps.observe(session), deps.clock.now())
  if (!(await isToBeListenedFor())) return null
  // Of fifty callers the last waits for all others: those behind the first find that it has listened.
  return deps.withLock(
    up,
    async () => {
      if (!(await isToBeListenedFor())) return null
      for (const channel of session.channels) {
        const found = (await byHand(channel, deps)) ?? (await elsewhere(session, channel, deps))
        if (found !== null) return { ...found, about: channel.id }
      }
      deps.files.writeText(listened, '')
      return null
    },
    60_000,
  )
}

/** Of fifty callers one listens: two at a time would hear each other. */
const isFresh = (listened: string, { files, clock }: Deps): boolean =>
  isWithin(files.changedAt(listened) ?? 0, settledMs, clock.now())

/** No client of it has run for a while, and none is on its way. */
const isQuiet = ({ client, run, wanted, stray }: Evidence, now: number): boolean => {
  // A client of ours that is on no record polls, and is ended first.
  if (stray !== null) return false
  if (client !== null || (wanted?.want === true && (run === null || run.waiting === null))) return false
  const endedAt = run?.exits.at(-1)?.at ?? null
  return endedAt === null || !isWithin(endedAt, settledMs, now)
}

const byHand = async ({ id, kind, botId, stateDir }: Channel, deps: Deps): Promise<Finding | null> => {
  const key = pluginKey(id)
  if (key === null || botId === null) return null
  const others = await deps.findOthers({ pluginKey: key, kind, botId, stateDirs: [stateDir] })
  const other = others.find((each) => each.session === null && each.botId === botId && each.poller !== null)
  return other === undefined ? null : because('token-in-use', describeOther(other))
}

const elsewhere = async (
  { name, environment }: Session,
  { kind, stateDir }: Channel,
  deps: Deps,
): Promise<Finding | null> => {
  const messenger = deps.channels.messengerOf(kind)
  if (kind !== 'telegram' || messenger === null) return null
  const token = deps.channels.readToken(stateDir, messenger.variable)
  if (token.is !== 'yes') return null
  const { root, request } = botApi(messenger, deps, environment)
  deps.output.say(`${name}: listening whether another program has its bot (4 s) …`)
  const found = await deps.channels.findOtherPoller(request, root, token.value, deps.clock)
  switch (found.is) {
    case 'none':
      return null
    case 'polls':
      return because('token-in-use', 'another program polls for this bot, perhaps on another machine')
    case 'webhook':
      return because('webhook-set', 'the plugin would delete it at its start')
    case 'unknown':
      deps.output.say(`${name}: whether another program has its bot could not be told (${found.detail}).`)
      return null
  }
}
