import { type ChannelKind, channelKind, pluginKey } from '../../core/channel.ts'
import type { ClientPaths } from '../../core/client.ts'
import { findSession } from '../../core/settings.ts'
import type { Ask, Deps, Messenger, Other } from '../../deps.ts'
import { ExpectedError, exitStatus } from '../../errors.ts'
import { botApi } from './bot-api.ts'
import type { Settled } from './former.ts'
import { type BotPlace, describeOther } from './plan.ts'
import type { Tell } from './questions.ts'

/** A session that was started by hand with this channel: what it works on is what a person most likely means. */
export const startedByHand = async (
  channel: string,
  usualDir: string,
  { config }: ClientPaths,
  deps: Deps,
): Promise<Other | null> => {
  const others = await foreign({ channel, usualDir, stateDir: usualDir }, null, deps)
  return (
    others.find(
      (other) =>
        other.channels &&
        other.client !== null &&
        other.config === config &&
        deps.files.isFolder(other.folder ?? ''),
    ) ?? null
  )
}

/**
 * Who else on this machine has the bot, and is to be ended before the session starts: Telegram hands each message to
 * one of them. Who only has the plugin, with another bot, is told of. Throws an ExpectedError (1) where the end was not
 * agreed to, 130 when cancelled.
 */
export const chooseTakeOver = async (
  place: BotPlace,
  botId: string | null,
  options: Pick<Settled, 'takeOver' | 'exclusive'>,
  ask: Ask | null,
  tell: Tell,
  deps: Deps,
): Promise<readonly Other[]> => {
  const all = await foreign(place, botId, deps)
  const others = all.filter((other) => other.botId === botId)
  const rest = all.filter((other) => !others.includes(other) && other.config === place.config)
  if (options.exclusive) warnOfPlugin(rest, tell)
  if (others.length === 0 || options.takeOver) return others
  const who = others.map(describeOther).join('; ')
  if (ask === null) throw inUse(who)
  ask.warn(`This bot is in use on this machine: ${who}.`)
  ask.say('Two that have one bot take each other the messages, or both answer, so that one has to end.')
  if (
    await ask.confirm({ message: 'End it when setting up? Its conversation can go on here.', initial: false })
  )
    return others
  throw inUse(who)
}

/** Sessions by hand with a bot of their own: the plugin they have loaded is not there any more at their next start. */
const warnOfPlugin = (others: readonly Other[], tell: Tell): void => {
  for (const other of others.filter(({ channels }) => channels)) {
    tell.warn(`${describeOther(other)} was started by hand with this plugin and another bot.`)
    tell.say(
      '  It goes on. Started again it would be deaf, since the plugin is disabled for all but sessions of `channels`: set it up here, too, or say --shared.',
    )
  }
}

/** That nobody else on this machine has a bot. Throws an ExpectedError (1) where somebody has. */
export const checkHere = async (
  { channel, stateDir }: Pick<BotPlace, 'channel' | 'stateDir'>,
  botId: string | null,
  deps: Deps,
): Promise<void> => {
  const others = await foreign({ channel, usualDir: stateDir, stateDir }, botId, deps)
  const who = others.filter((other) => other.botId === botId).map(describeOther)
  if (who.length > 0)
    throw new ExpectedError(
      exitStatus.wrong,
      `That bot is in use on this machine: ${who.join('; ')}.`,
      'Leave that session with /exit, then run the same command again. Nothing was changed.',
    )
}

/** Whether the conversation of one that is taken over goes on: only its own folder can resume it. */
export const chooseConversation = async (
  takeOver: readonly Other[],
  cwd: string,
  ask: Ask | null,
  { files }: Pick<Deps, 'files'>,
): Promise<string | null> => {
  const other = takeOver.find(
    ({ conversation, folder }) => conversation !== null && folder !== null && files.realPath(folder) === cwd,
  )
  if (other?.conversation == null) return null
  if (ask === null) return other.conversation
  const goesOn = await ask.confirm({ message: 'Go on with the conversation it is in?', initial: true })
  return goesOn ? other.conversation : null
}

