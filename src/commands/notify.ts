import { hasToken, kinds } from '../core/kinds.ts'
import type { Delivery } from '../core/notify/delivery.ts'
import { recipientLine } from '../core/notify/outbox.ts'
import { showRecipient } from '../core/notify/settings.ts'
import { helloText } from '../core/notify/text.ts'
import type { Session } from '../core/session.ts'
import type { Deps } from '../deps.ts'
import { type ExitStatus, ExpectedError, exitStatus, usageError } from '../errors.ts'

/** Only somebody who may write to the bot is named by `notify.to=`. Throws an ExpectedError (2) for anybody else. */
export const checkRecipient = (
  session: Session,
  pairs: readonly string[],
  { channels }: Pick<Deps, 'channels'>,
): void => {
  if (!isNamed(pairs)) return
  const { to } = session.notify
  const channel = session.channels.find(({ id }) => id === to?.channel)
  if (to === null || channel === undefined) return
  const access = channels.readAccess(channel.stateDir, kinds[channel.kind].usualPolicy)
  const senders = access.is === 'yes' ? access.value.senders : []
  if (senders.includes(to.sender)) return
  throw usageError(
    `\`notify.to\` can't be ${to.sender}: nobody of that id may write to ${channel.account ?? 'the bot'}.`,
    senders.length === 0
      ? `\`channels pair ${session.name}\` lets somebody in.`
      : `\`channels access ${session.name}\` lists who may: ${senders.join(', ')}.`,
  )
}

/** Said where whom `notify.to` named is forgotten with what let them be told. */
export const nobodyIsTold = ({ name, channels }: Session): string => {
  const another = channels.some(hasToken)
    ? ` \`channels set ${name} notify.to=<user id>\` names somebody else.`
    : ''
  return `  \`notify.to\` of \`${name}\` named them: nobody is told of trouble by a bot any more.${another}`
}

const isNamed = (pairs: readonly string[]): boolean => pairs.some((pair) => pair.startsWith('notify.to='))

/** Whoever is named by it is told so at once, also where that was set before: it may not have got there then. */
export const greetAsSet = async (
  session: Session,
  pairs: readonly string[],
  deps: Pick<Deps, 'tellPerson' | 'files' | 'folders' | 'output'>,
): Promise<ExitStatus> => {
  if (!isNamed(pairs) || session.notify.to === null) return exitStatus.done
  const { arrived, said } = await greet(session, deps)
  if (arrived) deps.output.print(said, 'prose')
  else deps.output.say(said)
  return arrived ? exitStatus.done : exitStatus.wrong
}

/** What is said to whoever is told from now on, noted for `doctor` where it got there; what became of it, and what helps where it did not get there. */
export const greet = async (
  session: Session,
  deps: Pick<Deps, 'tellPerson' | 'files' | 'folders'>,
): Promise<{ readonly arrived: boolean; readonly said: string }> => {
  const delivery = await deps.tellPerson(session, helloText(session))
  const whom = showRecipient(session)
  if (delivery.is === 'sent') {
    const unnoted = noteGreeted(session, deps)
    const said = `A first message went to ${whom}: look whether it is there.`
    return {
      arrived: true,
      said: unnoted === null ? said : `${said} For \`doctor\` that is not noted: ${unnoted}`,
    }
  }
  if (delivery.is === 'unsure')
    return {
      arrived: false,
      said: `A first message to ${whom} may have got there: ${delivery.detail}. Look whether it is there; \`channels set ${session.name} notify.to=${whom}\` sends another one.`,
    }
  return {
    arrived: false,
    said: `A first message to ${whom} did not get there: ${delivery.detail}. ${helps(delivery)} \`channels set ${session.name} notify.to=${whom}\` then tries again.`,
  }
}

/** Why it could not be noted; null where it was, or the session was removed meanwhile: its folder must not come back. */
const noteGreeted = (
  { name, notify: { to } }: Session,
  { files, folders }: Pick<Deps, 'files' | 'folders'>,
): string | null => {
  const { folder, greeted } = folders.session(name)
  if (to === null || !files.isFolder(folder)) return null
  try {
    files.writeText(greeted, recipientLine(to))
    return null
  } catch (error) {
    if (error instanceof ExpectedError) return error.message
    throw error
  }
}

const helps = (delivery: Exclude<Delivery, { readonly is: 'sent' | 'unsure' }>): string => {
  if (delivery.is === 'later') return `Wait ${Math.ceil(delivery.afterMs / 1_000)} s.`
  if (delivery.is === 'failed') return 'Look at the network.'
  return 'They have to write to the bot first, and not have it blocked; in Discord, to let members of a shared server write to them.'
}
