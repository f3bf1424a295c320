import { iso, isRecent } from './duration.ts'
import { judgeEnded } from './ended.ts'
import type { Evidence, Obstacle } from './evidence.ts'
import { because, type Finding, starting } from './finding.ts'
import { holdOf } from './hold.ts'
import { isReason } from './reasons.ts'
import { isTakenDown } from './take-down.ts'

/** A terminal and its loop are there this soon after they were asked for; until then their absence is `starting`. */
const terminalGraceMs = 4_000
/** From launch's record to a client process: the shell and two execs. */
const clientGraceMs = 3_000

/** Judges a session that is wanted and has no client: what is missing, what it waits for, or how the last one ended. */
export const judgeAbsence = (evidence: Evidence, now: number): Finding => {
  const { run, terminal, wanted } = evidence
  const [obstacle] = evidence.obstacles
  const askedMs = now - (wanted?.at ?? 0)
  if (isTakenDown(run, evidence.orders))
    return evidence.keeper === null
      ? because('taken-down')
      : starting('it was taken down, and the keeper lets it go on')
  const parked = judgeHold(evidence, now)
  if (parked !== null && terminal.loop !== null && terminal.launchFailed === null) return parked
  if (terminal.loop === null) {
    if (obstacle !== undefined) return blockedBy(obstacle)
    if (isRecent(askedMs, terminalGraceMs)) return starting('its terminal is being started')
    return because(
      'terminal-lost',
      run === null ? 'it was never started' : `its loop (${run.loop.pid}) is gone`,
    )
  }
  if (terminal.launchFailed !== null)
    return because('launch-failed', `\`channels launch\` ended with ${terminal.launchFailed.status}`)
  if (obstacle !== undefined) return blockedBy(obstacle)
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

const blockedBy = ({ reason, detail, channel }: Obstacle): Finding => ({
  ...because(reason, detail),
  ...(channel === undefined ? {} : { about: channel }),
})

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
