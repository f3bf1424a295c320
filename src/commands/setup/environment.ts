import { kinds } from '../../core/kinds.ts'
import { addressOf, isPort, portOf, portVariable } from '../../core/port.ts'
import type { Session } from '../../core/session.ts'
import { sayWhich } from '../../core/which-channel.ts'
import type { Deps } from '../../deps.ts'
import { usageError } from '../../errors.ts'
import { checkPort } from './ports.ts'

/** The session with the environment of this shell, as `setup` would store it. Throws an ExpectedError (2) as below. */
export const storeEnvironment = (session: Session, deps: Deps): Session => {
  // No shell has the port that a page of this session was given.
  const { [portVariable]: port } = session.environment
  const environment = {
    ...deps.claude.storedEnvironment(deps.env),
    ...(port === undefined ? {} : { [portVariable]: port }),
  }
  return inItsPlace({ ...session, environment }, session, deps)
}

/** One variable of the client set, or taken out where the value is empty. Throws an ExpectedError (2) for one that can't be. */
export const changeEnvironment = (session: Session, name: string, value: string, deps: Deps): Session => {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    throw usageError(`${JSON.stringify(name)} is no name of a variable.`, 'Write env.NAME=value.')
  if (deps.claude.staysOut(name))
    throw usageError(
      `\`${name}\` never reaches the client of a session.`,
      name.endsWith('_BOT_TOKEN')
        ? sayWhich(
            `\`channels token ${session.name}\` changes the bot's token.`,
            session.channels.find(({ kind }) => kinds[kind].tokenVariable === name) ?? null,
            session.channels,
          )
        : 'It is one of a surrounding session’s own, or would switch channels off.',
    )
  if (name.endsWith('_STATE_DIR') || name === 'CLAUDE_CODE_RETRY_WATCHDOG')
    throw usageError(
      `\`${name}\` is set by \`channels\` itself for every session.`,
      stateDirHint(session, name),
    )
  if (value === '' && (name === 'PATH' || name === 'HOME'))
    throw usageError(
      `\`${name}\` can't be taken out: ${name === 'PATH' ? 'the client finds programs by it' : 'the client finds its files by it'}.`,
      `\`channels set ${session.name} environment=here\` stores the one of your shell.`,
    )
  const { [name]: _, ...others } = session.environment
  const environment = value === '' ? others : { ...others, [name]: value }
  const changed = inItsPlace({ ...session, environment }, session, deps)
  return name === portVariable ? onItsPort(changed, value, deps) : changed
}

const stateDirHint = ({ name, channels }: Session, variable: string): string => {
  const channel = channels.find(({ kind }) => kinds[kind].stateVariable === variable)
  return channel === undefined
    ? 'Leave it out.'
    : `\`channels setup ${channel.id} --session ${name} --state-dir <folder>\` sets it up with another state folder.`
}

/** Its page is where the port says, and no two sessions have one. Throws an ExpectedError: 1 for a taken port, 2 for none. */
const onItsPort = (session: Session, value: string, deps: Deps): Session => {
  if (value !== '' && !isPort(Number(value)))
    throw usageError(`${JSON.stringify(value)} is no port.`, 'A port is a number from 1 to 65535.')
  const channels = session.channels.map((channel) => {
    const port = portOf(session, channel)
    if (port === null) return channel
    // Its own plugin listens where it is.
    if (addressOf(port) !== channel.account) checkPort(session.name, port, deps)
    return { ...channel, account: addressOf(port) }
  })
  return { ...session, channels }
}

/** Plugin, trust and transcripts are where the client keeps its files: another place is another setup. */
const inItsPlace = (changed: Session, former: Session, { claude, channels }: Deps): Session => {
  // It would get a bot's token: refused here, not at the next start.
  for (const { kind } of changed.channels) channels.messengerOf(kind)?.apiRoot(changed.environment)
  const [now, before] = [claude.sessionPaths(changed), claude.sessionPaths(former)]
  if (now.config === before.config && now.json === before.json) return changed
  throw usageError(
    `With that, the client would keep its files in ${now.config}, not in ${before.config}, where this session is set up.`,
    `\`channels setup ${former.channels[0]?.id ?? 'telegram'} --session ${former.name}\` sets it up there, in a shell that has these variables.`,
  )
}
