import { channelKind, pluginKey } from '../../core/channel.ts'
import { kinds } from '../../core/kinds.ts'
import type { Session } from '../../core/session.ts'
import { findSession } from '../../core/settings.ts'
import type { Ask, Deps } from '../../deps.ts'
import { describeBot } from './bot-channel.ts'
import { checkAlike, checkAnswers, checkFlags, checkMarketplace, checkSamePlace } from './check-asked.ts'
import { checkPlaceClaim } from './claims.ts'
import { chooseWarning } from './development.ts'
import { type Draft, writeDraft } from './draft.ts'
import { describeFakechat } from './fakechat.ts'
import { chooseFolder } from './folder.ts'
import { asBefore, droppedVariables, isAdded, stateDirOf } from './former.ts'
import { checkMac, describeImessage } from './imessage.ts'
import { checkMachine, checkSwitches, machineIn } from './machine.ts'
import { checkMayMove } from './multiplexer.ts'
import { chooseName } from './name.ts'
import { checkNotify } from './notify.ts'
import type { SetupOptions } from './options.ts'
import { startedByHand } from './others.ts'
import { describeOwn } from './own.ts'
import { choosePermissionMode } from './permissions.ts'
import { checkPlaces } from './places.ts'
import type { DescribeChannel, Plan } from './plan.ts'
import type { Tell } from './questions.ts'
import { sessionOf } from './session-of.ts'

type Asked = {
  /** Channel id. */
  readonly channel: string
  readonly options: SetupOptions
  /** What was answered in a setup that was not finished. */
  readonly draft: Draft
  readonly ask: Ask | null
  readonly tell: Tell
}

/** What each kind needs to know, beside what every session does. */
const describers = {
  telegram: describeBot,
  discord: describeBot,
  imessage: describeImessage,
  fakechat: describeFakechat,
  custom: describeOwn,
} as const satisfies Record<keyof typeof kinds, DescribeChannel>

/**
 * Finds out, and asks for, everything a session needs, and changes nothing but the draft of the answers. Throws an
 * ExpectedError for what is missing or can't be; 130 when cancelled.
 */
export const describeSession = async (asked: Asked, deps: Deps): Promise<Plan> => {
  const { channel: id, ask, tell } = asked
  const kind = channelKind(id)
  checkMac(kind, deps)
  checkFlags(asked.options, id)
  checkNotify(asked.options, { kind }, ask !== null)
  deps.channels.checkSenders(asked.options.allow, kind)
  tell.title('What is here')
  const saidName = asked.options.session ?? asked.draft.session ?? ''
  const said = findSession(deps.settings.read(), saidName)
  const here = await checkMachine(ask, tell, deps, {
    needsBun: pluginKey(id) !== null,
    folder: likelyFolder(asked, deps),
    multiplexer: asked.options.multiplexer ?? said?.multiplexer ?? null,
  })
  const added = isAdded(id, said)
  if (added) checkSamePlace(said, here, deps)
  checkAlike(asked.options, id, said)
  const usualDir = deps.channels.stateDirFor(deps.env, here.paths, {
    channel: { id, kind },
    session: '',
    exclusive: false,
  })
  tell.title('Folder and name')
  let draft = asked.draft
  const keep = (more: Partial<Draft>): void => {
    draft = { ...draft, ...more }
    if (ask !== null) writeDraft(draft, deps)
  }
  const folder = await chooseFolder(
    {
      cwd: asked.options.cwd ?? knownFolder(draft, added ? said : null, deps),
      trust: asked.options.trust,
      agreed: draft.trust ? draft.cwd : null,
      offer:
        (await startedByHand(id, usualDir, here.paths, deps))?.folder ??
        formerFolder(asked.options, deps) ??
        deps.cwd,
    },
    here.paths,
    ask,
    deps,
  )
  keep({ cwd: folder.cwd, trust: folder.trusted === false })
  const machine = await machineIn(folder.cwd, here, tell, deps)
  checkSwitches(id, folder.cwd, machine, ask, tell, deps)
  const name = await chooseName(asked.options.session ?? draft.session, folder.cwd, id, ask, deps)
  // As it was read first: what was asked for and found out since goes by that.
  const before = name === saidName ? said : findSession(deps.settings.read(), name)
  if (asked.options.multiplexer !== null) await checkMayMove(asked.options.multiplexer, before, deps)
  // The name may have been asked for only now.
  checkAlike(asked.options, id, before)
  const options = asBefore(asked.options, before)
  const stateDir = stateDirOf({ id, kind }, name, options, before, machine.paths, deps)
  // Before the bot is asked for: no token would mend it.
  checkPlaceClaim({ name, kind, stateDir }, deps.settings.read(), deps)
  keep({ session: name })
  if (ask === null) checkAnswers(options, id, stateDir, deps)
  checkPlaces({ paths: machine.paths, ...folder, stateDir, kind }, deps)
  tell.title(kinds[kind].tokenVariable === null ? 'Channel' : 'Bot')
  const development = deps.claude.isDevelopmentChannel(machine.paths, id)
  const warning = development ? await chooseWarning(id, options, before, ask, tell) : null
  const described = await describers[kind](
    {
      ...{ id, kind, name, stateDir, usualDir, development, before, options, draft, ask, tell },
      ...{ paths: machine.paths, cwd: folder.cwd },
    },
    deps,
  )
  keep({ conversation: described.conversation })
  tell.title('Permissions')
  const permissionMode = await choosePermissionMode(
    options.permissionMode ?? draft.permissionMode ?? (added ? (before?.permissionMode ?? null) : null),
    options.dangerouslySkipPermissions,
    before,
    ask,
    deps,
  )
  keep({ permissionMode })
  // Before the plan is agreed to: the install would be the first to find out.
  checkMarketplace(id, machine, deps)
  const session = sessionOf({ name, folder, machine, permissionMode, options, described, before, warning })
  if (!added) warnOfDropped(session, before, tell)
  return {
    ...described,
    session,
    former: before,
    allow: options.allow,
    trust: folder.trusted ? 'trusted' : 'to-record',
  }
}

/** Where the session will most likely be, before that is asked for; one that is not there is asked about later. */
const likelyFolder = ({ options, draft }: Asked, deps: Deps): string => {
  const said = options.cwd ?? draft.cwd
  const real = said === null ? null : deps.files.realPath(said)
  return real !== null && deps.files.isFolder(real) ? real : deps.cwd
}

/** One that is gone since is asked for again. */
const knownFolder = (draft: Draft, added: Session | null, { files }: Deps): string | null =>
  [draft.cwd, added?.cwd ?? null].find((cwd) => files.isFolder(cwd ?? '')) ?? null

/** Set up again, a session stays where it is unless told otherwise. */
const formerFolder = ({ session }: SetupOptions, { settings }: Deps): string | null =>
  session === null ? null : (findSession(settings.read(), session)?.cwd ?? null)

/** `channels set` may have put them in, or another shell had them. */
const warnOfDropped = (session: Session, before: Session | null, tell: Tell): void => {
  const dropped = droppedVariables(session, before)
  if (dropped.length === 0) return
  tell.warn(
    `No longer in the session's environment, since this shell does not have it: ${dropped.join(', ')}.`,
  )
  tell.say(`  \`channels set ${session.name} env.NAME=value\` puts one in.`)
}
