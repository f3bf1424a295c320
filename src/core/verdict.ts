import { judgeChannel } from './channel-verdict.ts'
import type { DialogName, Transcript } from './client.ts'
import { isRecent, isSince } from './duration.ts'
import type { Evidence } from './evidence.ts'
import { because, type Finding, live, starting } from './finding.ts'
import type { ReasonName, State } from './reasons.ts'
import { type Remark, remarksOf } from './remarks.ts'

export type Verdict = Finding & {
  /** Reasons that make it no less live. */
  readonly remarks: readonly Remark[]
  readonly channels: readonly (Finding & { readonly id: string })[]
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
  const channels = evidence.channels.map((channel) => ({
    id: channel.channel.id,
    ...(session ?? judgeChannel(channel, evidence, now)),
  }))
  const worst = channels.reduce<Finding>((a, b) => (rank[b.state] > rank[a.state] ? b : a), live)
  const { state, reason, detail } = session ?? worst
  return { state, reason, detail, remarks: remarksOf(evidence), channels }
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
  if (client.dialog !== null) return because(reasonOfDialog[client.dialog.name], `in ${session.cwd}`)
  if (client.file?.activity === 'waiting')
    return because(reasonOfWaiting(client.file.waitingFor), client.file.waitingFor)
  return judgeApi(evidence, client.transcript?.apiFailure ?? null, now)
}

/** What the API refused a client before this one says nothing: somebody may have logged in since. */
const judgeApi = ({ run }: Evidence, failure: Transcript['apiFailure'], now: number): Finding | null => {
  if (failure === null || !isSince(failure.at, run?.startedAt ?? 0, now)) return null
  const seen = `API error ${failure.status} at ${new Date(failure.at).toISOString()}`
  if (failure.status === 401 || failure.status === 403) return because('login-expired', seen)
  return failure.status === 429 ? because('usage-limit', seen) : null
}

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
  return because('client-exited', lastExit(evidence))
}

const lastExit = ({ run }: Evidence): string | null => {
  const last = run?.exits.at(-1)
  if (last === undefined || last.run !== run?.run) return null
  return last.signal === null ? `exit status ${last.code ?? 'unknown'}` : `ended by ${last.signal}`
}

const reasonOfDialog = {
  'trust-dialog': 'trust-dialog',
  'development-dialog': 'development-dialog',
  'mcp-dialog': 'mcp-dialog',
  'bypass-dialog': 'bypass-dialog',
  'resume-dialog': 'resume-dialog',
  'login-screen': 'login-missing',
  'permission-prompt': 'permission-prompt',
  'unknown-dialog': 'unknown-dialog',
} as const satisfies Readonly<Record<DialogName, ReasonName>>
