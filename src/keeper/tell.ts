import type { Notice } from '../core/notify/notice.ts'
import type { Told } from '../core/notify/notify.ts'
import { documentOf, textOf } from '../core/notify/text.ts'
import type { Session } from '../core/session.ts'
import type { World } from '../deps.ts'
import { journalFault } from './journal-fault.ts'
import { tellPerson } from './tell-person.ts'

/** What is on its way to one session's people. */
type Lanes = {
  /** The newest is what matters at a phone: one that could not be told yet gives way to it. */
  bot: { readonly notice: Notice; readonly tries: number; readonly notBefore: number } | null
  telling: boolean
  /** The platform wants rest until then, whatever there is to tell; by the elapsed clock. */
  restUntil: number
  /** A program may count them: it gets each, one after the other. */
  readonly commands: Notice[]
  running: boolean
}

const commandMs = 10_000
const mostCommands = 8
const firstPauseMs = 15_000
const longestPauseMs = 10 * 60_000
/** A platform that wants more rest than this is not waited for. */
const longestRestMs = 60 * 60_000

/** Tells people what was decided, look by look; nothing of it holds up a look, or throws. */
export const createTeller = (world: World) => {
  const sessions = new Map<string, Lanes>()

  const tell = (session: Session, { notices, condition }: Pick<Told, 'notices' | 'condition'>): void => {
    const known = sessions.get(session.name)
    if (notices.length === 0 && known === undefined) return
    const lanes = known ?? { bot: null, telling: false, restUntil: 0, commands: [], running: false }
    sessions.set(session.name, lanes)
    for (const notice of notices) queue(lanes, session, notice)
    const { bot } = lanes
    if (bot !== null && !lanes.telling && condition !== null && bot.notice.condition !== condition) {
      lanes.bot = null
      note(world, session, bot.notice, { by: 'bot', outcome: 'dropped', detail: null })
    }
    void tellByBot(world, session, lanes)
    void tellByCommand(world, session, lanes)
    const isIdle = lanes.bot === null && !lanes.telling && !lanes.running
    if (isIdle && world.clock.elapsed() >= lanes.restUntil) sessions.delete(session.name)
  }

  return { tell, forget: (session: string): void => void sessions.delete(session) }
}

const queue = (lanes: Lanes, { notify: { to, command } }: Session, notice: Notice): void => {
  if (to !== null) lanes.bot = { notice, tries: 0, notBefore: 0 }
  if (command !== null && lanes.commands.length < mostCommands) lanes.commands.push(notice)
}

const tellByBot = async (world: World, session: Session, lanes: Lanes): Promise<void> => {
  const { bot } = lanes
  if (bot === null || lanes.telling) return
  if (world.clock.elapsed() < Math.max(bot.notBefore, lanes.restUntil)) return
  lanes.telling = true
  const { notice, tries } = bot
  const again = (pauseMs: number) => ({
    notice,
    tries: tries + 1,
    notBefore: world.clock.elapsed() + pauseMs,
  })
  let next: Lanes['bot'] = null
  try {
    const delivery = await tellPerson(world, session, textOf(notice, session))
    if (delivery.is === 'later') lanes.restUntil = world.clock.elapsed() + delivery.afterMs
    if (delivery.is === 'sent') note(world, session, notice, { by: 'bot', outcome: 'sent', detail: null })
    else if (delivery.is === 'unsure')
      note(world, session, notice, { by: 'bot', outcome: 'unsure', detail: delivery.detail })
    else if (delivery.is === 'refused' || (delivery.is === 'later' && delivery.afterMs > longestRestMs))
      note(world, session, notice, { by: 'bot', outcome: 'refused', detail: delivery.detail })
    else {
      next = again(delivery.is === 'later' ? 0 : Math.min(firstPauseMs * 2 ** tries, longestPauseMs))
      journalFault(world, session.name, 'notification', new Error(delivery.detail))
    }
  } catch (error) {
    next = again(longestPauseMs)
    journalFault(world, session.name, 'notification', error)
  } finally {
    lanes.telling = false
    // A newer one may have come meanwhile.
    if (lanes.bot === bot) lanes.bot = next
  }
}

const tellByCommand = async (world: World, session: Session, lanes: Lanes): Promise<void> => {
  if (lanes.running) return
  lanes.running = true
  try {
    for (let notice = lanes.commands.shift(); notice !== undefined; notice = lanes.commands.shift())
      await runCommand(world, session, notice)
  } catch (error) {
    journalFault(world, session.name, 'notify.command', error)
  } finally {
    lanes.running = false
  }
}

const runCommand = async (world: World, session: Session, notice: Notice): Promise<void> => {
  const { command } = session.notify
  if (command === null) return
  const { status, end } = await world.feed('/bin/sh', ['-c', command], {
    input: `${JSON.stringify(documentOf(notice, session))}\n`,
    timeoutMs: commandMs,
    env: environmentOf(world, session),
  })
  const failed = end === 'exited' ? `it ended with ${status ?? 'a signal'}` : `it ${failures[end]}`
  const outcome =
    status === 0
      ? ({ outcome: 'sent', detail: null } as const)
      : ({ outcome: 'failed', detail: failed } as const)
  note(world, session, notice, { by: 'command', ...outcome })
}

const failures = {
  'timed out': `did not end within ${commandMs / 1_000} s, and was ended`,
  'not started': 'could not be started',
} as const

/** The session's, without the login of its client and without any token. */
const environmentOf = ({ claude }: World, { environment }: Session): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => !claude.staysOut(name) && !/^(ANTHROPIC|CLAUDE)_|TOKEN|SECRET|PASSWORD|_KEY$/.test(name),
    ),
  )

type Outcome = {
  readonly by: 'bot' | 'command'
  readonly outcome: 'sent' | 'unsure' | 'failed' | 'refused' | 'dropped'
  readonly detail: string | null
}

const note = (world: World, { name }: Session, { event, reason }: Notice, outcome: Outcome): void =>
  void world.journal.append(name, { type: 'told', event, reason, ...outcome })
