import { shortName } from './channel.ts'
import { type DialogName, emptyTranscript, type RetryLine, type Transcript } from './client.ts'
import { isRecent, isSince } from './duration.ts'
import { judgeEnded } from './ended.ts'
import type { ClientEvidence, Evidence, LoginEvidence } from './evidence.ts'
import { because, type Finding, live, starting } from './finding.ts'
import { holdOf } from './hold.ts'
import { type Judged, judgeChannels } from './neighbours.ts'
import { afterResetMs } from './parking.ts'
import { isReason, type ReasonName, type State } from './reasons.ts'
import { type Remark, remarksOf } from './remarks.ts'

export type Verdict = Finding & {
  /** Reasons that make it no less live. */
  readonly remarks: readonly Remark[]
  readonly channels: readonly Judged[]
}

/** A terminal and its loop are there this soon after they were asked for; until then their absence is `starting`. */
const terminalGraceMs = 4_000
/** From launch's record to a client process: the shell and two execs. */
const clientGraceMs = 3_000

/**
 * Judges a session and each of its channels. Pure: the same evidence at the same time amounts to the same verdict,
 * in `status` as in the keeper. A session is as well as its worst channel (design, section 4).
 */
export const judge = (evidence: Evidence, now: number): Verdict => {
  const session = judgeSession(evidence, now)
  const channels =
    session === null
      ? judgeChannels(evidence, now)
      : evidence.channels.map(({ channel: { id } }) => ({ id, ...session }))
  const { state, reason, detail } = session ?? worstOf(channels, evidence)
  return { state, reason, detail, remarks: remarksOf(evidence), channels }
}

/** Of several channels it is said which one is meant. */
const worstOf = (channels: Verdict['channels'], evidence: Evidence): Finding => {
  const [first, ...others] = channels
  if (first === undefined) return live
  const worst = others.reduce((a, b) => (rank[b.state] > rank[a.state] ? b : a), first)
  const { channel } = evidence.channels[channels.indexOf(worst)] ?? {}
  if (others.length === 0 || channel === undefined || worst.state === 'live') return worst
  const name = shortName(channel)
  return { ...worst, detail: worst.detail === null ? name : `${name}: ${worst.detail}` }
}

/** From well to unwell. */
const rank: Readonly<Record<State, number>> = {
  live: 0,
  stopped: 1,
  starting: 2,
  unknown: 3,
  recovering: 4,
  down: 5,
  blocked: 6,
}

/** What holds for the whole session, whatever its channels say; null when that is for the channels to tell. */
const judgeSession = (evidence: Evidence, now: number): Finding | null => {
  const { client, wanted, session, stray } = evidence
  if (stray !== null) return because('records-lost', `client ${stray.pid} runs`)
  if (wanted === null || !wanted.want)
    return { state: 'stopped', reason: null, detail: client === null ? null : 'its client still ends' }
  if (client === null) return judgeAbsence(evidence, now)
  if (client.suspended) return because('client-stopped', `pid ${client.process.pid}`)
  if (evidence.terminal.loop === null)
    return because('terminal-lost', `client ${client.process.pid} lost its terminal`)
  if (client.dialog !== null && !answersBehind(client))
    return because(reasonOfDialog[client.dialog.name], `in ${session.cwd}`)
  if (client.file?.activity === 'waiting' && !answersBehind(client))
    return because(reasonOfWaiting(client.file.waitingFor), client.file.waitingFor)
  return judgeRetries(evidence, client, now) ?? judgeApi(evidence, client.transcript, now)
}

/**
 * Behind the picker of an old conversation the session is there: messages are answered, and the first one closes it
 * (2.1.139 and 2.1.330).
 */
const answersBehind = ({ dialog, file }: ClientEvidence): boolean =>
  dialog?.name === 'resume-dialog' && file !== null

/** The model API owes an answer, and the client asks again: by its transcript; why, by what it says at its terminal. */
const judgeRetries = (
  { run }: Evidence,
  { transcript, retry }: ClientEvidence,
  now: number,
): Finding | null => {
  const { retrying } = transcript ?? emptyTranscript
  if (retrying === null || !isSince(retrying.at, run?.startedAt ?? 0, now)) return null
  const cause = retry?.cause ?? causeOf(retrying.status)
  const nextAt = retrying.nextAt ?? retry?.nextAt ?? null
  const next = nextAt === null ? '' : `; the client asks again at ${iso(nextAt)}`
  const seen = `asked ${retrying.times + 1} times since ${iso(retrying.since)}, no answer yet${next}`
  if (cause === 'login') return because('login-expired', seen)
  if (cause === 'limit') return because('usage-limit', seen)
  // The first attempts say nothing, and are over within two seconds.
  return cause === 'other' || retrying.times >= 3 ? because('model-failing', seen) : null
}

const causeOf = (status: number | null): RetryLine['cause'] => {
  if (status === 401 || status === 403) return 'login'
  return status === 429 ? 'limit' : status === null ? 'unknown' : 'other'
}

