import type { Session } from '../core/session.ts'
import type { World } from '../deps.ts'
import type { AttachCommand } from '../multiplexer/port.ts'
import { startTerminal } from './act.ts'
import { terminalPlace } from './terminal.ts'

/** How to attach to a session whose loop lives; a socket file that is lost is asked back first. */
export const attachCommand = async (world: World, session: Session): Promise<AttachCommand> => {
  const multiplexer = await world.multiplexer(session.multiplexer)
  const place = terminalPlace(world, session.name)
  if ((await multiplexer.state(place)).is === 'no') await startTerminal(world, session)
  return multiplexer.attach(place)
}
