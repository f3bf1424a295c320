import type { Channel } from '../core/channel.ts'
import { hasToken } from '../core/kinds.ts'
import type { Wanted } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import { findSession, type Settings } from '../core/settings.ts'
import type { Ask, Deps, Messenger } from '../deps.ts'
import { type ExitStatus, ExpectedError, exitStatus, usageError } from '../errors.ts'
import { asTyped } from './as-typed.ts'
import { refuseInside } from './inside.ts'
import { observeRecorded, order } from './order.ts'
import { ofChannel, selectSession } from './select.ts'
import { awaitAllowed, notAllowed } from './setup/allowed.ts'
import { withPlugins } from './setup/apply.ts'
import { askMessenger, readSetupToken } from './setup/bot.ts'
import { checkClaims } from './setup/claims.ts'
import { checkElsewhere, checkHere, checkRunning } from './setup/others.ts'
import { during, needAsk, plainTell, type Tell, whomToAsk } from './setup/questions.ts'
import { pairingChannel } from './setup/sender.ts'
import { askToken } from './setup/token.ts'
import { awaitSwap, reportSwap } from './swap-client.ts'

export type TokenOptions = {
  /** Which of the session's channels: its kind or id; null where there is one. */
  readonly channel: string | null
  readonly tokenFile: string | null
  readonly tokenStdin: boolean
  /** Also when it is another bot's. */
  readonly yes: boolean
  readonly timeoutMs: number
}

/**
 * channels token: a new bot token, checked and swapped in. The conversation goes on, and the client is ended only when it
 * has worked off what it was given; what comes meanwhile waits at Telegram, and is not kept at Discord. An answer that was
 * under way when the old token was revoked is refused there (401), and the client does not send it again.
 */
export const token = async (name: string, options: TokenOptions, deps: Deps): Promise<ExitStatus> => {
  refuseInside(deps, 'token')
  const session = ofChannel(selectSession(name, deps), options.channel, hasToken, 'has a bot')
  const channel = pairingChannel(session)
  const messenger = messengerOf(channel, deps)
  const ask = await whomToAsk(false, deps)
  const tell = ask ?? plainTell(deps)
  const given = await newToken(session, messenger, options, ask, deps)
  // A bot is asked as its session asks.
  const asSession = { ...deps, env: { ...deps.env, ...session.environment } }
  const bot = await tell.wait(`Asking ${messenger.label} whose token this is`, () =>
    askMessenger(messenger, given, session.environment, deps),
  )
  const botId = messenger.botId(given)
  const taken = { botId, account: bot.account }
  checkClaims({ name, channels: [{ ...channel, ...taken }] }, deps.settings.read(), deps)
  // What its own bot lacks keeps nobody from giving it its new token; `status` tells.
  if (botId !== channel.botId) {
    if (bot.lacks !== null && ask === null) throw await notAllowed(bot.lacks, messenger, given, asSession)
    if (ask !== null) await awaitAllowed(bot.lacks, given, { messenger }, ask, asSession)
    await agreeToOther(session, bot.account, bot.webhook, options.yes, ask)
    await checkHere({ channel: channel.id, stateDir: channel.stateDir }, botId, deps)
    await checkRunning(name, botId, deps)
    await checkElsewhere({ name, kind: channel.kind, botId, token: given, messenger }, ask, tell, deps)
  }
  const wanted = await withPlugins(deps, async () => {
    const present = presentSession(name, channel, botId, deps)
    const changed = { ...pairingChannel(present), ...taken }
    await deps.settings.update((settings) => {
      checkClaims({ name, channels: [changed] }, settings, deps)
      return withChannel(settings, name, changed)
    })
    return store(present, changed.stateDir, messenger, given, deps)
  })
  tell.done(`The new token of ${bot.account ?? 'the bot'} is stored.`)
  return swapIn(selectSession(name, deps), wanted, options, tell, deps)
}

/**
 * The session as it is behind the lock: the question may have stood for an hour. Throws an ExpectedError: 3 when it was
 * removed, 1 when it has another bot or state folder than the person was asked about.
 */
const presentSession = (name: string, before: Channel, botId: string | null, deps: Deps): Session => {
  const session = ofChannel(selectSession(name, deps), before.id, hasToken, 'has a bot')
  const now = pairingChannel(session)
  // Of two that were given the same token at once the second one finds its bot there.
  if (now.stateDir === before.stateDir && (now.botId === before.botId || now.botId === botId)) return session
  throw new ExpectedError(
    exitStatus.wrong,
    `\`${name}\` was set up again meanwhile, with another bot or state folder; the token was not stored.`,
    asTyped(`\`channels token ${name}\` asks again, if that bot has a new token.`, session, deps),
  )
}

