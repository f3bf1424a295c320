import { channelKind } from '../../core/channel.ts'
import { defaultDialogs, defaultRestart, type Session } from '../../core/session.ts'
import { findSession } from '../../core/settings.ts'
import type { Ask, Deps } from '../../deps.ts'
import { usageError } from '../../errors.ts'
import { chooseBot } from './bot.ts'
import { checkPlaceClaim } from './claims.ts'
import { type Draft, writeDraft } from './draft.ts'
import { chooseFolder, type Folder } from './folder.ts'
import { asBefore, droppedVariables, type Settled, stateDirOf } from './former.ts'
import { checkMachine, checkSwitches, type Machine } from './machine.ts'
import { chooseMove } from './move.ts'
import { chooseName } from './name.ts'
import type { SetupOptions } from './options.ts'
import { checkElsewhere, checkRunning, chooseConversation, chooseTakeOver, startedByHand } from './others.ts'
import { choosePermissionMode } from './permissions.ts'
import { checkPlaces } from './places.ts'
import type { BotPlace, Plan } from './plan.ts'
import type { Tell } from './questions.ts'

type Asked = {
  /** Channel id. */
  readonly channel: string
  readonly options: SetupOptions
  /** What was answered in a setup that was not finished. */
  readonly draft: Draft
  readonly ask: Ask | null
  readonly tell: Tell
}

/**
 * Finds out, and asks for, everything a session needs, and changes nothing but the draft of the answers. Throws an
 * ExpectedError for what is missing or can't be; 130 when cancelled.
 */
export const describeSession = async (asked: Asked, deps: Deps): Promise<Plan> => {
  const { channel, ask, tell } = asked
  deps.channels.checkSenders(asked.options.allow)
  tell.title('What is here')
  const machine = await checkMachine(ask, tell, deps)
  const usualDir = deps.channels.telegramStateDir(deps.env, machine.paths, '', false)
  tell.title('Folder and name')
  let draft = asked.draft
  const keep = (more: Partial<Draft>): void => {
    draft = { ...draft, ...more }
    if (ask !== null) writeDraft(draft, deps)
  }
  const folder = await chooseFolder(
    {
      // One that is gone since is asked for again.
      cwd: asked.options.cwd ?? (deps.files.isFolder(draft.cwd ?? '') ? draft.cwd : null),
      trust: asked.options.trust,
      agreed: draft.trust ? draft.cwd : null,
      offer:
        (await startedByHand(channel, usualDir, machine.paths, deps))?.folder ??
        formerFolder(asked.options, deps) ??
        deps.cwd,
    },
    machine.paths,
    ask,
    deps,
  )
  keep({ cwd: folder.cwd, trust: folder.trusted === false })
  checkSwitches(channel, folder.cwd, machine, ask, tell, deps)
  const name = await chooseName(asked.options.session ?? draft.session, folder.cwd, ask, deps)
  const before = findSession(deps.settings.read(), name)
  const options = asBefore(asked.options, before)
  const stateDir = stateDirOf(name, options, before, machine.paths, deps)
  // Before the bot is asked for: no token would mend it.
  checkPlaceClaim({ name, stateDir }, deps.settings.read(), deps)
  keep({ session: name })
  const place: BotPlace = { name, stateDir, usualDir, channel, config: machine.paths.config }
  if (ask === null) checkAnswers(options, stateDir, deps)
  checkPlaces({ paths: machine.paths, ...folder, stateDir }, deps)
  tell.title('Bot')
  const bot = await chooseBot(place, options, ask, deps)
  const moveFrom = await chooseMove(place, bot.botId, options, ask, deps)
  const takeOver = await chooseTakeOver(place, bot.botId, options, ask, tell, deps)
  // Killed after the other one was ended and run again: nobody is there to be taken over any more.
  const conversation =
    takeOver.length > 0
      ? await chooseConversation(takeOver, folder.cwd, ask, deps)
      : asked.draft.cwd === folder.cwd
        ? asked.draft.conversation
        : null
  keep({ conversation })
  await checkRunning(name, bot.botId, deps)
  // Who is to be ended would answer, and beside a webhook nobody can poll.
  const canTell = takeOver.length === 0 && bot.webhook === null
  if (options.start && canTell)
    await checkElsewhere({ name, botId: bot.botId, token: bot.token }, ask, tell, deps)
  warnOfExported(bot.botId, tell, deps)
  tell.title('Permissions')
  const skip = options.dangerouslySkipPermissions
  const permissionMode = await choosePermissionMode(
    options.permissionMode ?? draft.permissionMode,
    skip,
    before,
    ask,
    deps,
  )
  keep({ permissionMode })
  const found = { id: channel, kind: channelKind(channel), stateDir, account: bot.account, botId: bot.botId }
  const session = sessionOf({ name, folder, machine, permissionMode, options, channel: found, before })
  warnOfDropped(session, before, tell)
  return {
    session,
    token: bot.token,
    allow: options.allow,
    trust: folder.trusted ? 'trusted' : 'to-record',
    replaces: replacedBot(stateDir, bot.botId, deps),
    webhook: bot.webhook,
    moveFrom,
    takeOver,
    conversation,
  }
}

