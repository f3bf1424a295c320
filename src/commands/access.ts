import type { Access } from '../core/access.ts'
import type { Channel } from '../core/channel.ts'
import { givesCodes, keepsList, kinds } from '../core/kinds.ts'
import { forgetRecipient } from '../core/notify/settings.ts'
import { readCode } from '../core/pairing.ts'
import type { Session } from '../core/session.ts'
import type { Deps } from '../deps.ts'
import { type ExitStatus, ExpectedError, exitStatus, usageError } from '../errors.ts'
import { asTyped } from './as-typed.ts'
import { refuseInside } from './inside.ts'
import { nobodyIsTold } from './notify.ts'
import { ofChannel, selectSession } from './select.ts'
import {
  deafRemark,
  describeSender,
  lettingIn,
  messengerLabel,
  nameSender,
  pairingChannel,
  readAccessOf,
} from './setup/sender.ts'

export type AccessAsked = {
  readonly action: string
  readonly value: string | null
  /** Which of the session's channels: its kind or id; null where there is one. */
  readonly channel: string | null
  readonly json: boolean
}

/** channels access: who may write to a session's bot, and who asked to. */
export const access = async (
  name: string,
  { action, value, channel, json }: AccessAsked,
  deps: Deps,
): Promise<ExitStatus> => {
  const session = ofChannel(selectSession(name, deps), channel, keepsList, 'keeps a list of who may write')
  const act = Object.hasOwn(actions, action) ? actions[action] : undefined
  if (act === undefined)
    throw usageError(
      `\`channels access\` can't ${JSON.stringify(action)}.`,
      'It can list, allow <id>, remove <id>, deny <code or id>, policy <pairing|allowlist|disabled>.',
    )
  if (action !== 'list') refuseInside(deps, 'access')
  if (json && action !== 'list') throw usageError('--json goes with `list` only.', 'Leave it out.')
  await act(session, value, json, deps)
  return exitStatus.done
}

type Action = (session: Session, value: string | null, json: boolean, deps: Deps) => Promise<void>

const list: Action = async (session, value, json, deps) => {
  if (value !== null)
    throw usageError(`\`list\` takes nothing more, not ${JSON.stringify(value)}.`, 'Leave it out.')
  const { policy, senders, pending } = readAccessOf(session, deps)
  const { account, kind } = pairingChannel(session)
  const bot = account ?? (givesCodes({ kind }) ? 'its bot' : kinds[kind].label)
  // No codes: whoever approves one is to have it from the person, not from a list.
  const waiting = pending.map(({ senderId, createdAt }) => ({ senderId, createdAt }))
  if (json)
    return deps.output.print(JSON.stringify({ session: session.name, account, policy, senders, waiting }))
  const [may, wait] = await Promise.all([
    Promise.all(senders.map((each) => nameSender(session, each, deps))),
    Promise.all(pending.map((each) => describeSender(session, each, deps))),
  ])
  deps.output.print(`${session.name} (${bot}): ${policyTexts[policy]} [${policy}]`, 'prose')
  for (const who of may) deps.output.print(`  may write: ${who}`, 'prose')
  if (may.length === 0) say(`  ${lettingIn(session, deps)}`, session, deps)
  for (const who of wait) deps.output.print(`  waits: ${who}`, 'prose')
  if (wait.length === 0) return
  say(`  \`channels pair ${session.name} <code>\` lets in whoever tells you their code.`, session, deps)
  say(`  \`channels access ${session.name} deny <id>\` takes somebody's code away.`, session, deps)
}

const say = (text: string, session: Session, deps: Deps): void =>
  deps.output.print(asTyped(text, session, deps), 'prose')

const policyTexts: Readonly<Record<Access['policy'], string>> = {
  pairing: 'who is not let in yet gets a code',
  allowlist: 'only those who were let in are heard',
  disabled: 'nobody is heard',
  unknown: 'a policy this release does not know',
}

const allow: Action = async (session, value, _, deps) => {
  const who = givesCodes(pairingChannel(session)) ? `${messengerLabel(session)} user id` : 'number or address'
  const hint = asTyped(`\`channels access ${session.name} allow <${who}>\``, session, deps)
  const id = need(value, 'Which id?', hint)
  deps.channels.checkSenders([id], pairingChannel(session).kind)
  await change(session, { do: 'allow', ids: [id] }, deps)
  deps.output.print(`${id} may write to ${pairingChannel(session).account ?? session.name} now.`, 'prose')
  if (readAccessOf(session, deps).policy === 'disabled')
    deps.output.print(`  ${deafRemark(session, deps)}`, 'prose')
}

