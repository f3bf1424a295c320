import type { Deps } from '../deps.ts'
import { cancelled, ExpectedError, exitStatus, usageError } from '../errors.ts'
import type { SetupOptions } from './setup-plan.ts'

/**
 * The token from the file or from stdin, or the one that is in the state folder already. Throws an ExpectedError (2)
 * when there is none, or what there is has no token's form.
 */
export const readSetupToken = async (
  { tokenFile, tokenStdin }: Pick<SetupOptions, 'tokenFile' | 'tokenStdin'>,
  stateDir: string,
  deps: Deps,
): Promise<string> => {
  if (tokenFile !== null && tokenStdin)
    throw usageError('--token-file and --token-stdin exclude each other.', 'Give one of them.')
  if (tokenStdin) return deps.channels.telegramToken(await deps.readStdin())
  if (tokenFile !== null) {
    const text = deps.files.readText(tokenFile)
    if (text === null)
      throw usageError(
        `There is no file ${tokenFile}.`,
        'Name a file that holds the token, or use --token-stdin.',
      )
    return deps.channels.telegramToken(text)
  }
  const known = deps.channels.readToken(stateDir, deps.channels.telegramTokenVariable)
  if (known.is === 'yes') return deps.channels.telegramToken(known.value)
  throw usageError(
    'Which token does the bot have?',
    'Give it with --token-file <file>, or pipe it in with --token-stdin; never as an argument, where `ps` shows it.',
  )
}

/**
 * Asks Telegram whose token this is: the bot's account, such as `@work_bot`. Throws an ExpectedError: 1 for a token that
 * is refused, or a bot with a webhook; 69 when Telegram cannot be reached; 130 when cancelled.
 */
export const checkBot = async (token: string, deps: Deps): Promise<string | null> => {
  const root = deps.channels.telegramApiRoot(deps.env)
  const answer = await deps.channels.probeTelegram(deps.requestWith(deps.env), root, token, deps.clock.now())
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
  if (answer.webhook !== null)
    throw new ExpectedError(
      exitStatus.wrong,
      `A webhook is set on this bot (${answer.webhook}); the plugin would delete it and take its messages.`,
      'Remove it in the program that uses it, or make another bot with @BotFather.',
    )
  return answer.account
}