/**
 * Order and token belong together: killed when only the token was written, nobody would ever swap it in. So the order
 * comes first, and the lock keeps the loop from starting a client with the old token in between. Null where none is
 * wanted.
 */
const store = async (
  session: Session,
  stateDir: string,
  { variable }: Messenger,
  given: string,
  deps: Deps,
): Promise<Wanted | null> => {
  const write = () => deps.channels.writeToken(stateDir, variable, given)
  const before = await observeRecorded(session, deps)
  if (!before.wanted?.want) {
    write()
    deps.journal.append(session.name, { type: 'asked', what: 'token', by: 'command' })
    return null
  }
  return deps.withLock(deps.folders.session(session.name).lock, async () => {
    const wanted = await order(session, { want: true, by: 'token', newClient: true, when: 'idle' }, deps)
    write()
    return wanted
  })
}

const withChannel = (settings: Settings, name: string, changed: Channel): Settings => {
  const before = findSession(settings, name)
  if (before === null) return settings
  const channels = before.channels.map((each) => (each.id === changed.id ? changed : each))
  return { ...settings, sessions: { ...settings.sessions, [name]: { ...before, channels } } }
}

const newToken = async (
  session: Session,
  messenger: Messenger,
  options: TokenOptions,
  ask: Ask | null,
  deps: Deps,
): Promise<string> => {
  if (options.tokenFile !== null || options.tokenStdin) return readSetupToken(messenger, options, null, deps)
  const asked = needAsk(
    ask,
    `Which token does ${pairingChannel(session).account ?? 'the bot'} have now?`,
    'Give it with --token-file <file>, or pipe it in with --token-stdin; never as an argument, where `ps` shows it.',
  )
  asked.say(
    messenger.label === 'Telegram'
      ? '@BotFather makes a new one: /mybots, your bot, API Token, Revoke. The old one is worth nothing from then on.'
      : `Get a new one ${messenger.tokenPlace}. The old one is worth nothing from then on.`,
  )
  return askToken('The new token', messenger, asked)
}

const agreeToOther = async (
  session: Session,
  account: string | null,
  webhook: string | null,
  yes: boolean,
  ask: Ask | null,
): Promise<void> => {
  const before = pairingChannel(session).account ?? 'another bot'
  const what = `This is the token of ${account ?? 'another bot'}; \`${session.name}\` answers as ${before}.`
  if (webhook !== null)
    throw new ExpectedError(
      exitStatus.wrong,
      `${what} And a webhook is set on it (${webhook}), which the plugin would delete.`,
      `\`channels setup ${pairingChannel(session).id} --session ${session.name}\` sets the session up with another bot.`,
    )
  if (yes) return
  if (ask === null)
    throw usageError(what, 'If the session is to answer as that bot, say --yes. Nothing was changed.')
  ask.warn(what)
  if (!(await ask.confirm({ message: 'Shall it answer as that bot?', initial: false })))
    throw new ExpectedError(exitStatus.wrong, 'Nothing was changed.', 'Run it again with the right token.')
}

/** The plugin reads its token at its start: a new client in the same conversation, as soon as the present one rests. */
const swapIn = async (
  session: Session,
  wanted: Wanted | null,
  { timeoutMs }: TokenOptions,
  tell: Tell,
  deps: Deps,
): Promise<ExitStatus> => {
  const { name } = session
  if (wanted === null) {
    deps.output.print(
      `${name} does not run; it takes the new token at its next start: \`channels up ${name}\`.`,
      'prose',
    )
    return exitStatus.done
  }
  await deps.ensureKeeper()
  await deps.carryOut(session)
  const waiting = 'Waiting until Claude is idle, then swapping the token in'
  const awaited = { wanted, timeoutMs, waiting }
  const swap = await during(waiting, (own) => awaitSwap(session, awaited, own), tell, deps)
  const live = `${name} is live with the new token.`
  return reportSwap(session, swap, { what: 'The token is stored', live, next: null }, deps)
}

const messengerOf = ({ kind }: Channel, { channels }: Deps): Messenger => {
  const messenger = channels.messengerOf(kind)
  if (messenger === null) throw new Error(`${kind} has no bots`)
  return messenger
}