const remove: Action = async (session, value, _, deps) => {
  const id = need(
    value,
    'Which id?',
    asTyped(`\`channels access ${session.name}\` lists them.`, session, deps),
  )
  if (!readAccessOf(session, deps).senders.includes(id))
    throw new ExpectedError(
      exitStatus.wrong,
      `${JSON.stringify(id)} is not among those who may write to \`${session.name}\`.`,
      asTyped(`\`channels access ${session.name}\` lists them.`, session, deps),
    )
  await change(session, { do: 'remove', id }, deps)
  deps.output.print(`${id} is not heard any more, from the next message on.`, 'prose')
  for (const each of await tellNoMore(pairingChannel(session), id, deps))
    deps.output.print(nobodyIsTold(each), 'prose')
  if (readAccessOf(session, deps).senders.length === 0) say(`  ${lettingIn(session, deps)}`, session, deps)
}

/** The sessions that told this person by this bot, as they are now: who may not write is told nothing either. */
const tellNoMore = async (
  { stateDir }: Channel,
  id: string,
  { settings }: Deps,
): Promise<readonly Session[]> => {
  const without = (session: Session): Session =>
    forgetRecipient(session, (channel, sender) => channel.stateDir === stateDir && sender === id)
  const told = Object.values(settings.read().sessions).filter((each) => without(each) !== each)
  if (told.length > 0)
    await settings.update((present) => ({
      ...present,
      sessions: Object.fromEntries(
        Object.entries(present.sessions).map(([name, each]) => [name, without(each)]),
      ),
    }))
  return told
}

/** By the code, or by the id that `access` shows: codes it does not show. */
const deny: Action = async (session, value, _, deps) => {
  const command = asTyped(`\`channels access ${session.name} deny <code or id>\``, session, deps)
  const typed = need(value, 'Which code, or whose id?', command)
  const { pending } = readAccessOf(session, deps)
  const code = pending.find((each) => each.code === readCode(typed))?.code
  const senderId = pending.find((each) => each.senderId === typed)?.senderId
  if (code !== undefined) {
    await change(session, { do: 'deny', code }, deps)
    deps.output.print('Denied: that code lets nobody in any more.', 'prose')
  } else if (senderId !== undefined) {
    await change(session, { do: 'deny', senderId }, deps)
    deps.output.print(`Denied: the code that ${senderId} was given lets nobody in any more.`, 'prose')
  } else
    throw new ExpectedError(
      exitStatus.wrong,
      'Nobody waits with this code or id.',
      asTyped(`\`channels access ${session.name}\` shows who waits.`, session, deps),
    )
}

const policy: Action = async (session, value, _, deps) => {
  const wanted = policies.find((each) => each === value)
  if (wanted === undefined)
    throw usageError(
      value === null ? 'Which policy?' : `There is no policy ${JSON.stringify(value)}.`,
      asTyped(`\`channels access ${session.name} policy <pairing|allowlist|disabled>\``, session, deps),
    )
  await change(session, { do: 'policy', policy: wanted }, deps)
  deps.output.print(`${session.name}: ${policyTexts[wanted]} [${wanted}]`, 'prose')
}

const policies = ['pairing', 'allowlist', 'disabled'] as const

const actions: Readonly<Record<string, Action>> = { list, allow, remove, deny, policy }

const change = async (
  session: Session,
  wanted: Parameters<Deps['changeAccess']>[1],
  deps: Deps,
): Promise<void> => {
  const { kind, stateDir } = pairingChannel(session)
  // A list that is not there yet would be made one that lets everybody ask, which this plugin's never does by itself.
  if (kinds[kind].usualPolicy === 'allowlist' && deps.channels.readAccess(stateDir).is === 'no')
    await deps.changeAccess(stateDir, { do: 'policy', policy: 'allowlist' })
  await deps.changeAccess(stateDir, wanted)
  deps.journal.append(session.name, { type: 'asked', what: 'access', by: 'command' })
}

const need = (value: string | null, question: string, hint: string): string => {
  if (value === null) throw usageError(question, hint)
  return value
}