/** What the API refused a client before this one says nothing: somebody may have logged in since. */
const judgeApi = ({ run, login }: Evidence, transcript: Transcript | null, now: number): Finding | null => {
  const { apiFailure: failure } = transcript ?? emptyTranscript
  if (failure === null || !isSince(failure.at, run?.startedAt ?? 0, now)) return null
  const seen = `API error ${failure.status ?? 'without a status'} at ${iso(failure.at)}`
  if (failure.status === 401 || failure.status === 403)
    return isLoginBack(failure.at, login) ? null : because('login-expired', seen)
  // `billing_error` is a credit that is used up (400; 2.1.330).
  // Over: the next message is tried anew.
  if (failure.resetsAt !== null && now >= failure.resetsAt + afterResetMs) return null
  if (failure.status === 429 || failure.error === 'billing_error')
    return because(
      'usage-limit',
      failure.resetsAt === null ? seen : `${seen}, until ${iso(failure.resetsAt)}`,
    )
  // What failed longer ago says nothing of the next message, which the client tries anew.
  return isRecent(now - failure.at, failingMs) ? because('model-failing', seen) : null
}

/** Credentials that came after the refusal, and that the client itself calls good. */
const isLoginBack = (refusedAt: number, login: LoginEvidence | null): boolean =>
  login?.credentialsAt != null &&
  login.credentialsAt > refusedAt &&
  login.checked?.is === 'yes' &&
  login.checked.credentialsAt === login.credentialsAt

const failingMs = 10 * 60_000

const iso = (at: number): string => new Date(at).toISOString()

/** `permission prompt` and `dialog open` on 2.1.330, `approve Bash` on 2.1.139; anything else is a question. */
const reasonOfWaiting = (waitingFor: string | null): ReasonName => {
  if (waitingFor === 'dialog open') return 'unknown-dialog'
  if (waitingFor === 'permission prompt' || waitingFor?.startsWith('approve ')) return 'permission-prompt'
  return 'question'
}

const judgeAbsence = (evidence: Evidence, now: number): Finding => {
  const { run, terminal, wanted } = evidence
  const [obstacle] = evidence.obstacles
  const askedMs = now - (wanted?.at ?? 0)
  const parked = judgeHold(evidence, now)
  if (parked !== null && terminal.loop !== null && terminal.launchFailed === null) return parked
  if (terminal.loop === null) {
    if (obstacle !== undefined) return because(obstacle.reason, obstacle.detail)
    if (isRecent(askedMs, terminalGraceMs)) return starting('its terminal is being started')
    return because(
      'terminal-lost',
      run === null ? 'it was never started' : `its loop (${run.loop.pid}) is gone`,
    )
  }
  if (terminal.launchFailed !== null)
    return because('launch-failed', `\`channels launch\` ended with ${terminal.launchFailed.status}`)
  if (obstacle !== undefined) return because(obstacle.reason, obstacle.detail)
  if (run?.waiting) {
    const { reason, detail } = run.waiting
    if (reason === 'stopped') return starting('held back by the keeper')
    // What blocked the start is there now; the loop only has not looked again yet.
    return reason === 'client-exited' || reason === 'crash-loop'
      ? because(reason, detail)
      : starting('its loop looks again')
  }
  if (run !== null && isRecent(now - run.startedAt, clientGraceMs))
    return starting('its client is being started')
  if (
    run === null ||
    (wanted !== null && wanted.generation > run.generation && isRecent(askedMs, terminalGraceMs))
  )
    return starting('its client is being started')
  return judgeEnded(evidence) ?? because('client-exited', lastExit(evidence))
}

/** Ended on purpose, so that what is written meanwhile waits at the platform and is not lost. */
const judgeHold = ({ wanted, run, orders }: Evidence, now: number): Finding | null => {
  const hold = holdOf(run, orders, now)
  if (hold === null || hold.reason === 'stopped' || !isReason(hold.reason)) return null
  if (wanted !== null && run !== null && wanted.generation > run.generation) return null
  const next = hold.until === null ? '' : `, tried again at ${iso(hold.until)}`
  return because(hold.reason, `its client is kept ended, so that messages wait at the platform${next}`)
}

const lastExit = ({ run }: Evidence): string | null => {
  const last = run?.exits.at(-1)
  if (last === undefined || last.run !== run?.run) return null
  return last.signal === null ? `exit status ${last.code ?? 'unknown'}` : `ended by ${last.signal}`
}

export const reasonOfDialog = {
  'trust-dialog': 'trust-dialog',
  'development-dialog': 'development-dialog',
  'mcp-dialog': 'mcp-dialog',
  'bypass-dialog': 'bypass-dialog',
  'resume-dialog': 'resume-dialog',
  'login-screen': 'login-missing',
  'permission-prompt': 'permission-prompt',
  'unknown-dialog': 'unknown-dialog',
} as const satisfies Readonly<Record<DialogName, ReasonName>>
