import type { Finding } from '../core/finding.ts'
import { reasons, remedyFor } from '../core/reasons.ts'
import type { Session } from '../core/session.ts'
import type { Verdict } from '../core/verdict.ts'

/** What is wrong, what was seen, what helps: for people, one line each. */
export const describeFinding = (
  session: Session,
  { state, reason, detail, channels = [] }: Finding & Partial<Pick<Verdict, 'channels'>>,
): readonly string[] => {
  if (reason === null) return [`${session.name} is ${state}${detail === null ? '' : `: ${detail}`}.`]
  const id = channels.find((channel) => channel.reason === reason)?.id
  const channel = session.channels.find((each) => each.id === id) ?? session.channels[0] ?? null
  return [
    `${session.name} is ${state}: ${reasons[reason].sentence} [${reason}]`,
    ...(detail === null ? [] : [`  Seen: ${detail}`]),
    `  ${remedyFor(reason, session.name, channel, session.channels)}`,
  ]
}
