import type { Channel } from '../../core/channel.ts'
import { isRecent } from '../../core/duration.ts'
import type { ClientEvidence, Evidence } from '../../core/evidence.ts'
import { givesCodes } from '../../core/kinds.ts'
import type { Wanted } from '../../core/records.ts'
import type { Session } from '../../core/session.ts'
import { findSession } from '../../core/settings.ts'
import type { Ask, Deps } from '../../deps.ts'
import { type ExitStatus, exitStatus } from '../../errors.ts'
import { asTyped } from '../as-typed.ts'
import { order } from '../order.ts'
import { restart } from '../restart.ts'
import { selectSession } from '../select.ts'
import { awaitSwap, reportSwap } from '../swap-client.ts'
import { up } from '../up.ts'
import { awaitKnownAllowed } from './allowed.ts'
import type { Draft } from './draft.ts'
import { greetNamed, offerNotify } from './notify.ts'
import type { SetupOptions } from './options.ts'
import { pairSender } from './pair.ts'
import { prove } from './proof.ts'
import { during, type Tell } from './questions.ts'

const startMs = 60_000
/** As long as `channels token` waits, unless told otherwise. */
const idleMs = 10 * 60_000

/** A session that is set up, and what it is to start with. */
export type Begun = {
  readonly session: Session
  /** The one that was set up. */
  readonly channel: Channel
  /** One that was begun by hand and goes on. */
  readonly conversation: string | null
  /** A client started before that (milliseconds since 1970) knows nothing of it. */
  readonly appliedAt: number
}

/** Starts a session that is set up, lets its person in, and ends with a message that travelled. */
export const finish = async (
  begun: Begun,
  options: SetupOptions,
  ask: Ask | null,
  tell: Tell,
  deps: Deps,
): Promise<ExitStatus> => {
  const { channel } = begun
  const { name } = begun.session
  const { start, pair } = options
  await greetNamed(begun, options, tell, deps)
  // Whom it hears, and whether, is a matter of this channel alone.
  const session = { ...begun.session, channels: [channel] }
  if (!start) return exitStatus.done
  // What set it up just now has waited for that already.
  if (ask !== null && !isJustSetUp(begun, deps)) await awaitKnownAllowed(session, channel, ask, deps)
  tell.title('Start')
  const status = await during(`Starting ${name}`, (own) => startWith(begun, own), tell, deps)
  if (status !== exitStatus.done || ask === null) return status
  if (!givesCodes(channel)) return prove(session, null, ask, deps)
  if (pair && senders(session, deps) === 0) await pairSender(session, ask, deps)
  if (senders(session, deps) === 0) {
    ask.say(asTyped(`Nobody may write to it yet. \`channels pair ${name}\` lets somebody in.`, session, deps))
    return exitStatus.done
  }
  await lockDown(session, ask, deps)
  await offerNotify(begun, options, ask, deps)
  return prove(session, null, ask, deps)
}

/** The session of a setup that was written whole, and not finished. */
export const setUpBefore = (draft: Draft | null, { settings }: Deps): Begun | null => {
  const session = draft?.session == null ? null : findSession(settings.read(), draft.session)
  if (draft === null || session === null || !draft.applied) return null
  const channel = session.channels.find(({ id }) => id === draft.channel)
  if (channel === undefined) return null
  return { session, channel, conversation: draft.conversation, appliedAt: draft.appliedAt ?? 0 }
}

/**
 * The first client since the setup resumes the conversation that was begun by hand. Set up again, the session may run
 * still with what it was started with: another bot's token, or without the channel that was added.
 */
