import type { Channel } from '../../core/channel.ts'
import { hasToken } from '../../core/kinds.ts'
import { defaultNotify, type NotifySettings, type Session } from '../../core/session.ts'
import { findSession } from '../../core/settings.ts'
import type { Ask, Deps } from '../../deps.ts'
import { usageError } from '../../errors.ts'
import { greet } from '../notify.ts'
import type { SetupOptions } from './options.ts'
import type { Tell } from './questions.ts'
import { readAccessOf } from './sender.ts'

/** Who is told, as far as flags say it: somebody who is let in by one, or nobody; else as before. */
export const notifyOf = (
  { notify, allow }: Pick<SetupOptions, 'notify' | 'allow'>,
  { id }: Pick<Channel, 'id'>,
  before: Session | null,
): NotifySettings => {
  const former = before?.notify ?? defaultNotify
  const [sender, ...others] = allow
  if (notify === false) return { ...former, to: null }
  return notify && sender !== undefined && others.length === 0
    ? { ...former, to: { channel: id, sender } }
    : former
}

/** `--notify` means one person: who that is must be said where nobody can be asked. Throws an ExpectedError (2). */
export const checkNotify = (
  { notify, allow }: Pick<SetupOptions, 'notify' | 'allow'>,
  channel: Pick<Channel, 'kind'>,
  asks: boolean,
): void => {
  if (notify !== true) return
  if (!hasToken(channel))
    throw usageError('--notify needs a bot that can write to somebody.', 'Leave it out.')
  if (asks || allow.length === 1) return
  throw usageError(
    'Whom shall the bot tell of trouble?',
    'Say it with one --allow <user id>; or leave --notify out: `channels set <session> notify.to=<user id>` does it later.',
  )
}

/** What was set up. */
type SetUp = { readonly session: Session; readonly channel: Channel }

/** Tells whom a flag named that they are told from now on; that it did not get there is no fault of the setup. */
export const greetNamed = async (
  { session }: Pick<SetUp, 'session'>,
  { notify, allow }: SetupOptions,
  tell: Tell,
  deps: Deps,
): Promise<void> => {
  if (notify !== true || session.notify.to?.sender !== allow[0]) return
  const { arrived, said } = await greet(session, deps)
  tell[arrived ? 'say' : 'warn'](said)
}

/** Asks whether the one who was let in shall be told of trouble by the bot, unless that was said or is so. */
export const offerNotify = async (
  { session: { name }, channel }: SetUp,
  { notify }: SetupOptions,
  ask: Ask,
  deps: Deps,
): Promise<void> => {
  const session = findSession(deps.settings.read(), name)
  if (notify === false || session === null || session.notify.to !== null || !hasToken(channel)) return
  const own = { ...session, channels: [channel] }
  const [sender, ...others] = readAccessOf(own, deps).senders
  if (sender === undefined) return
  const bot = channel.account ?? 'The bot'
  if (others.length > 0) {
    ask.say(`${bot} can tell one of those it hears of trouble: \`channels set ${name} notify.to=<user id>\`.`)
    return
  }
  const message = `Shall ${bot} tell ${sender} when ${name} is blocked, gave up or is down?`
  if (notify !== true && !(await ask.confirm({ message, initial: true }))) return
  const to = { channel: channel.id, sender }
  // First, so that whoever cancels meanwhile is asked again.
  const { arrived, said } = await ask.wait('Telling them so', () =>
    greet({ ...session, notify: { ...session.notify, to } }, deps),
  )
  await deps.settings.update((settings) => {
    const present = findSession(settings, name)
    if (present === null) return settings
    const told = { ...present, notify: { ...present.notify, to } }
    return { ...settings, sessions: { ...settings.sessions, [name]: told } }
  })
  ask[arrived ? 'done' : 'warn'](said)
}
