import type { Channel } from '../../core/channel.ts'
import { readCode } from '../../core/pairing.ts'
import type { Session } from '../../core/session.ts'
import { findSession } from '../../core/settings.ts'
import type { Ask, Deps } from '../../deps.ts'
import { ExpectedError, exitStatus } from '../../errors.ts'
import { asTyped } from '../as-typed.ts'
import { describeFinding } from '../describe.ts'
import { writingTo } from './guide.ts'
import {
  describeSender,
  lookAgain,
  lookUp,
  messengerLabel,
  nameSender,
  pairingChannel,
  policyRemark,
  presentVerdict,
  type Refusal,
  readAccessOf,
  refusalOf,
} from './sender.ts'

/**
 * Lets one person in: opens the bot for pairing, waits for the code they type, shows who it is, and locks the bot again.
 * Nobody gets in without the code being typed here: anybody can write to a bot. Returns, too, where somebody was let in
 * from elsewhere meanwhile. Throws an ExpectedError: 1 for a bot that is disabled, which stays so; 3 when the session
 * was removed; 130 when cancelled, and then a bot that was locked is locked again. Killed with -9 it leaves the bot
 * open, which `status` shows: `policy-open`, or `unpaired` as long as nobody is let in.
 */
export const pairSender = async (session: Session, ask: Ask, deps: Deps): Promise<void> => {
  const channel = pairingChannel(session)
  const { policy, senders } = readAccessOf(session, deps)
  // Opened for pairing, it would hear everybody again who was let in before.
  if (policy === 'disabled') throw disabled({ session, channel }, deps)
  let isOurs = false
  const open = async (): Promise<void> => {
    await deps.changeAccess(channel.stateDir, { do: 'policy', policy: 'pairing' })
    isOurs = true
  }
  try {
    if (policy === 'allowlist') await open()
    await talk({ session, channel, before: senders, open }, ask, deps)
  } finally {
    // What somebody else made of it meanwhile stays, also when that is nothing: `remove --purge`. What a `remove`
    // left there is not left open.
    if (isOurs) await deps.changeAccess(channel.stateDir, { do: 'lock' })
  }
}

/** One bot that somebody is to be let in to. */
type Door = {
  readonly session: Session
  readonly channel: Channel
  /** Who was in when it began. */
  readonly before: readonly string[]
  /** Opens it for pairing, until this ends. */
  readonly open: () => Promise<void>
}

const disabled = (
  { session, channel: { account } }: Pick<Door, 'session' | 'channel'>,
  deps: Deps,
): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `Nobody was let in: ${account ?? `the bot of \`${session.name}\``} hears nobody and gives out no codes, since its policy is disabled.`,
    asTyped(
      `\`channels access ${session.name} policy allowlist\` opens it for whoever was let in; then run \`channels pair ${session.name}\`.`,
      session,
      deps,
    ),
  )

const talk = async (door: Door, ask: Ask, deps: Deps): Promise<void> => {
  const { channel } = door
  ask.title('Let yourself in')
  const { text, link } = writingTo(channel, deps, 'anything')
  if (link !== null) ask.link(link)
  ask.say(`${text}. It answers with a code of six characters.`)
  ask.say(
    `Its answer names a command for Claude, /${channel.kind}:access. Leave that: here Claude may not change who has access. Type the code instead:`,
  )
  for (;;) {
    const typed = await ask.text({ message: 'Code (Enter alone if none came)', check: formFault })
    checkThere(door, deps)
    const end = typed.trim() === '' ? 'refused' : await letIn(door, typed, ask, deps)
    if (end === 'in') return
    if (end === 'not wanted') continue
    // Another `pair`, or whoever else changes the list, may be why.
    const seen = await lookAtDoor(door, ask, deps)
    if (seen === 'in') return
    if (seen === 'open' && typed.trim() === '') await explainSilence(door, ask, deps)
  }
}

/** Throws an ExpectedError (3) when the session is not there any more, or is another by that name. */
const checkThere = ({ session, channel }: Door, { settings }: Pick<Deps, 'settings'>): void => {
  const channels = findSession(settings.read(), session.name)?.channels ?? []
  if (channels.some(({ stateDir }) => stateDir === channel.stateDir)) return
  throw new ExpectedError(
    exitStatus.unknownSession,
    `Nobody was let in: \`${session.name}\` was removed meanwhile.`,
    '`channels list` shows the sessions there are.',
  )
}

