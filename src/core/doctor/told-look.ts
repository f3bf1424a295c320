import { iso } from '../duration.ts'
import type { FailedDelivery } from '../notify/outbox.ts'
import { recipientLine } from '../notify/outbox.ts'
import { showRecipient } from '../notify/settings.ts'
import type { Session } from '../session.ts'
import type { SessionFacts } from './facts.ts'
import { failed, type Look, ok, warning } from './result.ts'

/** Whether whom `notify.to` names can be told: nobody notices otherwise that nobody is. Null where it names nobody. */
export const lookWhoIsTold = ({ session, evidence, greetedAt }: SessionFacts): Look | null => {
  const { to } = session.notify
  if (to === null) return null
  const whom = showRecipient(session)
  const channel = session.channels.find(({ id }) => id === to.channel)
  if (channel === undefined)
    return failed(`\`notify.to\` is ${whom}, and the session has no such bot any more`, another(session))
  const access = evidence.channels.find((each) => each.channel.id === to.channel)?.access
  if (access?.is === 'yes' && !access.value.senders.includes(to.sender))
    return failed(
      `\`notify.to\` is ${whom}, who may not write to ${channel.account ?? 'the bot'} any more`,
      another(session),
    )
  const { pending = null, failed: last = null } = evidence.health?.outbox ?? {}
  if (last === null || recipientLine(last.to) !== recipientLine(to) || (greetedAt ?? 0) >= last.at)
    return ok(whom)
  return didNotArrive(last, pending !== null, whom, session)
}

const another = ({ name }: Session): string =>
  `\`channels set ${name} notify.to=<user id>\` names somebody else, \`channels set ${name} notify.to=\` nobody.`

const didNotArrive = (
  { at, refused, unsure, detail }: FailedDelivery,
  isPending: boolean,
  whom: string,
  { name }: Session,
): Look => {
  const found = `what was to be told to ${whom} at ${iso(at)} ${unsure ? 'may not have got there' : 'did not get there'}: ${detail}`
  const again = `\`channels set ${name} notify.to=${whom}\` then tries it`
  if (refused)
    return failed(
      found,
      `They have to write to the bot, and not have it blocked; in Discord, to let members of a shared server write to them. ${again}.`,
    )
  return warning(
    found,
    `Look at the network${isPending ? ': it is tried again as long as it is so' : ''}. ${again}.`,
  )
}
