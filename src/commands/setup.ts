import { type Channel, channelKind, parseChannelId } from '../core/channel.ts'
import { kinds } from '../core/kinds.ts'
import type { Session } from '../core/session.ts'
import { findSession } from '../core/settings.ts'
import { sayWhich } from '../core/which-channel.ts'
import type { Ask, Deps } from '../deps.ts'
import { cancelled, type ExitStatus, ExpectedError, exitStatus, usageError } from '../errors.ts'
import { refuseInside } from './inside.ts'
import { selectSession } from './select.ts'
import { applySetup } from './setup/apply.ts'
import { ChangedMeanwhile, stillAnswered } from './setup/changed.ts'
import { describeSession } from './setup/describe.ts'
import { emptyDraft, readDraft, removeDraft, writeDraft } from './setup/draft.ts'
import { type Begun, finish, setUpBefore } from './setup/finish.ts'
import { nameOfChannel } from './setup/guide.ts'
import { checkName } from './setup/name.ts'
import type { SetupOptions } from './setup/options.ts'
import type { Plan } from './setup/plan.ts'
import { prove } from './setup/proof.ts'
import { during, plainTell, type Tell, whomToAsk } from './setup/questions.ts'
import { describePlan, touchedFiles } from './setup/show-plan.ts'
import { trustAgain } from './setup/trust-again.ts'
import { describes, unfinished } from './setup/unfinished.ts'

const again = 'Run the same command again: it goes on where it stopped.'

/**
 * channels setup: from nothing to an answer. Asks for what flags do not say, shows what will be written before
 * it is, starts the session, lets its person in, and ends with a message that travelled. Run again it goes on where it
 * stopped; without a terminal it asks nothing and names the flag that is missing.
 */
export const setup = async (named: string | null, options: SetupOptions, deps: Deps): Promise<ExitStatus> => {
  const channel = named ?? 'telegram'
  const id = readChannel(channel)
  if (options.session !== null) checkName(options.session)
  if (options.check) return check(named === null ? null : id, options, deps)
  refuseInside(deps, 'setup')
  checkFlags(options, deps)
  const ask = await whomToAsk(options.yes, deps)
  const tell: Tell = ask ?? plainTell(deps)
  const draft =
    ask === null
      ? null
      : await orSay(`Nothing was changed. ${again}`, () => unfinished(id, options, ask, deps))
  const before = setUpBefore(draft, deps)
  if (before !== null && options.trust) await trustAgain(before.session, deps)
  const begun =
    before ??
    (await setUp({ channel: id, options, draft: draft ?? emptyDraft(id, deps.clock.now()), ask, tell }, deps))
  const { session } = begun
  const rest =
    ask !== null && describes(options)
      ? `\`channels setup ${channel} --session ${session.name}\` goes on where it stopped.`
      : again
  const status = await orSay(`${session.name} is set up. ${rest}`, () =>
    finish(begun, options, ask, tell, deps),
  )
  if (ask !== null && status === exitStatus.done) removeDraft(deps)
  else ask?.say(rest)
  sayNext(
    session,
    begun.channel,
    status,
    (await deps.observe(session)).client !== null,
    options,
    ask?.say ?? ((line) => deps.output.print(line, 'prose')),
  )
  return status
}

type Asked = Parameters<typeof describeSession>[0]

/** Plans, shows the plan, asks for a yes, and carries it out. */
const setUp = async (asked: Asked, deps: Deps): Promise<Begun> => {
  const { ask, tell } = asked
  const unchanged = ask === null ? 'Nothing was changed.' : `Nothing was changed. ${again}`
  const plan = await orSay(unchanged, () => agreedPlan(asked, deps))
  const { name } = plan.session
  const appliedAt = deps.clock.now()
  const draft = { ...(readDraft(asked.channel, deps) ?? asked.draft), session: name, appliedAt }
  if (ask !== null) writeDraft({ ...draft, applied: false }, deps)
  const carryOut = async (own: Deps): Promise<void> => {
    await applySetup(plan, own).catch((error: unknown) => {
      if (ask === null || !(error instanceof ChangedMeanwhile)) throw error
      writeDraft(stillAnswered(draft, error), deps)
      own.output.say('Your answers are kept, but for the token and what was changed.')
      throw error
    })
    // Also when Ctrl-C came meanwhile: what can't be stopped halfway is whole.
    if (ask !== null) writeDraft({ ...draft, applied: true }, deps)
  }
  await orSay(`What was begun may be written. ${again}`, () =>
    during('Setting up', (own) => carryOut(own), tell, deps),
  )
  ask?.done(`${name} is set up for ${nameOfChannel(plan.channel)}.`)
  // As it was written: how a plugin's server is called is known once it is installed.
  const session = findSession(deps.settings.read(), name) ?? plan.session
  const channel = session.channels.find(({ id }) => id === plan.channel.id) ?? plan.channel
  return { ...plan, session, channel, appliedAt }
}

