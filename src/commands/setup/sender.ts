import type { Access, Pending } from '../../core/access.ts'
import { becomes } from '../../core/becomes.ts'
import type { Channel } from '../../core/channel.ts'
import { formatDuration } from '../../core/duration.ts'
import { givesCodes, kinds } from '../../core/kinds.ts'
import { type FoundPending, findPending, readCode } from '../../core/pairing.ts'
import type { Session } from '../../core/session.ts'
import { judge, type Verdict } from '../../core/verdict.ts'
import type { Deps } from '../../deps.ts'
import { cancelled, ExpectedError, exitStatus } from '../../errors.ts'
import { asTyped } from '../as-typed.ts'
import { withProbe } from '../probe.ts'
import { botApi } from './bot-api.ts'

/** The plugin answers with a code and writes it down at about the same time; a fast typist is not to lose that race. */
const writtenMs = 1_000

/**
 * The session's channel that keeps a list of who may write, the first one where it was not said which. Throws an
 * ExpectedError (1) where there is none.
 */
export const pairingChannel = ({ name, channels }: Session): Channel => {
  const channel = channels.find(({ kind }) => kinds[kind].hasAccess)
  if (channel !== undefined) return channel
  throw new ExpectedError(
    exitStatus.wrong,
    `No channel of \`${name}\` keeps a list of who may write: whoever reaches it is heard.`,
    `\`channels list --json\` shows the channels it has.`,
  )
}

/** Who is asked about senders of a session's channel, for people. */
export const messengerLabel = (session: Session): string => kinds[pairingChannel(session).kind].label

/** Who was given a code, by the access list as it is now; looked at again for a second where it is not known. */
export const lookUp = async (
  { stateDir }: Channel,
  typed: string,
  { channels, clock }: Pick<Deps, 'channels' | 'clock'>,
): Promise<FoundPending> => {
  const code = readCode(typed)
  if (code === null) return { is: 'unknown' }
  let found: FoundPending = { is: 'unknown' }
  await becomes(clock, writtenMs, () => {
    const access = channels.readAccess(stateDir)
    found = access.is === 'yes' ? findPending(access.value, code, clock.now()) : { is: 'unknown' }
    return found.is !== 'unknown'
  })
  return found
}

/** The same once somebody was asked about it, which takes its time: the code may be denied by now, or another's. */
export const lookAgain = async (
  channel: Channel,
  { code, senderId }: Pending,
  deps: Pick<Deps, 'channels' | 'clock'>,
): Promise<FoundPending> => {
  const still = await lookUp(channel, code, deps)
  return still.is === 'found' && still.pending.senderId !== senderId ? { is: 'unknown' } : still
}

const settleMs = 10_000
const everyMs = 250

/** What a session amounts to now; one that is starting is waited for, 10 s at most. */
export const presentVerdict = async (session: Session, deps: Deps): Promise<Verdict> => {
  const probe = withProbe(deps)
  const deadline = deps.clock.elapsed() + settleMs
  for (;;) {
    const evidence = await probe(await deps.observe(session))
    const verdict = judge(evidence, evidence.at)
    if (verdict.state !== 'starting' || deps.clock.elapsed() >= deadline) return verdict
    if (deps.cancelled.aborted) throw cancelled('')
    await deps.clock.sleep(everyMs, deps.cancelled)
  }
}

/**
 * Who may write to a session's bot; a list that is not there yet is an empty one, as the plugin takes it. Throws an
 * ExpectedError (78) for one that is broken.
 */
export const readAccessOf = (session: Session, { channels }: Pick<Deps, 'channels'>): Access => {
  const { kind, stateDir } = pairingChannel(session)
  const { usualPolicy } = kinds[kind]
  const found = channels.readAccess(stateDir, usualPolicy)
  if (found.is === 'yes') return found.value
  if (found.is === 'no') return { policy: usualPolicy, senders: [], pending: [] }
  throw new ExpectedError(
    exitStatus.badConfiguration,
    `Who may write to \`${session.name}\` can't be told: ${found.detail}.`,
    'Repair that file, or move it aside: the plugin then asks senders to pair.',
  )
}

