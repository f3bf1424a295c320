import type { Platform } from '../../core/records.ts'
import type { Ask, Deps, Environment } from '../../deps.ts'
import { cancelled, type ExitStatus, ExpectedError, exitStatus, usageError } from '../../errors.ts'
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
  /** `@work_bot`; null where Telegram names none. */
  readonly account: string | null
  /** The host of a webhook that is to be removed; null: there is none. */
  readonly webhook: string | null
}

/**
 * The bot: its token as flags, files or the person give it, asked about at Telegram at once. A person is asked again
 * for whatever can't be used. Throws an ExpectedError: 1 for a token that is refused, a bot of another session or with
 * a webhook; 2 for no token, or none by its form, or an address it must not go to; 69 when Telegram can't be reached;
 * 130 when cancelled.
 */
export const chooseBot = async (
  place: BotPlace,
  options: SetupOptions,
  ask: Ask | null,
  deps: Deps,
): Promise<Bot> => {
  if (ask === null)
    return checkBot(await readSetupToken(options, knownDir(place, options, deps), deps), place, options, deps)
  let given = options.tokenFile !== null || options.tokenStdin
  for (;;) {
    const token = given
      ? await readSetupToken(options, place.stateDir, deps)
      : await whichToken(place, ask, deps)
    given = false
    const bot = await useBot(token, place, options, ask, deps)
    if (bot !== null) return bot
  }
}

/** Where a token lies that flags do not name: in the session's folder, or in the one that becomes it. */
const knownDir = ({ stateDir, usualDir }: BotPlace, { move }: SetupOptions, { channels }: Deps): string =>
  move && channels.readToken(stateDir, channels.telegramTokenVariable).is !== 'yes' ? usualDir : stateDir

/** Null: not this one; why is said. */
const useBot = async (
  token: string,
  place: BotPlace,
  options: SetupOptions,
  ask: Ask,
  deps: Deps,
): Promise<Bot | null> => {
  try {
    const bot = await ask.wait('Asking Telegram whose token this is', () =>
      checkBot(token, place, { removeWebhook: true }, deps),
    )
    ask.done(`Telegram knows it: ${bot.account ?? 'a bot without a name'}`)
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

const pipeToken = 'Pipe the token in: `channels setup telegram … --token-stdin < token`.'

/**
 * The token from the file or from stdin, or the one that is in the state folder already. Throws an ExpectedError (2)
 * when there is none, or what there is has no token's form.
 */
export const readSetupToken = async (
  { tokenFile, tokenStdin }: Pick<SetupOptions, 'tokenFile' | 'tokenStdin'>,
  stateDir: string | null,
  deps: Deps,
): Promise<string> => {
  if (tokenFile !== null && tokenStdin)
    throw usageError('--token-file and --token-stdin exclude each other.', 'Give one of them.')
  if (tokenStdin) return deps.channels.telegramToken(await deps.readStdin(pipeToken))
  if (tokenFile !== null) {
    const path = expand(tokenFile, deps)
    const isFolder = deps.files.isFolder(path)
    const text = isFolder ? null : deps.files.readText(path)
    if (text === null)
      throw usageError(
        isFolder ? `${tokenFile} is a folder.` : `There is no file ${tokenFile === '' ? '""' : tokenFile}.`,
        'Name a file that holds the token, or use --token-stdin.',
      )
    return deps.channels.telegramToken(text)
  }
  const known =
    stateDir === null ? null : deps.channels.readToken(stateDir, deps.channels.telegramTokenVariable)
  if (known?.is === 'yes') return deps.channels.telegramToken(known.value)
  throw usageError(
    'Which token does the bot have?',
    'Give it with --token-file <file>, or pipe it in with --token-stdin; never as an argument, where `ps` shows it.',
  )
}

/** That nobody of ours has the bot, Telegram takes the token, and no webhook is in the way; throws as `chooseBot` does. */
const checkBot = async (
  token: string,
  { name }: BotPlace,
  { removeWebhook }: Pick<SetupOptions, 'removeWebhook'>,
  deps: Deps,
): Promise<Bot> => {
  const botId = deps.channels.botId(token)
  checkBotClaim(name, botId, deps.settings.read())
  const { account, webhook } = await askTelegram(token, {}, deps)
  if (webhook !== null && !removeWebhook)
    throw new ExpectedError(
      exitStatus.wrong,
      `A webhook is set on this bot (${webhook}); the plugin would delete it and take its messages.`,
      'Make another bot with @BotFather; or say --remove-webhook: what is behind it gets no more messages then.',
    )
  return { token, botId, account, webhook }
}

/**
 * What Telegram says of a token it takes, asked by the proxy that this environment names, or the caller's. Throws an
 * ExpectedError: 1 for one that is refused, 69 when Telegram can't be reached or doesn't tell whether a webhook is set,
 * which the plugin would delete; 130 when cancelled.
 */
export const askTelegram = async (token: string, own: Environment, deps: Deps): Promise<Platform> => {
  const { root, request } = botApi(deps, own)
  const answer = await deps.channels.probeTelegram(request, root, token, deps.clock.now())
  if (deps.cancelled.aborted) throw cancelled('Nothing was changed.')
  if (answer.token === 'rejected')
    throw new ExpectedError(
      exitStatus.wrong,
      'Telegram refuses this token.',
      'Ask @BotFather for it again: /mybots, your bot, API Token.',
    )
  if (answer.token === 'unknown')
    throw new ExpectedError(
      exitStatus.missing,
      `Telegram could not be asked about the token: ${answer.detail ?? 'no answer'}.`,
      'Check the network and the proxy settings, then run the same command again. Nothing was changed.',
    )
  if (answer.detail !== null)
    throw new ExpectedError(
      exitStatus.missing,
      `Whether a webhook is set on this bot could not be told: ${answer.detail}.`,
      'Wait a minute, then run the same command again. Nothing was changed.',
    )
  return answer
}
