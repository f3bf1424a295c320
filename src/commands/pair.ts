import { givesCodes, keepsList } from '../core/kinds.ts'
import { readCode } from '../core/pairing.ts'
import type { Deps } from '../deps.ts'
import { type ExitStatus, ExpectedError, exitStatus, usageError } from '../errors.ts'
import { asTyped } from './as-typed.ts'
import { describeFinding } from './describe.ts'
import { refuseInside } from './inside.ts'
import { ofChannel, selectSession } from './select.ts'
import { pairSender } from './setup/pair.ts'
import { whomToAsk } from './setup/questions.ts'
import {
  describeSender,
  lettingIn,
  lookAgain,
  lookUp,
  opensForCodes,
  pairingChannel,
  policyRemark,
  presentVerdict,
  type Refusal,
  readAccessOf,
  refusalOf,
} from './setup/sender.ts'

/** channels pair: approves the sender who got this code; without one asks for it, and opens the bot for that time. */
export const pair = async (
  first: string | undefined,
  second: string | undefined,
  channel: string | null,
  deps: Deps,
): Promise<ExitStatus> => {
  refuseInside(deps, 'pair')
  const asked = whichCode(first, second, deps)
  const { code } = asked
  // Which bot gave a code out need not be said.
  refuseWithoutCodes(asked.session, deps)
  const session =
    channel === null && code !== null
      ? givenBy(asked.session, code, deps)
      : ofChannel(asked.session, channel, givesCodes, 'gives out codes')
  if (code !== null) return approveCode(session, code, deps)
  const ask = await whomToAsk(false, deps)
  if (ask === null) {
    const closed = closedText(await opensForCodes(session, deps))
    throw usageError(
      'Which code did the bot answer with?',
      asTyped(
        `${closed ?? ''}Write to the bot, then \`channels pair ${session.name} <code>\`.`,
        session,
        deps,
      ),
    )
  }
  const verdict = await ask.wait('Looking whether the bot is live', () => presentVerdict(session, deps))
  if (verdict.state !== 'live') {
    const [what = '', ...rest] = describeFinding(session, verdict).map((line) => asTyped(line, session, deps))
    throw new ExpectedError(
      exitStatus.wrong,
      `The bot gives out codes only while it is live. ${what}`,
      rest.at(-1)?.trim() ?? `\`channels up ${session.name}\` starts it.`,
    )
  }
  await pairSender(session, ask, deps)
  return exitStatus.done
}

/** With one session its name may be left out; a word that is no session's is then a code. */
const whichCode = (first: string | undefined, second: string | undefined, deps: Deps) => {
  const names = Object.keys(deps.settings.read().sessions)
  const isCode =
    first !== undefined && second === undefined && !names.includes(first) && readCode(first) !== null
  if (isCode && names.length === 1) return { session: selectSession(undefined, deps), code: first }
  if (isCode && names.length > 1 && /^[0-9a-f]{6}$/i.test(first))
    throw usageError(
      `There are several sessions; name the one whose bot answered with ${first}.`,
      `\`channels pair <session> ${first}\`, where the session is ${names.join(' or ')}.`,
    )
  return { session: selectSession(first, deps), code: second ?? null }
}

type Session = ReturnType<typeof selectSession>

/** Where a list is kept and no code is given out, others are let in otherwise. */
const refuseWithoutCodes = (session: Session, deps: Deps): void => {
  const [listed] = session.channels.filter(keepsList)
  if (listed === undefined || session.channels.some(givesCodes)) return
  const what = `No channel of \`${session.name}\` gives out codes.`
  throw new ExpectedError(exitStatus.wrong, what, lettingIn({ ...session, channels: [listed] }, deps))
}

/** The session with the channel whose list has this code; with its first one where none has. */
const givenBy = (session: Session, typed: string, { channels }: Deps): Session => {
  const code = readCode(typed)
  const able = session.channels.filter(givesCodes)
  const giver = able.find(({ stateDir }) => {
    const access = channels.readAccess(stateDir)
    return access.is === 'yes' && access.value.pending.some((each) => each.code === code)
  })
  return { ...session, channels: giver === undefined ? able : [giver] }
}

const approveCode = async (session: Session, typed: string, deps: Deps): Promise<ExitStatus> => {
  const channel = pairingChannel(session)
  if (readCode(typed) === null)
    throw usageError(
      `${JSON.stringify(typed)} is no code.`,
      'A code has six characters, such as a1b2c3: the bot answers with it to whoever is not let in yet.',
    )
  // A list that can't be read is not one in which this code is missing.
  readAccessOf(session, deps)
  const found = await lookUp(channel, typed, deps)
  if (found.is !== 'found') throw await refused(found.is, typed, session, deps)
  const who = await describeSender(session, found.pending, deps)
  const still = await lookAgain(channel, found.pending, deps)
  if (still.is !== 'found') throw await refused(still.is, typed, session, deps)
  await deps.approve(channel.stateDir, still.pending, null)
  deps.journal.append(session.name, { type: 'asked', what: 'pair', by: 'command' })
  deps.output.print(`${who} may write to ${channel.account ?? session.name} now.`, 'prose')
  deps.output.print(
    asTyped(
      `  \`channels access ${session.name} remove ${still.pending.senderId}\` takes that back.`,
      session,
      deps,
    ),
    'prose',
  )
  const remark = policyRemark(session, deps)
  if (remark !== null) deps.output.print(`  ${remark}`, 'prose')
  return exitStatus.done
}

const refused = async (why: Refusal, typed: string, session: Session, deps: Deps): Promise<ExpectedError> => {
  const [what, remedy] = refusalOf(why, typed, session, deps)
  const closed = why === 'unsafe' ? null : closedText(await opensForCodes(session, deps))
  return new ExpectedError(
    exitStatus.wrong,
    what,
    closed === null ? remedy : `${closed}Write to the bot again: it answers with a new one.`,
  )
}

/** Null where nothing has to be run first. */
const closedText = (commands: readonly string[]): string | null =>
  commands.length === 0 ? null : `The bot gives out no codes now: first ${commands.join(', then ')}. `
