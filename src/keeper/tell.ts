import { becomes } from '../core/becomes.ts'
import type { Notice } from '../core/notify/notice.ts'
import type { Told } from '../core/notify/notify.ts'
import type { Outbox } from '../core/notify/outbox.ts'
import type { Session } from '../core/session.ts'
import type { World } from '../deps.ts'
import { type BotLane, newBotLane, outboxOf, queueForBot, sift, tellByBot } from './tell-by-bot.ts'
import {
  type CommandLane,
  endCommands,
  newCommandLane,
  queueForCommand,
  tellByCommand,
} from './tell-by-command.ts'

/** What is on its way to one session's people. */
type Lanes = {
  readonly bot: BotLane
  readonly command: CommandLane
  /** As it was at the last look. */
  session: Session
  /** What of the bot's was kept last. */
  kept: Pick<BotLane, 'waiting' | 'failed'>
}

/**
 * Tells people what was decided, look by look; nothing of it holds up a look, or throws.
 *
 * @param keep writes down what the bot could not tell of a session, and that what is `untold` was told to nobody
 */
export const createTeller = (
  world: World,
  keep: (session: string, outbox: Outbox, untold: readonly Notice[]) => void,
) => {
  const sessions = new Map<string, Lanes>()
  const stop = new AbortController()
  const stoppable: World = { ...world, requestWith: (env) => world.requestWith(env, stop.signal) }

  const keepOf = (lanes: Lanes): void => {
    const { name } = lanes.session
    const { waiting, underWay, failed } = lanes.bot
    const kept = { waiting: waiting === underWay ? null : waiting, failed }
    // Removed, or this keeper has left: another one may write there.
    if (sessions.get(name) !== lanes) return
    const untold = lanes.bot.untold.splice(0)
    const isSame = kept.waiting === lanes.kept.waiting && failed === lanes.kept.failed
    if (isSame && untold.length === 0) return
    lanes.kept = kept
    keep(name, outboxOf(world, lanes.bot), untold)
  }

  /** `outbox`: what is known of an earlier keeper. */
  const tell = (
    session: Session,
    { notices, condition }: Pick<Told, 'notices' | 'condition'>,
    outbox: Outbox | null,
  ): void => {
    const known = sessions.get(session.name)
    if (notices.length === 0 && known === undefined && outbox?.pending == null) return
    const lanes = known ?? newLanes(world, session, outbox)
    sessions.set(session.name, lanes)
    lanes.session = session
    if (condition === 'off') endCommands(world, session, lanes.command)
    for (const notice of notices) {
      queueForBot(world, session, lanes.bot, notice)
      queueForCommand(lanes.command, session, notice)
    }
    sift(world, session, lanes.bot, condition)
    void tellByBot(stoppable, session, lanes.bot, () => keepOf(lanes))
    void tellByCommand(world, session, lanes.command)
    keepOf(lanes)
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
    /**
     * Nothing of it outlives the keeper; what is just being sent has so long. It is ended then: what has not even
     * connected (a network that swallows all) is certainly not told, and kept.
     */
    leave: async (withinMs: number): Promise<void> => {
      for (const { session, command } of sessions.values()) endCommands(world, session, command)
      const isCalm = (): boolean => [...sessions.values()].every(({ bot }) => bot.underWay === null)
      const isOver = await becomes(world.clock, withinMs, isCalm)
      // Without any time, another keeper writes these records by now.
      if (!isOver && withinMs > 0) {
        stop.abort()
        await becomes(world.clock, withinMs, isCalm)
      }
      sessions.clear()
    },
  }
}

const newLanes = (world: World, session: Session, outbox: Outbox | null): Lanes => {
  const bot = newBotLane(world, outbox)
  const { waiting, failed } = bot
  return { bot, command: newCommandLane(), session, kept: { waiting, failed } }
}
