import type { Channel } from '../../core/channel.ts'
import { readCode } from '../../core/pairing.ts'
import type { Session } from '../../core/session.ts'
import type { Ask, Deps } from '../../deps.ts'
import { ExpectedError, exitStatus } from '../../errors.ts'
import { describeFinding } from '../describe.ts'
import {
  describeSender,
  lookAgain,
  lookUp,
  pairingChannel,
  policyRemark,
  presentVerdict,
  readAccessOf,
  refusals,
} from './sender.ts'

/**
 * Lets one person in: opens the bot for pairing, waits for the code they type, shows who it is, and locks the bot again.
 * Nobody gets in without the code being typed here: anybody can write to a bot. Throws an ExpectedError: 1 for a bot
 * that is disabled, which stays so; 130 when cancelled, and then a bot that was locked is locked again. Killed with -9
 * it leaves the bot open, which `status` shows: `policy-open`, or `unpaired` as long as nobody is let in.
 */
export const pairSender = async (session: Session, ask: Ask, deps: Deps): Promise<void> => {
  const channel = pairingChannel(session)
  const { policy } = readAccessOf(session, deps)
  // Opened for pairing, it would hear everybody again who was let in before.
  if (policy === 'disabled') throw disabled(session, channel)
  if (policy !== 'allowlist') return talk(session, channel, ask, deps)
  await deps.changeAccess(channel.stateDir, { do: 'policy', policy: 'pairing' })
  try {
    await talk(session, channel, ask, deps)
  } finally {
    // What somebody else made of it meanwhile stays.
    if (readAccessOf(session, deps).policy === 'pairing')
      await deps.changeAccess(channel.stateDir, { do: 'policy', policy })
  }
}

const disabled = ({ name }: Session, { account }: Channel): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `Nobody was let in: ${account ?? `the bot of \`${name}\``} hears nobody and gives out no codes, since its policy is disabled.`,
    `\`channels access ${name} policy allowlist\` opens it for whoever was let in; then run \`channels pair ${name}\`.`,
  )

const talk = async (session: Session, channel: Channel, ask: Ask, deps: Deps): Promise<void> => {
  const bot = channel.account ?? 'the bot'
  ask.title('Let yourself in')
  if (channel.account !== null) ask.link(`https://t.me/${channel.account.slice(1)}`)
  ask.say(`Write anything to ${bot} from your phone. It answers with a code of six characters.`)
  ask.say(
    'Its answer names a command for Claude, /telegram:access. Leave that: here Claude may not change who has access. Type the code instead:',
  )
  for (;;) {
    const typed = await ask.text({ message: 'Code (Enter alone if none came)', check: formFault })
    if (typed.trim() === '') await explainSilence(session, channel, ask, deps)
    else if (await letIn(session, channel, typed, ask, deps)) return
  }
}

const formFault = (typed: string): string | null =>
  typed.trim() === '' || readCode(typed) !== null ? null : 'A code has six characters, such as a1b2c3.'

const letIn = async (
  session: Session,
  channel: Channel,
  typed: string,
  ask: Ask,
  deps: Deps,
): Promise<boolean> => {
  const found = await ask.wait('Looking the code up', () => lookUp(channel, typed, deps))
  if (found.is !== 'found') return refuse(found.is, ask)
  const who = await ask.wait('Asking Telegram who that is', () =>
    describeSender(session, found.pending, deps),
  )
  ask.say(`That is ${who}.`)
  const yes = await ask.confirm({
    message: `Let them in? Whoever may write to ${channel.account ?? 'the bot'} works on this machine.`,
    initial: false,
  })
  if (!yes) {
    ask.say('Not let in.')
    return false
  }
  // The question may have stood for an hour.
  const still = await lookAgain(channel, found.pending, deps)
  if (still.is !== 'found') return refuse(still.is, ask)
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
  return true
}

const tellOf = (who: string, session: Session, channel: Channel, ask: Ask, deps: Deps): void => {
  deps.journal.append(session.name, { type: 'asked', what: 'pair', by: 'command' })
  ask.done(`${who} may write to ${channel.account ?? 'the bot'}.`)
  const remark = policyRemark(session, deps)
  if (remark === null) ask.done('Locked: nobody else can ask to be let in.')
  else ask.warn(remark)
}

const refuse = (why: keyof typeof refusals, ask: Ask): false => {
  const [what, remedy] = refusals[why]
  ask.warn(what)
  ask.say(`  ${remedy}`)
  return false
}

/** Why no code came: the bot does not run, strangers hold all places, or it answered often enough. */
const explainSilence = async (session: Session, channel: Channel, ask: Ask, deps: Deps): Promise<void> => {
  const verdict = await ask.wait('Looking whether the bot is live', () => presentVerdict(session, deps))
  if (verdict.state !== 'live') return ask.say(describeFinding(session, verdict).join('\n'))
  const { pending } = readAccessOf(session, deps)
  if (pending.length === 0)
    return ask.say(
      `Nobody's message has arrived yet. Is it ${channel.account ?? 'this bot'} that you wrote to? Each message gets there within seconds.`,
    )
  const waiting = await ask.wait('Asking Telegram who waits', () =>
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
