import type { Platform } from '../../core/records.ts'
import type { Ask, Deps, Environment, Messenger } from '../../deps.ts'
import { cancelled, type ExitStatus, ExpectedError, exitStatus, usageError } from '../../errors.ts'
import { awaitAllowed, notAllowed } from './allowed.ts'
import { botApi } from './bot-api.ts'
import { checkBotClaim } from './claims.ts'
import { expand } from './folder.ts'
import type { SetupOptions } from './options.ts'
import type { BotPlace } from './plan.ts'
import { whichToken } from './token.ts'

/** The bot a session gets. */
export type Bot = {
  readonly token: string
  readonly botId: string | null
  /** `@work_bot`; null where the messenger names none. */
  readonly account: string | null
  /** The host of a webhook that is to be removed; null: there is none. */
  readonly webhook: string | null
  /** What its messenger says it lacks; null: nothing. */
  readonly lacks: Platform['lacks']
}

/**
 * The bot: its token as flags, files or the person give it, asked about at its messenger at once. A person is asked again
 * for whatever can't be used, and waited for where the bot lacks something. Throws an ExpectedError: 1 for a token that
 * is refused, a bot of another session, with a webhook, or that lacks something; 2 for no token, or none by its form, or
 * an address it must not go to; 69 when the messenger can't be reached; 130 when cancelled.
 */
export const chooseBot = async (
  place: BotPlace,
  options: SetupOptions,
  ask: Ask | null,
  deps: Deps,
): Promise<Bot> => {
  if (ask === null)
    return checkBot(
      await readSetupToken(place.messenger, options, knownDir(place, options, deps), deps),
      place,
      options,
      deps,
    )
  let given = options.tokenFile !== null || options.tokenStdin
  for (;;) {
    const token = given
      ? await readSetupToken(place.messenger, options, place.stateDir, deps)
      : await whichToken(place, ask, deps)
    given = false
    const bot = await useBot(token, place, options, ask, deps)
    if (bot !== null) return bot
  }
}

/** Where a token lies that flags do not name: in the session's folder, or in the one that becomes it. */
const knownDir = (
  { stateDir, usualDir, messenger }: BotPlace,
  { move }: SetupOptions,
  { channels }: Deps,
): string => (move && channels.readToken(stateDir, messenger.variable).is !== 'yes' ? usualDir : stateDir)

/** Null: not this one; why is said. */
const useBot = async (
  token: string,
  place: BotPlace,
  options: SetupOptions,
  ask: Ask,
  deps: Deps,
): Promise<Bot | null> => {
  try {
    const { label } = place.messenger
    const bot = await ask.wait(`Asking ${label} whose token this is`, () =>
      checkBot(token, place, { removeWebhook: true }, deps, 'mendable'),
    )
    ask.done(`${label} knows it: ${bot.account ?? 'a bot without a name'}`)
    await awaitAllowed(bot.lacks, token, place, ask, deps)
    if (bot.webhook === null || options.removeWebhook) return bot
    ask.warn(`A webhook is set on this bot, for ${bot.webhook}: a program there gets its messages.`)
    ask.say(
      'The plugin polls, and Telegram allows one or the other. With the webhook removed, that program gets no message from this bot any more.',
    )
    return (await ask.confirm({
      message: `Remove the webhook of ${bot.webhook} when setting up?`,
      initial: false,
    }))
      ? bot
      : null
  } catch (error) {
    if (!(error instanceof ExpectedError) || !mendable.includes(error.status)) throw error
    ask.warn(error.message)
    if (error.hint !== '') ask.say(`  ${error.hint}`)
    return null
  }
}

/** What another token, or the same one a moment later, can mend; whatever else is wrong would be at each of them. */
const mendable: readonly ExitStatus[] = [exitStatus.wrong, exitStatus.missing]

const pipeToken = 'Pipe the token in: `channels setup … --token-stdin < token`.'

/**
 * The token from the file or from stdin, or the one that is in the state folder already. Throws an ExpectedError (2)
 * when there is none, or what there is has no token's form.
 */