/** What will be done, shown, and agreed to. */
const agreedPlan = async (asked: Asked, deps: Deps): Promise<Plan> => {
  const plan = await describeSession(asked, deps)
  const { ask, tell, options } = asked
  const files = touchedFiles(plan, { asks: ask !== null, starts: options.start }, deps)
  tell.title('What will be done')
  tell.say(describePlan(plan).join('\n'))
  tell.say(['Files that are written:', ...files.map((line) => `  ${line}`)].join('\n'))
  await agree(options.yes, ask)
  return plan
}

const agree = async (yes: boolean, ask: Ask | null): Promise<void> => {
  if (yes) return
  if (ask === null)
    throw usageError('Nothing was changed: the plan above wants a yes.', 'Run the same command with --yes.')
  if (!(await ask.confirm({ message: 'Set it up like this?', initial: true }))) throw cancelled('')
}

/** `--check`: the proof once more, for a session that is there: by the channel that is named where it has that, else by any. */
const check = async (
  id: string | null,
  { session: name, timeoutMs }: SetupOptions,
  deps: Deps,
): Promise<ExitStatus> => {
  const whole = selectSession(name ?? undefined, deps)
  const named = whole.channels.filter((channel) => channel.id === id)
  const session = named.length === 0 ? whole : { ...whole, channels: named }
  const ask = await whomToAsk(false, deps)
  return orSay(`\`channels status ${session.name}\` shows where it stands.`, () =>
    prove(session, timeoutMs, ask ?? plainTell(deps), deps),
  )
}

/** What is said where a person cancels. */
const orSay = async <T>(hint: string, action: () => Promise<T>): Promise<T> => {
  try {
    return await action()
  } catch (error) {
    if (error instanceof ExpectedError && error.status === exitStatus.cancelled) throw cancelled(hint)
    throw error
  }
}

const sayNext = (
  { name, channels }: Session,
  channel: Channel,
  status: ExitStatus,
  isRunning: boolean,
  { start, pair, allow }: SetupOptions,
  say: (line: string) => void,
): void => {
  if (status !== exitStatus.done) return
  const next = isRunning ? 'restart' : 'up'
  if (!start) say(`${name} is set up for ${nameOfChannel(channel)}. Next: \`channels ${next} ${name}\`.`)
  if (kinds[channel.kind].tokenVariable !== null && allow.length === 0 && !(start && pair))
    say(
      sayWhich(
        `  Nobody new may write to it: \`channels pair ${name}\` lets somebody in.`,
        channel,
        channels,
      ),
    )
  if (!start) return
  say('From now on:')
  say('  channels status: is it live, and why not')
  say(`  channels logs ${name}: what happened`)
  say(`  channels attach ${name}: its terminal`)
  say(`  channels down ${name}: stop it; \`channels up ${name}\` starts it again`)
}

const checkFlags = (options: SetupOptions, { claude }: Deps): void => {
  claude.checkArguments(options.clientArguments)
  if (options.permissionMode !== null) claude.checkPermissionMode(options.permissionMode)
}

/** The kinds go by their own names, the official plugins being meant. */
const readChannel = (channel: string): string => {
  const official = `plugin:${channel}@claude-plugins-official`
  if (parseChannelId(official) !== null && channelKind(official) !== 'custom') return official
  if (parseChannelId(channel) !== null) return channel
  throw usageError(
    `There is no channel \`${channel}\`.`,
    'There are telegram, discord, imessage, fakechat, plugin:<name>@<marketplace> and server:<name>.',
  )
}
