import type { Deps, Messenger } from '../../deps.ts'
import { chooseBot } from './bot.ts'
import { chooseMove } from './move.ts'
import { checkElsewhere, checkRunning, chooseConversation, chooseTakeOver } from './others.ts'
import type { BotPlace, DescribeChannel } from './plan.ts'
import type { Tell } from './questions.ts'

/** A channel of a messenger: its bot, and who else has that. Throws an ExpectedError as `chooseBot` and others.ts do. */
export const describeBot: DescribeChannel = async (asked, deps) => {
  const { id, kind, name, stateDir, usualDir, paths, cwd, options, draft, ask, tell } = asked
  const messenger = deps.channels.messengerOf(kind)
  if (messenger === null) throw new Error(`${kind} has no bots`)
  const place: BotPlace = { name, stateDir, usualDir, channel: id, config: paths.config, messenger }
  const bot = await chooseBot(place, options, ask, deps)
  const moveFrom = await chooseMove(place, bot.botId, options, ask, deps)
  const takeOver = await chooseTakeOver(place, bot.botId, options, ask, tell, deps)
  // Killed after the other one was ended and run again: nobody is there to be taken over any more.
  const conversation =
    takeOver.length > 0
      ? await chooseConversation(takeOver, cwd, ask, deps)
      : draft.cwd === cwd
        ? draft.conversation
        : null
  await checkRunning(name, bot.botId, deps)
  // Who is to be ended would answer, and beside a webhook nobody can poll.
  const canTell = takeOver.length === 0 && bot.webhook === null
  if (options.start && canTell)
    await checkElsewhere({ name, kind, botId: bot.botId, token: bot.token, messenger }, ask, tell, deps)
  warnOfExported(messenger, bot.botId, tell, deps)
  return {
    channel: {
      id,
      kind,
      stateDir,
      account: bot.account,
      botId: bot.botId,
      development: asked.development,
      server: null,
      agreedIn: null,
    },
    token: bot.token,
    replaces: replacedBot(messenger, stateDir, bot.botId, deps),
    webhook: bot.webhook,
    moveFrom,
    takeOver,
    conversation,
    environment: {},
  }
}

const replacedBot = (
  { variable, botId }: Messenger,
  stateDir: string,
  bot: string | null,
  { channels }: Deps,
): string | null => {
  const known = channels.readToken(stateDir, variable)
  const former = known.is === 'yes' ? botId(known.value) : null
  return former === bot ? null : former
}

/** Where it is exported, every `claude` started in that shell takes it for the plugin's token. */
const warnOfExported = (
  { variable, botId: botOf }: Messenger,
  botId: string | null,
  tell: Tell,
  { env }: Deps,
): void => {
  const exported = env[variable]
  if (exported === undefined || exported === '') return
  const which = botOf(exported) === botId ? "this bot's token" : 'another token'
  tell.warn(`${variable} is exported in this shell and holds ${which}.`)
  tell.say(
    '  This session does not get it. Any other `claude` started here would use it instead of its own: take it out of your shell’s profile.',
  )
}