/** What became of the bot meanwhile: somebody is in; or it was closed, and is open again; or it is open as it was. */
const lookAtDoor = async (
  { session, channel, before, open }: Door,
  ask: Ask,
  deps: Deps,
): Promise<'in' | 'reopened' | 'open'> => {
  const { policy, senders } = readAccessOf(session, deps)
  const [newcomer] = senders.filter((each) => !before.includes(each))
  if (newcomer !== undefined) {
    const who = await ask.wait(`Asking ${messengerLabel(session)} who that is`, () =>
      nameSender(session, newcomer, deps),
    )
    ask.done(`${who} was let in from elsewhere meanwhile.`)
    ask.say(asTyped(`\`channels pair ${session.name}\` lets in somebody else.`, session, deps))
    return 'in'
  }
  if (policy === 'disabled') throw disabled({ session, channel }, deps)
  if (policy !== 'allowlist') return 'open'
  await open()
  ask.warn('Something else closed the bot meanwhile, another `channels pair` perhaps: it gave out no codes.')
  ask.say(`It is open again. Write to ${channel.account ?? 'the bot'} once more.`)
  return 'reopened'
}

const formFault = (typed: string): string | null =>
  typed.trim() === '' || readCode(typed) !== null ? null : 'A code has six characters, such as a1b2c3.'

const letIn = async (
  door: Door,
  typed: string,
  ask: Ask,
  deps: Deps,
): Promise<'in' | 'refused' | 'not wanted'> => {
  const { session, channel } = door
  const found = await ask.wait('Looking the code up', () => lookUp(channel, typed, deps))
  if (found.is !== 'found') return refuse(found.is, typed, session, ask, deps)
  const who = await ask.wait(`Asking ${messengerLabel(session)} who that is`, () =>
    describeSender(session, found.pending, deps),
  )
  ask.say(`That is ${who}.`)
  const yes = await ask.confirm({
    message: `Let them in? Whoever may write to ${channel.account ?? 'the bot'} works on this machine.`,
    initial: false,
  })
  if (!yes) {
    ask.say('Not let in.')
    return 'not wanted'
  }
  // The question may have stood for an hour.
  checkThere(door, deps)
  const still = await lookAgain(channel, found.pending, deps)
  if (still.is !== 'found') return refuse(still.is, typed, session, ask, deps)
  let isIn = false
  try {
    await ask.wait('Writing the access list', async () => {
      const isDisabled = readAccessOf(session, deps).policy === 'disabled'
      await deps.approve(channel.stateDir, still.pending, isDisabled ? null : 'allowlist')
      isIn = true
    })
  } finally {
    // Ctrl-C may have come too late to keep them out.
    if (isIn) tellOf(who, session, channel, ask, deps)
  }
  return 'in'
}

const tellOf = (who: string, session: Session, channel: Channel, ask: Ask, deps: Deps): void => {
  deps.journal.append(session.name, { type: 'asked', what: 'pair', by: 'command' })
  ask.done(`${who} may write to ${channel.account ?? 'the bot'}.`)
  const remark = policyRemark(session, deps)
  if (remark === null) ask.done('Locked: nobody else can ask to be let in.')
  else ask.warn(remark)
}

const refuse = (why: Refusal, typed: string, session: Session, ask: Ask, deps: Deps): 'refused' => {
  const [what, remedy] = refusalOf(why, typed, session, deps)
  ask.warn(what)
  ask.say(`  ${remedy}`)
  return 'refused'
}

/** Why no code came: the bot does not run, strangers hold all places, or it answered often enough. */
const explainSilence = async ({ session, channel }: Door, ask: Ask, deps: Deps): Promise<void> => {
  const verdict = await ask.wait('Looking whether the bot is live', () => presentVerdict(session, deps))
  if (verdict.state === 'stopped')
    return ask.say(`${session.name} is stopped; \`channels up ${session.name}\` starts it.`)
  if (verdict.state !== 'live')
    return ask.say(asTyped(describeFinding(session, verdict).join('\n'), session, deps))
  const { pending } = readAccessOf(session, deps)
  if (pending.length === 0)
    return ask.say(
      `Nobody's message has arrived yet. Is it ${channel.account ?? 'this bot'} that you wrote to? Each message gets there within seconds.`,
    )
  const waiting = await ask.wait(`Asking ${messengerLabel(session)} who waits`, () =>
    Promise.all(pending.map((each) => describeSender(session, each, deps))),
  )
  ask.say(
    [
      `Codes were given to ${pending.length}:`,
      ...waiting.map((who) => `  ${who}`),
      'The plugin gives out three at most, and tells each sender twice.',
    ].join('\n'),
  )
  if (
    !(await ask.confirm({
      message: 'Deny them all, so that your next message gets a new code?',
      initial: true,
    }))
  )
    return
  for (const { code } of pending) await deps.changeAccess(channel.stateDir, { do: 'deny', code })
  ask.done('Denied. Now write to the bot once more.')
}
