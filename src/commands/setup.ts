import { channelKind, parseChannelId } from '../core/channel.ts'
import { defaultRestart, isSessionName, type Session } from '../core/session.ts'
import { findSession } from '../core/settings.ts'
import type { Deps } from '../deps.ts'
import { type ExitStatus, type ExpectedError, exitStatus, usageError } from '../errors.ts'
import { applySetup } from './setup-apply.ts'
import { checkBot, readSetupToken } from './setup-bot.ts'
import { checkClaims } from './setup-claims.ts'
import { checkMachine } from './setup-machine.ts'
import { checkPlaces } from './setup-places.ts'
import { describePlan, type Plan, type SetupOptions } from './setup-plan.ts'

const officialTelegram = 'plugin:telegram@claude-plugins-official'

/**
 * channels setup telegram: describes a session by flags. Everything is checked first; what is written then is said in a
 * summary, and may be written again: run once more after a kill it completes.
 */
export const setup = async (channel: string, options: SetupOptions, deps: Deps): Promise<ExitStatus> => {
  const id = readChannel(channel)
  const name = readName(options)
  deps.claude.checkArguments(options.clientArguments)
  if (options.permissionMode !== null) deps.claude.checkPermissionMode(options.permissionMode)
  const cwd = readFolder(options, deps)
  const client = await checkMachine(deps)
  const environment = deps.claude.storedEnvironment(deps.env)
  const paths = deps.claude.clientPaths(environment, deps.home, deps.platform)
  const stateDir = deps.channels.telegramStateDir(deps.env, paths, name, options.exclusive)
  const token = await readSetupToken(options, stateDir, deps)
  deps.channels.checkSenders(options.allow)
  const trusted = deps.claude.isTrusted(paths, cwd)
  checkPlaces({ paths, cwd, stateDir, trusted }, deps)
  if (!trusted && !options.trust) throw notTrusted(cwd)
  const botId = deps.channels.botId(token)
  const channels: Session['channels'] = [{ id, kind: channelKind(id), stateDir, account: null, botId }]
  checkClaims({ name, channels }, deps.settings.read(), deps)
  const account = await checkBot(token, deps)
  const session: Session = {
    name,
    cwd,
    channels: channels.map((each) => ({ ...each, account })),
    multiplexer: 'tmux',
    exclusive: options.exclusive,
    trustRecorded: !trusted || wasTrustRecorded(name, cwd, deps),
    permissionMode: options.permissionMode,
    skipPermissions: options.dangerouslySkipPermissions,
    arguments: options.clientArguments,
    environment,
    client,
    restart: defaultRestart,
  }
  const plan: Plan = {
    session,
    token,
    allow: options.allow,
    trust: trusted ? 'trusted' : 'to-record',
    replaces: replacedBot(stateDir, botId, deps),
  }
  for (const line of describePlan(plan, deps)) deps.output.say(line)
  if (!options.yes)
    throw usageError('Nothing was changed: the plan above wants a yes.', 'Run the same command with --yes.')
  await applySetup(plan, deps)
  const running = (await deps.observe(session)).client !== null
  const next = running ? `channels restart ${name}` : `channels up ${name}`
  deps.output.print(`${name} is set up for ${account ?? 'its bot'}. Next: \`${next}\`.`)
  if (options.allow.length === 0)
    deps.output.print(
      '  Nobody may write to it yet: name your Telegram user id with --allow <id> (@userinfobot tells it).',
    )
  return exitStatus.done
}

/** Set up once more, a folder that is trusted by now may be so because of the first time. */
const wasTrustRecorded = (name: string, cwd: string, { settings }: Deps): boolean => {
  const before = findSession(settings.read(), name)
  return before !== null && before.cwd === cwd && before.trustRecorded
}

const replacedBot = (stateDir: string, bot: string | null, { channels }: Deps): string | null => {
  const known = channels.readToken(stateDir, channels.telegramTokenVariable)
  const former = known.is === 'yes' ? channels.botId(known.value) : null
  return former === bot ? null : former
}

const readChannel = (channel: string): string => {
  const id = channel === 'telegram' ? officialTelegram : channel
  if (parseChannelId(id)?.type === 'plugin' && channelKind(id) === 'telegram') return id
  throw usageError(
    `\`${channel}\` can't be set up by this release.`,
    'It sets up `telegram`, or a telegram plugin of another marketplace: `plugin:telegram@<marketplace>`.',
  )
}

const readName = ({ session }: SetupOptions): string => {
  if (session === null)
    throw usageError('Which name should the session have?', 'Say it with --session <name>.')
  if (isSessionName(session)) return session
  throw usageError(
    `${JSON.stringify(session)} can't be the name of a session.`,
    'Letters, digits, - and _, at most 32, beginning with a letter or digit: --session work.',
  )
}

const readFolder = ({ cwd }: SetupOptions, { files, cwd: present, output }: Deps): string => {
  const wanted = cwd ?? present
  if (cwd === null) output.say(`The session works in ${wanted} (--cwd <folder> names another).`)
  const real = files.realPath(wanted)
  if (real !== null && files.isFolder(real)) return real
  throw usageError(`There is no folder ${wanted}.`, 'Make it first, or name another with --cwd <folder>.')
}

const notTrusted = (cwd: string): ExpectedError =>
  usageError(
    `The client asks whether ${cwd} is trusted before it starts there, and nobody would see it ask.`,
    'If you trust what is in that folder, say so with --trust.',
  )
