import { portOf } from '../../core/port.ts'
import type { Session } from '../../core/session.ts'
import type { Settings } from '../../core/settings.ts'
import type { Deps } from '../../deps.ts'
import { ExpectedError, exitStatus } from '../../errors.ts'

/** Ports of other sessions' pages, running or not, and whose they are. */
export const claimedPorts = (name: Session['name'], { sessions }: Settings): ReadonlyMap<number, string> =>
  new Map(
    Object.values(sessions)
      .filter((other) => other.name !== name)
      .flatMap((other) =>
        other.channels.flatMap((channel): readonly (readonly [number, string])[] => {
          const port = portOf(other, channel)
          return port === null ? [] : [[port, other.name]]
        }),
      ),
  )

/** That no other session has a port. Throws an ExpectedError (1) where one has it. */
export const checkPortClaim = (name: string, port: number | null, settings: Settings): void => {
  const other = port === null ? undefined : claimedPorts(name, settings).get(port)
  if (port !== null && other !== undefined) throw inUse(port, `session \`${other}\` has it`)
}

/** That a session can have a port. Throws an ExpectedError (1) where another has it, or another program listens there. */
export const checkPort = (
  name: string,
  port: number,
  { settings, processes }: Pick<Deps, 'settings' | 'processes'>,
): void => {
  checkPortClaim(name, port, settings.read())
  if (processes.listens(port) === true) throw inUse(port, 'another program listens there')
}

const inUse = (port: number, who: string): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `Port ${port} is taken: ${who}.`,
    'Name another. Without one `setup` finds a port that is free. Nothing was changed.',
  )
