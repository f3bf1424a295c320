import type { Evidence } from '../core/evidence.ts'
import { sameProcess } from '../core/process.ts'
import { contains, isAsBefore, isExactly, type Prompt } from '../core/prompt.ts'
import type { Session } from '../core/session.ts'
import { findSubmitted, isCommand, type Submitted } from '../core/submitted.ts'
import type { Deps, Keyboard } from '../deps.ts'
import { cancelled, type ExitStatus, ExpectedError, exitStatus } from '../errors.ts'
import { type Typed, takeBack } from './hands.ts'

type Sent = {
  /** What was seen before anything was typed. */
  readonly before: Evidence
  /** When Enter was pressed, in ms since 1970. */
  readonly enteredAt: number
  readonly timeoutMs: number
  readonly typed: Typed
  readonly keyboard: Keyboard
}

/**
 * Waits until the transcript shows the line, and says what became of it. A line that Enter left standing is taken back,
 * since the next one would be refused for it. Throws an ExpectedError: 1 when it was not seen in time, or the client ended,
 * knows no such command, or asks something now; 130 when cancelled.
 */
export const confirmSent = async (
  session: Session,
  text: string,
  sent: Sent,
  deps: Deps,
): Promise<ExitStatus> => {
  const { name } = session
  const began = deps.clock.elapsed()
  const deadline = began + sent.timeoutMs
  let restedAt = began
  let unattended = true
  for (;;) {
    const evidence = await deps.observe(session)
    const now = deps.clock.elapsed()
    if (evidence.terminal.attached > 0) unattended = false
    if (evidence.client?.file?.activity !== 'busy') restedAt = now
    const found = findSubmitted(sent.keyboard.submitted(evidence), text, sent.enteredAt)
    const outcome = found === null ? await meanwhile(text, evidence, sent, now - restedAt) : tell(name, found)
    if (outcome instanceof ExpectedError) throw outcome
    if (outcome !== null) {
      deps.output.print(outcome, 'prose')
      return exitStatus.done
    }
    if (deps.cancelled.aborted)
      throw cancelled(`The line was typed and Enter pressed; ${attach(name)} what became of it.`)
    if (deps.clock.elapsed() >= deadline) return stillNotSeen(session, text, sent, unattended, deps)
    await deps.clock.sleep(everyMs, deps.cancelled)
  }
}

const everyMs = 100

/** So long a client is at work on something: also over a command that there is not it is busy for a moment (2.1.139). */
const atWorkMs = 3_000

const attach = (name: string): string => `\`channels attach ${name}\` shows`

const tell = (name: string, { is, text }: Submitted): string | ExpectedError => {
  if (is === 'unknown')
    return wrong(
      `The client of \`${name}\` knows no command \`${text}\`.`,
      `${attach(name)} those it has: /.`,
    )
  if (is === 'waiting') return `${name} has it, and takes it up when the present turn is over.`
  if (isCommand(text)) return `${name} has run ${text.split(/\s/, 1)[0]}; ${attach(name)} what it says.`
  return `${name} has taken it. What Claude says to it stands in its terminal (\`channels attach ${name}\`), not at the phone.`
}

/** What can be told before the transcript shows anything. A command is a row of it only once it is over. */
const meanwhile = async (
  text: string,
  { session: { name }, client }: Evidence,
  { before, keyboard }: Sent,
  busyMs: number,
): Promise<string | ExpectedError | null> => {
  if (client === null || !sameProcess(client.process, before.client?.process ?? null))
    return wrong(
      `The client of \`${name}\` ended as Enter was pressed; whether it took the line is not known.`,
      `\`channels logs ${name}\` says why it ended. Send the line again once it is live.`,
    )
  if (!isCommand(text)) return null
  if (client.file?.activity === 'waiting')
    return wrong(
      `${text} opened a dialog, and \`${name}\` waits for a person now.`,
      `\`channels attach ${name}\` shows it; close it there.`,
    )
  if (busyMs < atWorkMs || before.client?.file?.activity === 'busy') return null
  const prompt = await keyboard.prompt()
  return prompt !== null && !contains(prompt, keyboard.shown(text))
    ? `${name} is at work on ${text.split(/\s/, 1)[0]}.`
    : null
}

/** Keys are taken in order: an Enter that the client takes only now goes before what takes the line back. */
const settleMs = 2_000

const stillNotSeen = async (
  session: Session,
  text: string,
  sent: Sent,
  unattended: boolean,
  deps: Deps,
): Promise<ExitStatus> => {
  const { name } = session
  const { typed, keyboard, enteredAt } = sent
  const prompt = await keyboard.prompt()
  const takenBack =
    prompt !== null && (await isOurs(prompt, sent, unattended)) && (await takeBack(typed, sent, deps))
  const deadline = deps.clock.elapsed() + (takenBack ? settleMs : 0)
  for (;;) {
    const found = findSubmitted(keyboard.submitted(await deps.observe(session)), text, enteredAt)
    if (found !== null || deps.cancelled.aborted || deps.clock.elapsed() >= deadline) {
      const stands = prompt !== null && contains(prompt, keyboard.shown(text))
      const outcome = found === null ? notSeen(name, takenBack, stands) : tell(name, found)
      if (outcome instanceof ExpectedError) throw outcome
      deps.output.print(outcome, 'prose')
      return exitStatus.done
    }
    await deps.clock.sleep(everyMs, deps.cancelled)
  }
}

/** Whether something stands there, and is the line itself, or nobody was there since Enter to type anything else. */
const isOurs = async (prompt: Prompt, { typed, keyboard }: Sent, unattended: boolean): Promise<boolean> =>
  !isAsBefore(typed.before, prompt) &&
  (isExactly(prompt, keyboard.shown(typed.text)) || (unattended && (await keyboard.attached()) === 0))

const notSeen = (name: string, takenBack: boolean, stands: boolean): ExpectedError =>
  takenBack
    ? wrong(
        `Enter did not send the line to \`${name}\`, and what was typed was taken back.`,
        `${attach(name)} what the client is at; then send it again.`,
      )
    : wrong(
        stands
          ? `The line stands in the prompt of \`${name}\`, and Enter did not send it.`
          : `The line was typed and Enter pressed, but it was not seen to arrive in the conversation of \`${name}\`.`,
        `${attach(name)} what became of it.`,
      )

const wrong = (what: string, remedy: string): ExpectedError =>
  new ExpectedError(exitStatus.wrong, what, remedy)