const startWith = async (begun: Begun, deps: Deps): Promise<ExitStatus> => {
  const { session, appliedAt } = begun
  const seen = await deps.observe(session)
  const { run, client, wanted } = seen
  const conversation = resumed(begun, deps)
  const isOld = run !== null && run.startedAt < appliedAt
  const pending = pendingOrder(seen, conversation)
  if (client !== null && (isOld || pending !== null)) {
    if (isSound(client)) return swap(begun, pending, conversation, deps)
    const goesOn = conversation ?? pending?.conversation ?? null
    return restart([session.name], { fresh: false, conversation: goesOn, timeoutMs: startMs }, deps)
  }
  // Killed after this and run again: the order stands, and the conversation may have moved since.
  if (conversation !== null && (run === null || isOld) && wanted?.conversation !== conversation)
    await order(session, { want: true, by: 'restart', newClient: true, conversation }, deps)
  // What set it up just now has listened already.
  const listen = !isJustSetUp(begun, deps)
  return up([session.name], { wait: true, timeoutMs: startMs, attach: false, listen }, deps)
}

/**
 * What an earlier run of this ordered for when Claude is idle, and no client has taken yet: it stands, and its hour does
 * not begin anew. Null where there is none, or it is of another conversation.
 */
const pendingOrder = ({ run, wanted }: Evidence, conversation: string | null): Wanted | null =>
  run !== null &&
  wanted?.want &&
  wanted.by === 'setup' &&
  wanted.when === 'idle' &&
  wanted.generation > run.generation &&
  (conversation === null || wanted.conversation === conversation)
    ? wanted
    : null

/**
 * One that rests or works, and will rest. One at a dialog of its start, say, never does, and has nothing to lose: it has
 * no session file yet, or the picker of an old conversation is read off its screen. Its turn does not tell: of a long one
 * the tail of the transcript has no beginning.
 */
const isSound = ({ file, dialog }: ClientEvidence): boolean =>
  file !== null &&
  (dialog === null || dialog.name === 'permission-prompt' || dialog.name === 'unknown-dialog')

/** A new client, once Claude has worked off what it was given: what it is at would not be taken up again. */
const swap = async (
  { session: { name }, channel }: Begun,
  pending: Wanted | null,
  conversation: string | null,
  deps: Deps,
): Promise<ExitStatus> => {
  const session = selectSession(name, deps)
  await deps.preflight(session)
  const asked = { want: true, by: 'setup', newClient: true, conversation, when: 'idle' } as const
  const wanted = pending ?? (await order(session, asked, deps))
  await deps.ensureKeeper()
  await deps.carryOut(session)
  const waiting = `Waiting until Claude is idle, then starting ${name} anew`
  deps.output.say(`${waiting} …`)
  const swapped = await awaitSwap(session, { wanted, timeoutMs: idleMs, waiting }, deps)
  const isToPair = givesCodes(channel) && senders({ ...session, channels: [channel] }, deps) === 0
  const next = `\`channels setup ${channel.id} --session ${name}\`, at a terminal, then ${isToPair ? 'lets somebody in and tries it' : 'tries it'}.`
  return reportSwap(session, swapped, { what: 'It is set up', live: `${name} is live again.`, next }, deps)
}

const isJustSetUp = ({ appliedAt }: Begun, { clock }: Deps): boolean =>
  isRecent(clock.now() - appliedAt, startMs)

/** The conversation that was begun by hand, where it can be gone on with. */
const resumed = ({ session, conversation }: Begun, { claude }: Deps): string | null => {
  if (conversation === null) return null
  const transcript = claude.findTranscript(claude.sessionPaths(session), conversation)
  return transcript !== null && claude.isResumable(transcript) ? conversation : null
}

const senders = ({ channels }: Session, deps: Deps): number =>
  Math.max(
    0,
    ...channels.map(({ stateDir }) => {
      const access = deps.channels.readAccess(stateDir)
      return access.is === 'yes' ? access.value.senders.length : 0
    }),
  )

/** Once its person is in, nobody else gets a code any more. */
const lockDown = async (session: Session, ask: Ask, deps: Deps): Promise<void> => {
  for (const { stateDir } of session.channels) {
    const access = deps.channels.readAccess(stateDir)
    if (access.is !== 'yes' || access.value.policy !== 'pairing') continue
    await deps.changeAccess(stateDir, { do: 'policy', policy: 'allowlist' })
    ask.done('Locked: nobody else can ask to be let in.')
  }
}
