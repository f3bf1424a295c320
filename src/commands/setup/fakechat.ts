import { addressOf, isPort, portOf, portVariable } from '../../core/port.ts'
import type { Session } from '../../core/session.ts'
import type { Deps } from '../../deps.ts'
import { ExpectedError, exitStatus, usageError } from '../../errors.ts'
import { type AskedChannel, type DescribeChannel, withoutBot } from './plan.ts'
import { checkPort, claimedPorts } from './ports.ts'

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
  const taken = claimedPorts(name, deps.settings.read())
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

const readPort = (text: string): number => {
  if (/^\d{1,5}$/.test(text) && isPort(Number(text))) return Number(text)
  throw usageError(`${JSON.stringify(text)} is no port.`, 'A port is a number from 1 to 65535: --port 8790.')
}
