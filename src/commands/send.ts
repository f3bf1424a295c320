import type { Evidence } from '../core/evidence.ts'
import { refusalToSend, textFault } from '../core/send.ts'
import type { Session } from '../core/session.ts'
import type { Deps } from '../deps.ts'
import { type ExitStatus, ExpectedError, exitStatus, usageError } from '../errors.ts'
import { confirmSent } from './confirm-sent.ts'
import type { Hands, TerminalLook } from './hands.ts'
import { refuseInside } from './inside.ts'
import { selectSession } from './select.ts'
import { typeOut } from './type-out.ts'

export type SendOptions = {
  /** Also while Claude is busy, or somebody is attached. */
  readonly force: boolean
  /** How long to wait until the client has taken it. */
  readonly timeoutMs: number
}

/** channels send: types a line into the session, as if at its terminal; says what became of it. */
export const send = async (
  name: string,
  given: string,
  options: SendOptions,
  deps: Deps,
): Promise<ExitStatus> => {
  refuseInside(deps, 'send')
  const session = selectSession(name, deps)
  const text = given === '-' ? (await deps.readStdin(pipeIn)).replace(/\r?\n$/, '') : given
  const fault = textFault(text) ?? deps.claude.ownLine(text)
  if (fault !== null) throw usageError(fault.what, fault.remedy)
  const keyboard = await deps.keyboard(session)
  const look = async () => {
    const evidence = await deps.observe(session)
    const asked = { text, force: options.force }
    return { evidence, refusal: refusalToSend(evidence, await keyboard.attached(), asked) }
  }
  // Before anything of the session's is written, which may never have run.
  free(await look())
  // Two at once would type into each other's lines.
  return deps.withLock(
    deps.folders.session(name).send,
    () => sendOne(session, text, { keyboard, look }, options, deps),
    options.timeoutMs + mostTypingMs,
  )
}

const pipeIn = 'Pipe a line in: `echo "how far are you?" | channels send <session> -`.'

/** What another one may take to type. */
const mostTypingMs = 60_000

const sendOne = async (
  session: Session,
  text: string,
  hands: Hands,
  { timeoutMs }: SendOptions,
  deps: Deps,
): Promise<ExitStatus> => {
  const before = free(await hands.look())
  // Ctrl-Z takes the client the keyboard; in a terminal without job control it stops the loop above it as well.
  for (const process of [before.terminal.loop, before.client?.process ?? null])
    if (process !== null) deps.processes.signal(process, 'SIGCONT')
  // From a menu Enter would choose, in place of submitting.
  const line = deps.claude.endsInMenu(text) ? `${text} ` : text
  const typed = await typeOut(session, line, hands, deps)
  deps.journal.append(session.name, { type: 'asked', what: 'send', by: 'command' })
  const enteredAt = deps.clock.now()
  if (!(await hands.keyboard.enter()))
    throw new ExpectedError(
      exitStatus.wrong,
      `The line stands in the prompt of \`${session.name}\`, but its terminal did not take Enter in time.`,
      `\`channels attach ${session.name}\` shows whether it went after all.`,
    )
  return confirmSent(session, text, { before, enteredAt, timeoutMs, typed, keyboard: hands.keyboard }, deps)
}

/** The evidence, where nothing speaks against typing. */
const free = ({ evidence, refusal }: TerminalLook): Evidence => {
  if (refusal === null) return evidence
  throw new ExpectedError(exitStatus.wrong, `${refusal.what} Nothing was typed.`, refusal.remedy)
}