/** What is to be said of the policy as it is now when somebody was let in; null: nobody else can ask. */
export const policyRemark = (session: Session, deps: Pick<Deps, 'channels' | 'settings'>): string | null => {
  const { policy } = readAccessOf(session, deps)
  if (policy === 'disabled') return deafRemark(session, deps)
  if (policy === 'pairing') return `Others can still ask to be let in; ${locking(session, deps)} ends that.`
  return null
}

/** Of a bot that is disabled: whoever is let in is not heard. */
export const deafRemark = (session: Session, deps: Pick<Deps, 'settings'>): string =>
  `But its policy is disabled: nobody is heard until ${locking(session, deps)}.`

const locking = (session: Session, deps: Pick<Deps, 'settings'>): string =>
  asTyped(`\`channels access ${session.name} policy allowlist\``, session, deps)

/** How others are let in: by a code they are given, or, where none are given out, by what they are called there. */
export const lettingIn = (session: Session, deps: Pick<Deps, 'settings'>): string => {
  const { name } = session
  return asTyped(
    givesCodes(pairingChannel(session))
      ? `Nobody may write to it; \`channels pair ${name}\` lets somebody in.`
      : `You may always write to it from your own account; \`channels access ${name} allow <number or address>\` lets others in.`,
    session,
    deps,
  )
}

export type Refusal = Exclude<FoundPending['is'], 'found'>

/** What keeps a code, as it was typed, from being approved, and what helps where the bot is open. */
export const refusalOf = (
  why: Refusal,
  typed: string,
  session: Session,
  deps: Pick<Deps, 'settings'>,
): readonly [string, string] => {
  switch (why) {
    case 'unknown':
      return [
        'Nobody was given this code, or it was used already.',
        'Type the code of the bot’s last answer; a new message gets it once more.',
      ]
    case 'expired':
      return [
        'This code is too old: codes live an hour.',
        'Write to the bot again: it answers with a new one.',
      ]
    case 'unsafe':
      return [
        'This code belongs to a sender whose id can be nobody’s; it was left alone.',
        asTyped(
          `Nobody is let in by it. \`channels access ${session.name} deny ${readCode(typed)}\` takes it out.`,
          session,
          deps,
        ),
      ]
  }
}

/** The commands, in their order, without which the bot gives out no codes; none where it does. */
export const opensForCodes = async (session: Session, deps: Deps): Promise<readonly string[]> => {
  const evidence = await deps.observe(session)
  return [
    ...(judge(evidence, evidence.at).state === 'stopped' ? [`\`channels up ${session.name}\``] : []),
    ...(readAccessOf(session, deps).policy === 'pairing'
      ? []
      : [asTyped(`\`channels access ${session.name} policy pairing\``, session, deps)]),
  ]
}

/** A sender for people: name where the messenger tells one, id, and since when they wait. */
export const describeSender = async (session: Session, pending: Pending, deps: Deps): Promise<string> => {
  const { senderId, chatId, createdAt } = pending
  const name = await nameOf(session, { senderId, chatId }, deps)
  const since = createdAt === null ? '' : `, asked ${formatDuration(deps.clock.now() - createdAt)} ago`
  return `${name === null ? 'somebody' : name} (id ${senderId}${since})`
}

/** The same of one who waits for nothing: name where the messenger tells one, and id. */
export const nameSender = (session: Session, senderId: string, deps: Deps): Promise<string> =>
  describeSender(session, { code: '', senderId, chatId: senderId, createdAt: null, expiresAt: null }, deps)

/** As the messenger names somebody; null where it does not tell. */
const nameOf = async (
  session: Session,
  sender: Pick<Pending, 'senderId' | 'chatId'>,
  deps: Deps,
): Promise<string | null> => {
  const { channels } = deps
  const { kind, stateDir } = pairingChannel(session)
  const messenger = channels.messengerOf(kind)
  const token = messenger === null ? null : channels.readToken(stateDir, messenger.variable)
  if (messenger === null || token?.is !== 'yes') return null
  const { root, request } = botApi(messenger, deps, session.environment)
  const person = await messenger.readPerson(request, root, token.value, sender)
  if (person.is !== 'yes') return null
  const { name, username } = person.value
  // In quotes, of which a name holds none: whoever calls himself `Ada (id 4242)` is not to look like it.
  return [name === null ? null : `"${name}"`, username].filter((part) => part !== null).join(' ') || null
}