/**
 * Whether the session's client runs with this very bot: then its own poller would answer the long poll. A session that
 * was set up with another bot since, or given its token, runs with the one it was started with.
 */
const isPolling = async (name: string, botId: string | null, deps: Deps): Promise<boolean> => {
  const session = findSession(deps.settings.read(), name)
  if (session === null) return false
  const { client, run } = await deps.observe(session)
  const polledFor: readonly (string | null)[] =
    run?.botIds ?? session.channels.map((channel) => channel.botId)
  return client !== null && polledFor.includes(botId)
}

/** That no other session of ours still runs with this bot, having been set up with another one since. Throws (1). */
export const checkRunning = async (name: string, botId: string | null, deps: Deps): Promise<void> => {
  for (const other of Object.keys(deps.settings.read().sessions))
    if (other !== name && (await isPolling(other, botId, deps))) throw stillRuns(other)
}

type AskedElsewhere = {
  readonly name: string
  readonly kind: ChannelKind
  readonly botId: string | null
  readonly token: string
  readonly messenger: Messenger
}

/**
 * Whether another machine polls for the bot that this session is to have, told by one short long poll, which confirms
 * nothing. Not asked where the session's own poller would answer. Not to be called while another poller of this machine
 * is to be ended, which would answer, too, nor where a webhook is to be removed, beside which nobody can poll.
 * Throws an ExpectedError (1) where somebody polls, or a webhook is set that nobody knew of; 130 when cancelled.
 */
export const checkElsewhere = async (
  { name, kind, botId, token, messenger }: AskedElsewhere,
  ask: Ask | null,
  tell: Tell,
  deps: Deps,
): Promise<void> => {
  // Discord hands every message to each that is connected, and tells nobody of the others.
  if (kind !== 'telegram' || (await isPolling(name, botId, deps))) return
  for (;;) {
    const { root, request } = botApi(messenger, deps)
    const found = await tell.wait('Listening whether another machine uses this bot (4 s)', () =>
      deps.channels.findOtherPoller(request, root, token, deps.clock),
    )
    if (found.is === 'unknown')
      tell.warn(`Whether another machine uses the bot could not be told: ${found.detail}.`)
    if (found.is === 'webhook') throw hooked()
    if (found.is !== 'polls') return
    if (ask === null) throw elsewhere()
    ask.warn('Another program polls for this bot, on another machine or in another account of this one.')
    ask.say(
      'The two would take each other the messages. End it there: `claude` with this channel, or another bot program.',
    )
    if (!(await ask.confirm({ message: 'Have you ended it, and shall I listen again?', initial: true })))
      throw elsewhere()
  }
}

const foreign = async (
  { channel, usualDir, stateDir }: Pick<BotPlace, 'channel' | 'usualDir' | 'stateDir'>,
  botId: string | null,
  deps: Deps,
): Promise<readonly Other[]> => {
  const key = pluginKey(channel)
  // What a server of `.mcp.json` is started by anybody may be.
  if (key === null) return []
  const asked = { pluginKey: key, kind: channelKind(channel), botId, stateDirs: [usualDir, stateDir] }
  return (await deps.findOthers(asked)).filter(({ session }) => session === null)
}

const inUse = (who: string): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `This bot is in use on this machine: ${who}.`,
    'Leave that session with /exit, or say --take-over: it is ended, and its conversation goes on here. Nothing was changed.',
  )

const stillRuns = (name: string): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `Session \`${name}\` still runs with this bot, though it was set up with another one since.`,
    `\`channels restart ${name}\` lets go of it; then run the same command again. Nothing was changed.`,
  )

const hooked = (): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    'A webhook is set on this bot: a program there gets its messages, and the plugin would delete it.',
    'Run the same command again: it tells where the webhook leads. Nothing was changed.',
  )

const elsewhere = (): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    'Another program polls for this bot, perhaps on another machine.',
    'End it there, or make another bot; then run the same command again. Nothing was changed.',
  )