/** Set up again, a session stays where it is unless told otherwise. */
const formerFolder = ({ session }: SetupOptions, { settings }: Deps): string | null =>
  session === null ? null : (findSession(settings.read(), session)?.cwd ?? null)

/** With nobody to ask, all that has no default has to be said. Throws an ExpectedError (2). */
const checkAnswers = ({ allow, start, pair }: SetupOptions, stateDir: string, { channels }: Deps): void => {
  const access = channels.readAccess(stateDir)
  const isSomebodyIn = access.is === 'yes' && access.value.senders.length > 0
  if (start && pair && allow.length === 0 && !isSomebodyIn)
    throw usageError(
      'Who may write to the bot?',
      'Say it with --allow <your Telegram user id> (@userinfobot tells it), or --no-pair: `channels pair` does it later.',
    )
}

type Parts = {
  readonly name: string
  readonly folder: Folder
  readonly machine: Machine
  readonly permissionMode: string | null
  readonly options: Settled
  readonly channel: Session['channels'][number]
  readonly before: Session | null
}

const sessionOf = (parts: Parts): Session => {
  const { name, folder, machine, permissionMode, options, channel, before } = parts
  return {
    name,
    cwd: folder.cwd,
    channels: [channel],
    multiplexer: 'tmux',
    exclusive: options.exclusive,
    // Set up once more, a folder that is trusted by now may be so because of the first time.
    trustRecorded: !folder.trusted || (before?.cwd === folder.cwd && before.trustRecorded),
    permissionMode,
    skipPermissions: options.dangerouslySkipPermissions,
    arguments: options.clientArguments,
    environment: machine.environment,
    client: machine.client,
    restart: before?.restart ?? defaultRestart,
    dialogs: before?.dialogs ?? defaultDialogs,
  }
}

/** `channels set` may have put them in, or another shell had them. */
const warnOfDropped = (session: Session, before: Session | null, tell: Tell): void => {
  const dropped = droppedVariables(session, before)
  if (dropped.length === 0) return
  tell.warn(
    `No longer in the session's environment, since this shell does not have it: ${dropped.join(', ')}.`,
  )
  tell.say(`  \`channels set ${session.name} env.NAME=value\` puts one in.`)
}

const replacedBot = (stateDir: string, bot: string | null, { channels }: Deps): string | null => {
  const known = channels.readToken(stateDir, channels.telegramTokenVariable)
  const former = known.is === 'yes' ? channels.botId(known.value) : null
  return former === bot ? null : former
}

/** Where it is exported, every `claude` started in that shell takes it for the plugin's token. */
const warnOfExported = (botId: string | null, tell: Tell, { env, channels }: Deps): void => {
  const exported = env[channels.telegramTokenVariable]
  if (exported === undefined || exported === '') return
  const which = channels.botId(exported) === botId ? "this bot's token" : 'another token'
  tell.warn(`${channels.telegramTokenVariable} is exported in this shell and holds ${which}.`)
  tell.say(
    '  This session does not get it. Any other `claude` started here would use it instead of its own: take it out of your shell’s profile.',
  )
}
