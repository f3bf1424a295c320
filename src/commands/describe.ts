import type { Finding } from '../core/finding.ts'
import { reasons, remedyFor } from '../core/reasons.ts'
import type { Session } from '../core/session.ts'

/** What is wrong, what was seen, what helps: for people, one line each. */
export const describeFinding = (
  session: Session,
  { state, reason, detail, about }: Finding,
): readonly string[] => {
  if (reason === null) return [`${session.name} is ${state}${detail === null ? '' : `: ${detail}`}.`]
  const channel = session.channels.find(({ id }) => id === about) ?? session.channels[0] ?? null
  return [
    `${session.name} is ${state}: ${reasons[reason].sentence} [${reason}]`,
    ...(detail === null ? [] : [`  Seen: ${detail}`]),
    `  ${remedyFor(reason, session.name, channel, session.channels)}`,
  ]
}
