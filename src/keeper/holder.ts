import { lives } from '../core/process.ts'
import type { Session } from '../core/session.ts'
import type { LookWorld } from '../deps.ts'
import { ExpectedError } from '../errors.ts'
import { readRun, readWanted } from './session-records.ts'

/** Another session, and which channel of one's own has the bot of it. */
export type Holder = { readonly session: string; readonly channel: string }

/**
 * Another session that is wanted and has a bot of this one, so that the two would take each other's messages: the one
 * that runs keeps it; where neither does, the one whose name comes first. Null where there is none. `setup` refuses
 * such a pair; a configuration from elsewhere may hold one.
 */
export const otherHolder = (world: LookWorld, session: Session): Holder | null => {
  const holds = runs(world, session)
  for (const other of configured(world)) {
    const channel = other.name === session.name ? null : sharedBot(session, other)
    if (channel === null) continue
    if (readWanted(world, other.name)?.want !== true) continue
    if ((other.name < session.name && !holds) || runs(world, other)) return { session: other.name, channel }
  }
  return null
}

/** Without a configuration that can be read nobody is kept from starting. */
const configured = ({ settings }: LookWorld): readonly Session[] => {
  try {
    return Object.values(settings.read().sessions)
  } catch (error) {
    if (error instanceof ExpectedError) return []
    throw error
  }
}

/** Id of the channel whose bot the other one has, too. */
const sharedBot = ({ channels }: Session, other: Session): string | null =>
  channels.find(({ botId }) => botId !== null && other.channels.some((each) => each.botId === botId))?.id ??
  null

/** Its loop is there, and has a client or is about to: one that waits gives way. */
const runs = (world: LookWorld, { name }: Session): boolean => {
  const run = readRun(world, name)
  return run !== null && run.waiting === null && lives(world.processes, run.loop)
}
