import type { Notice } from '../core/notify/notice.ts'
import type { Told } from '../core/notify/notify.ts'
import { textOf } from '../core/notify/text.ts'
import type { Session } from '../core/session.ts'
import type { World } from '../deps.ts'
import { journalFault } from './journal-fault.ts'
import { noteTold } from './note-told.ts'
import {
  type CommandLane,
  endCommands,
  newCommandLane,
  queueForCommand,
  tellByCommand,
} from './tell-by-command.ts'
import { tellPerson } from './tell-person.ts'

/** What is on its way to one session's people. */
type Lanes = {
  /** The newest is what matters at a phone: one that could not be told yet gives way to it. */
  bot: { readonly notice: Notice; readonly tries: number; readonly notBefore: number } | null
  telling: boolean
  /** The platform wants rest until then, whatever there is to tell; by the elapsed clock. */
  restUntil: number
  readonly command: CommandLane
  /** As it was at the last look. */
  session: Session
}

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
    const lanes = known ?? newLanes(session)
    sessions.set(session.name, lanes)
    lanes.session = session
    if (condition === 'off') endCommands(world, session, lanes.command)
    for (const notice of notices) queue(lanes, session, notice)
    const { bot } = lanes
    if (bot !== null && !lanes.telling && condition !== null && bot.notice.condition !== condition) {
      lanes.bot = null
      noteTold(world, session, bot.notice, { by: 'bot', outcome: 'dropped', detail: null })
    }
    void tellByBot(world, session, lanes)
    void tellByCommand(world, session, lanes.command)
  }

  const forget = (name: string): void => {
    const lanes = sessions.get(name)
    if (lanes === undefined) return
    sessions.delete(name)
    endCommands(world, lanes.session, lanes.command)
  }

  return {
    tell,
    forget,
    /** Nothing of it outlives the keeper. */
    leave: (): void => {
      for (const name of sessions.keys()) forget(name)
    },
  }
}

const newLanes = (session: Session): Lanes => ({
  ...{ bot: null, telling: false, restUntil: 0, session },
  command: newCommandLane(),
})

const queue = (lanes: Lanes, session: Session, notice: Notice): void => {
  if (session.notify.to !== null) lanes.bot = { notice, tries: 0, notBefore: 0 }
  queueForCommand(lanes.command, session, notice)
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
    if (delivery.is === 'sent') noteTold(world, session, notice, { by: 'bot', outcome: 'sent', detail: null })
    else if (delivery.is === 'unsure')
      noteTold(world, session, notice, { by: 'bot', outcome: 'unsure', detail: delivery.detail })
    else if (delivery.is === 'refused' || (delivery.is === 'later' && delivery.afterMs > longestRestMs))
      noteTold(world, session, notice, { by: 'bot', outcome: 'refused', detail: delivery.detail })
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
