import type { Channel } from '../../core/channel.ts'
import { needsConnection } from '../../core/kinds.ts'
import type { Platform } from '../../core/records.ts'
import type { Session } from '../../core/session.ts'
import type { Ask, Deps, Messenger } from '../../deps.ts'
import { cancelled, ExpectedError, exitStatus } from '../../errors.ts'
import { botApi } from './bot-api.ts'
import type { BotPlace } from './plan.ts'

type Lack = NonNullable<Platform['lacks']>

/** Discord allows 50 requests a second to a bot; a person needs longer than this to press a button. */
const everyMs = 3_000

/**
 * Waits until a bot has what its messenger says it lacks, with what a person does for it: Discord's Message Content
 * Intent, a server to be in. Returns at once where it lacks nothing. Throws an ExpectedError: 1 when the token is refused
 * meanwhile, 130 when cancelled.
 */
export const awaitAllowed = async (
  lacking: Lack | null,
  token: string,
  { messenger }: Pick<BotPlace, 'messenger'>,
  ask: Ask,
  deps: Deps,
): Promise<void> => {
  for (let lacks = lacking; lacks !== null; ) {
    await explain(lacks, messenger, token, ask, deps)
    const before = lacks
    lacks = await ask.wait(waits[before], (signal, tell) =>
      untilOther(before, token, messenger, signal, (detail) => tell(`${waits[before]} (${detail})`), deps),
    )
    ask.done(had[before])
  }
}

/**
 * The same for the bot of a channel that was set up earlier, asked as its session asks. What can't be told now is left
 * to the start, which names it.
 */
export const awaitKnownAllowed = async (
  { environment }: Pick<Session, 'environment'>,
  { kind, stateDir }: Pick<Channel, 'kind' | 'stateDir'>,
  ask: Ask,
  deps: Deps,
): Promise<void> => {
  const messenger = deps.channels.messengerOf(kind)
  if (messenger === null || !needsConnection(kind)) return
  const token = deps.channels.readToken(stateDir, messenger.variable)
  if (token.is !== 'yes') return
  const own = { ...deps, env: { ...deps.env, ...environment } }
  const { lacks } = await ask.wait(`Asking ${messenger.label} what the bot lacks`, () => {
    const { root, request } = botApi(messenger, own)
    return messenger.probe(request, root, token.value, deps.clock.now())
  })
  await awaitAllowed(lacks, token.value, { messenger }, ask, own)
}

/** What it lacks once that is something else, or nothing; what could not be asked is said, and asked again. */
const untilOther = async (
  before: Lack,
  token: string,
  messenger: Messenger,
  signal: AbortSignal,
  tell: (detail: string) => void,
  deps: Deps,
): Promise<Lack | null> => {
  const { root, request } = botApi(messenger, deps)
  for (;;) {
    const seen = await messenger.probe(request, root, token, deps.clock.now())
    if (signal.aborted) throw cancelled('')
    if (seen.token === 'rejected') throw reset(messenger)
    if (seen.token === 'accepted' && seen.detail === null && seen.lacks !== before) return seen.lacks
    if (seen.detail !== null) tell(seen.detail)
    await deps.clock.sleep(everyMs, signal)
    if (signal.aborted) throw cancelled('')
  }
}

const waits: Readonly<Record<Lack, string>> = {
  'message-content': 'Waiting until the Message Content Intent is on',
  server: 'Waiting until the bot is in a server',
}

const had: Readonly<Record<Lack, string>> = {
  'message-content': 'The Message Content Intent is on',
  server: 'The bot is in a server',
}

const explain = async (
  lack: Lack,
  messenger: Messenger,
  token: string,
  ask: Ask,
  deps: Deps,
): Promise<void> => {
  ask.warn(faults[lack])
  if (lack === 'message-content') {
    ask.link(await intentPage(messenger, token, deps))
    ask.say(
      'On that page, under Privileged Gateway Intents: switch on Message Content Intent, then Save Changes. Without it Discord refuses the plugin.',
    )
    return
  }
  const link = await inviteOf(messenger, token, deps)
  if (link !== null) ask.link(link)
  ask.say(
    [
      'Discord lets people write to a bot only where they share a server with it. Open that link, choose a server of yours (in Discord’s app, + makes one) and press Authorize.',
      `It asks for what the plugin needs: ${deps.channels.permissionNames.join(', ')}.`,
    ].join('\n'),
  )
}

const faults: Readonly<Record<Lack, string>> = {
  'message-content': 'Its Message Content Intent is off: it may not read what people write.',
  server: 'The bot is in no server yet, so nobody can write to it.',
}

/** The same where nobody is there to be waited for. */
export const notAllowed = async (
  lack: Lack,
  messenger: Messenger,
  token: string,
  deps: Deps,
): Promise<ExpectedError> => {
  const where =
    lack === 'server' ? await inviteOf(messenger, token, deps) : await intentPage(messenger, token, deps)
  const what =
    lack === 'server'
      ? `Open ${where ?? 'its invite link'} and choose a server of yours`
      : `Open ${where}, switch on Message Content Intent, Save Changes`
  return new ExpectedError(
    exitStatus.wrong,
    faults[lack],
    `${what}; then run the same command again. Nothing was changed.`,
  )
}

const applicationOf = async (messenger: Messenger, token: string, deps: Deps): Promise<string | null> => {
  const { root, request } = botApi(messenger, deps)
  const found = await deps.channels.readApplication(request, root, token)
  return found.is === 'yes' ? found.value.id : null
}

const inviteOf = async (messenger: Messenger, token: string, deps: Deps): Promise<string | null> => {
  const application = await applicationOf(messenger, token, deps)
  return application === null ? null : deps.channels.inviteLink(application)
}

const intentPage = async (messenger: Messenger, token: string, deps: Deps): Promise<string> => {
  const application = await applicationOf(messenger, token, deps)
  const portal = 'https://discord.com/developers/applications'
  return application === null ? portal : `${portal}/${application}/bot`
}

const reset = ({ label, tokenPlace }: Messenger): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `${label} refuses the token by now: it was reset.`,
    `Get the present one ${tokenPlace}.`,
  )
