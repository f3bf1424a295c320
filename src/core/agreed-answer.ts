import { isAffordable } from './budget.ts'
import type { DialogAnswer } from './client.ts'
import type { Effect } from './effect.ts'
import type { Evidence } from './evidence.ts'
import type { ReasonName } from './reasons.ts'
import type { Health } from './records.ts'

/** Whether what a session waits for is a dialog that the keeper answers for the person, who agreed to it beforehand. */
export const isAnsweredFor = (reason: ReasonName | null, evidence: Evidence, now: number): boolean =>
  reason !== null &&
  evidence.keeper !== null &&
  agreedAnswer(reason, evidence) !== null &&
  mayAnswer(reason, evidence.health?.healed ?? [], evidence, now)

/**
 * Each start shows its dialog anew, however many there are in ten minutes: only answers of this run, which the dialog
 * outlived, are held against one more.
 */
export const mayAnswer = (
  reason: ReasonName,
  healed: Health['healed'],
  { run }: Evidence,
  now: number,
): boolean => {
  const startedAt = run?.startedAt ?? 0
  const ofRun = startedAt > now ? healed : healed.filter(({ at }) => at >= startedAt)
  return isAffordable(reason, ofRun, now)
}

/** Only what was agreed to beforehand; and the picker only where a restart of ours raised it. */
export const agreedAnswer = (reason: ReasonName, { session, run, client }: Evidence): Effect | null => {
  const { development, resume } = session.dialogs
  const answer: DialogAnswer | 'ask' =
    reason === 'development-dialog'
      ? development
      : reason === 'resume-dialog' && run?.resumed === true
        ? resume
        : 'ask'
  if (answer === 'ask' || client?.dialog?.name !== reason) return null
  return { do: 'answer-dialog', dialog: client.dialog.name, answer }
}
