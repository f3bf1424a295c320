import { portVariable } from '../../core/port.ts'
import { type DialogSettings, defaultDialogs, defaultRestart, type Session } from '../../core/session.ts'
import type { Folder } from './folder.ts'
import { isAdded, isReplaced, type Settled } from './former.ts'
import type { Machine } from './machine.ts'
import { notifyOf } from './notify.ts'
import type { Described } from './plan.ts'

export type Parts = {
  readonly name: string
  readonly folder: Folder
  readonly machine: Machine
  readonly permissionMode: string | null
  readonly options: Settled
  readonly described: Described
  readonly before: Session | null
  /** How the warning before development channels is answered; null: there is none, or it stays as it was. */
  readonly warning: DialogSettings['development'] | null
}

/** The session as it will be configured: a channel that is added leaves the others, and what belongs to them, as they are. */
export const sessionOf = (parts: Parts): Session => {
  const { name, folder, machine, permissionMode, options, described, before, warning } = parts
  const { channel, environment } = described
  const others = (before?.channels ?? []).filter((each) => !isReplaced(each.id, channel.id))
  const isNew = before === null || !isAdded(channel.id, before)
  return {
    name,
    cwd: folder.cwd,
    channels: [...others, channel],
    multiplexer: options.multiplexer ?? before?.multiplexer ?? machine.multiplexer,
    exclusive: options.exclusive,
    // Set up once more, a folder that is trusted by now may be so because of the first time.
    trustRecorded: !folder.trusted || (before?.cwd === folder.cwd && before.trustRecorded),
    permissionMode,
    skipPermissions: options.dangerouslySkipPermissions,
    arguments: options.clientArguments,
    environment: {
      ...(isNew ? { ...machine.environment, ...portOfOthers(before) } : before.environment),
      ...environment,
    },
    client: machine.client.path,
    bun: machine.bun?.path ?? before?.bun ?? null,
    restart: before?.restart ?? defaultRestart,
    dialogs: {
      ...(before?.dialogs ?? defaultDialogs),
      ...(warning === null ? {} : { development: warning }),
    },
    notify: notifyOf(options, channel, before),
  }
}

/** No shell has it, and a fakechat beside the channel that is set up again listens there. */
const portOfOthers = (before: Session | null) => {
  const port = before?.environment[portVariable]
  return port === undefined ? {} : { [portVariable]: port }
}
