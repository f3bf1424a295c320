import { addressOf, isPort, portOf, portVariable } from '../../core/port.ts'
import type { Session } from '../../core/session.ts'
import type { Deps } from '../../deps.ts'
import { ExpectedError, exitStatus, usageError } from '../../errors.ts'
import { type AskedChannel, type DescribeChannel, withoutBot } from './plan.ts'

/** fakechat's own, and the ones tried after it. */
const first = 8787
const tries = 200

/**
 * fakechat: a page on this machine, on a port that is free: as said, as it was, else the first from 8787 on. Throws an
 * ExpectedError: 1 for one that is taken, 2 for what is no port.
 */
export const describeFakechat: DescribeChannel = async (asked, deps) => {
  const { id, kind, stateDir, development, ask, tell } = asked
  const port = choosePort(asked, deps)
  if (ask !== null) tell.done(`Its page: ${addressOf(port)}`)
  tell.say(
    'Whoever can open that page, any program of this machine among them, may write: it has no token and no list.',
  )
  return {
    ...withoutBot,
    channel: {
      id,
      kind,
      stateDir,
      account: addressOf(port),
      botId: null,
      development,
      server: null,
      agreedIn: null,
    },
    environment: { [portVariable]: String(port) },
  }
}

const choosePort = (asked: AskedChannel, deps: Deps): number => {
  const { name, before, options } = asked
  // As the plugin itself would take it.
  const said = options.port ?? (formerPort(before) === null ? deps.env[portVariable] || null : null)
  if (said !== null) {
    const port = readPort(said)
    // Its own plugin listens there where it runs.
    if (port !== formerPort(before)) checkPort(name, port, deps)
    return port
  }
  const taken = claimed(name, deps)
  const isFree = (port: number) => !taken.has(port) && deps.processes.listens(port) !== true
  const free = [formerPort(before) ?? first, ...Array.from({ length: tries }, (_, i) => first + i)].find(
    (port) => port === formerPort(before) || isFree(port),
  )
  if (free !== undefined) return free
  throw new ExpectedError(
    exitStatus.wrong,
    `No port from ${first} to ${first + tries - 1} is free.`,
    'Name another with --port <port>.',
  )
}

const formerPort = (before: Session | null): number | null => {
  const former = before?.channels.find(({ kind }) => kind === 'fakechat')
  return before === null || former === undefined ? null : portOf(before, former)
}

/** That a session can have a port. Throws an ExpectedError (1) where another has it, or another program listens there. */
export const checkPort = (name: string, port: number, deps: Deps): void => {
  const other = claimed(name, deps).get(port)
  if (other !== undefined) throw inUse(port, `session \`${other}\` has it`)
  if (deps.processes.listens(port) === true) throw inUse(port, 'another program listens there')
}

const readPort = (text: string): number => {
  if (/^\d{1,5}$/.test(text) && isPort(Number(text))) return Number(text)
  throw usageError(`${JSON.stringify(text)} is no port.`, 'A port is a number from 1 to 65535: --port 8790.')
}

/** Ports of other sessions, running or not, and whose they are. */
const claimed = (name: string, { settings }: Deps): ReadonlyMap<number, string> =>
  new Map(
    Object.values(settings.read().sessions)
      .filter((other) => other.name !== name)
      .flatMap((other) =>
        other.channels.flatMap((channel): readonly (readonly [number, string])[] => {
          const port = portOf(other, channel)
          return port === null ? [] : [[port, other.name]]
        }),
      ),
  )

const inUse = (port: number, who: string): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `Port ${port} is taken: ${who}.`,
    'Name another. Without one `setup` finds a port that is free. Nothing was changed.',
  )
