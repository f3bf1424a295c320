import { judgeAbsence } from './absence.ts'
import { shortName } from './channel.ts'
import { type DialogName, emptyTranscript, type RetryLine, type Transcript } from './client.ts'
import { iso, isRecent, isSince } from './duration.ts'
import type { ClientEvidence, Evidence, LoginEvidence } from './evidence.ts'
import { because, type Finding, live } from './finding.ts'
import { type Judged, judgeChannels } from './neighbours.ts'
import { afterResetMs } from './parking.ts'
import type { ReasonName } from './reasons.ts'
import { type Remark, remarksOf } from './remarks.ts'
import { rankOf } from './state-rank.ts'

export type Verdict = Finding & {
  /** Reasons that make it no less live. */
  readonly remarks: readonly Remark[]
  readonly channels: readonly Judged[]
}

/**
 * Judges a session and each of its channels. Pure: the same evidence at the same time amounts to the same verdict,
 * in `status` as in the keeper. A session is as well as its worst channel (design, section 4).
 */
export const judge = (evidence: Evidence, now: number): Verdict => {
  const session = judgeSession(evidence, now)
  const channels =
    session === null
      ? judgeChannels(evidence, now)
      : evidence.channels.map(({ channel: { id } }) => ({ id, ...ofSession(session, id, evidence) }))
  const found = session ?? worstOf(channels)
  return { ...sayWhom(found, evidence), remarks: remarksOf(evidence), channels }
}

/**
 * What holds for the whole session, as one of its channels has it: a client is started for all of them or for none, so
 * one that lacks nothing waits for the one that does.
 */
const ofSession = (found: Finding, id: string, evidence: Evidence): Finding => {
  if (found.about === undefined || found.about === id) return found
  const own = evidence.obstacles.find(({ channel }) => channel === id)
  if (own !== undefined) return because(own.reason, own.detail)
  return { ...found, detail: `waits for ${sayWhom(found, evidence).detail}` }
}

const worstOf = ([first, ...others]: Verdict['channels']): Finding => {
  if (first === undefined) return live
  const { id, ...worst } = others.reduce((a, b) => (rankOf(b.state) > rankOf(a.state) ? b : a), first)
  return worst.state === 'live' ? worst : { ...worst, about: id }
}

/** Of several channels it is said which one is meant. */
const sayWhom = (found: Finding, { channels }: Evidence): Finding => {
  const meant = channels.find(({ channel }) => channel.id === found.about)
  if (meant === undefined || channels.length === 1) return found
  const name = shortName(meant.channel)
  return { ...found, detail: found.detail === null ? name : `${name}: ${found.detail}` }
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

/** `permission prompt` (from 2.1.160) and `dialog open`, `approve Bash` on 2.1.139; anything else is a question. */
const reasonOfWaiting = (waitingFor: string | null): ReasonName => {
  if (waitingFor === 'dialog open') return 'unknown-dialog'
  if (waitingFor === 'permission prompt' || waitingFor?.startsWith('approve ')) return 'permission-prompt'
  return 'question'
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
