import { readCode } from '../core/pairing.ts'
import type { Deps } from '../deps.ts'
import { type ExitStatus, ExpectedError, exitStatus, usageError } from '../errors.ts'
import { describeFinding } from './describe.ts'
import { refuseInside } from './inside.ts'
import { selectSession } from './select.ts'
import { pairSender } from './setup/pair.ts'
import { whomToAsk } from './setup/questions.ts'
import {
  describeSender,
  lookUp,
  pairingChannel,
  presentVerdict,
  readAccessOf,
  refusals,
} from './setup/sender.ts'

/** channels pair: approves the sender who got this code; without one asks for it, and opens the bot for that time. */
export const pair = async (
  first: string | undefined,
  second: string | undefined,
  deps: Deps,
): Promise<ExitStatus> => {
  refuseInside(deps, 'pair')
  const { session, code } = whichCode(first, second, deps)
  if (code !== null) return approveCode(session, code, deps)
  const ask = await whomToAsk(false, deps)
  if (ask === null)
    throw usageError(
      'Which code did the bot answer with?',
      `Write to the bot, then \`channels pair ${session.name} <code>\`.`,
    )
  const verdict = await ask.wait('Looking whether the bot is live', () => presentVerdict(session, deps))
  if (verdict.state !== 'live') {
    const [what = '', ...rest] = describeFinding(session, verdict)
    throw new ExpectedError(
      exitStatus.wrong,
      `The bot gives out codes only while it is live. ${what}`,
      rest.at(-1)?.trim() ?? `\`channels up ${session.name}\` starts it.`,
    )
  }
  await pairSender(session, ask, deps)
  deps.journal.append(session.name, { type: 'asked', what: 'pair', by: 'command' })
  return exitStatus.done
}

/** With one session its name may be left out; a word that is no session's is then a code. */
const whichCode = (first: string | undefined, second: string | undefined, deps: Deps) => {
  const names = Object.keys(deps.settings.read().sessions)
  const isCode =
    first !== undefined && second === undefined && !names.includes(first) && readCode(first) !== null
  if (isCode && names.length === 1) return { session: selectSession(undefined, deps), code: first }
  return { session: selectSession(first, deps), code: second ?? null }
}

type Session = ReturnType<typeof selectSession>

const approveCode = async (session: Session, typed: string, deps: Deps): Promise<ExitStatus> => {
  const channel = pairingChannel(session)
  if (readCode(typed) === null)
    throw usageError(
      `${JSON.stringify(typed)} is no code.`,
      'A code has six characters, such as a1b2c3: the bot answers with it to whoever is not let in yet.',
    )
  const { policy } = readAccessOf(session, deps)
  const found = await lookUp(channel, typed, deps)
  if (found.is !== 'found') throw new ExpectedError(exitStatus.wrong, ...refusals[found.is])
  const who = await describeSender(session, found.pending, deps)
  await deps.approve(channel.stateDir, found.pending, null)
  deps.journal.append(session.name, { type: 'asked', what: 'pair', by: 'command' })
  deps.output.print(`${who} may write to ${channel.account ?? session.name} now.`)
  deps.output.print(`  \`channels access ${session.name} remove ${found.pending.senderId}\` takes that back.`)
  if (policy === 'disabled')
    deps.output.print(
      `  But its policy is disabled: nobody is heard until \`channels access ${session.name} policy allowlist\`.`,
    )
  if (policy === 'pairing')
    deps.output.print(
      `  Others can still ask to be let in; \`channels access ${session.name} policy allowlist\` ends that.`,
    )
  return exitStatus.done
}