export const readSetupToken = async (
  messenger: Messenger,
  { tokenFile, tokenStdin }: Pick<SetupOptions, 'tokenFile' | 'tokenStdin'>,
  stateDir: string | null,
  deps: Deps,
): Promise<string> => {
  if (tokenFile !== null && tokenStdin)
    throw usageError('--token-file and --token-stdin exclude each other.', 'Give one of them.')
  if (tokenStdin) return messenger.tokenIn(await deps.readStdin(pipeToken))
  if (tokenFile !== null) {
    const path = expand(tokenFile, deps)
    const isFolder = deps.files.isFolder(path)
    const text = isFolder ? null : deps.files.readText(path)
    if (text === null)
      throw usageError(
        isFolder ? `${tokenFile} is a folder.` : `There is no file ${tokenFile === '' ? '""' : tokenFile}.`,
        'Name a file that holds the token, or use --token-stdin.',
      )
    return messenger.tokenIn(text)
  }
  const known = stateDir === null ? null : deps.channels.readToken(stateDir, messenger.variable)
  if (known?.is === 'yes') return messenger.tokenIn(known.value)
  throw usageError(
    'Which token does the bot have?',
    'Give it with --token-file <file>, or pipe it in with --token-stdin; never as an argument, where `ps` shows it.',
  )
}

/**
 * That nobody of ours has the bot, its messenger takes the token, and neither a webhook nor something it lacks is in the
 * way; throws as `chooseBot` does.
 */
const checkBot = async (
  token: string,
  { name, messenger }: BotPlace,
  { removeWebhook }: Pick<SetupOptions, 'removeWebhook'>,
  deps: Deps,
  // A person is there who can give it what it lacks.
  lacking: 'refused' | 'mendable' = 'refused',
): Promise<Bot> => {
  const botId = messenger.botId(token)
  checkBotClaim(name, botId, deps.settings.read())
  const { account, webhook, lacks } = await askMessenger(messenger, token, {}, deps)
  if (lacks !== null && lacking === 'refused') throw await notAllowed(lacks, messenger, token, deps)
  if (webhook !== null && !removeWebhook)
    throw new ExpectedError(
      exitStatus.wrong,
      `A webhook is set on this bot (${webhook}); the plugin would delete it and take its messages.`,
      'Make another bot with @BotFather; or say --remove-webhook: what is behind it gets no more messages then.',
    )
  return { token, botId, account, webhook, lacks }
}

/**
 * What a messenger says of a token it takes, asked by the proxy that this environment names, or the caller's. Throws an
 * ExpectedError: 1 for one that is refused, 69 when it can't be reached or tells only half of it, such as not whether a
 * webhook is set, which the plugin would delete; 130 when cancelled.
 */
export const askMessenger = async (
  messenger: Messenger,
  token: string,
  own: Environment,
  deps: Deps,
): Promise<Platform> => {
  const { label } = messenger
  const { root, request } = botApi(messenger, deps, own)
  const answer = await messenger.probe(request, root, token, deps.clock.now())
  if (deps.cancelled.aborted) throw cancelled('Nothing was changed.')
  if (answer.token === 'rejected')
    throw new ExpectedError(
      exitStatus.wrong,
      `${label} refuses this token${answer.detail?.startsWith('it is ') ? `: ${answer.detail}` : ''}.`,
      `${messenger.refusal} Get the present one ${messenger.tokenPlace}.`.trimStart(),
    )
  if (answer.token === 'unknown')
    throw new ExpectedError(
      exitStatus.missing,
      `${label} could not be asked about the token: ${answer.detail ?? 'no answer'}.`,
      'Check the network and the proxy settings, then run the same command again. Nothing was changed.',
    )
  if (answer.detail !== null)
    throw new ExpectedError(
      exitStatus.missing,
      `Whether this bot can be used could not be told: ${answer.detail}.`,
      'Wait a minute, then run the same command again. Nothing was changed.',
    )
  return answer
}
