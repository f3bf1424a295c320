import { type Channel, shortName } from '../core/channel.ts'
import { forgetRecipient } from '../core/notify/settings.ts'
import { portVariable } from '../core/port.ts'
import type { Session } from '../core/session.ts'
import type { Deps } from '../deps.ts'
import { cancelled, type ExitStatus, ExpectedError, exitStatus, usageError } from '../errors.ts'
import { refuseInside } from './inside.ts'
import { keptState } from './kept-state.ts'
import { nobodyIsTold } from './notify.ts'
import { purge as purgeState } from './purge.ts'
import { putBack, replaceSession } from './put-back.ts'
import { ofChannel, selectSession } from './select.ts'
import { withPlugins } from './setup/apply.ts'
import { whomToAsk } from './setup/questions.ts'

export type RemoveChannelOptions = {
  /** Its kind or id. */
  readonly channel: string
  readonly yes: boolean
  readonly purge: boolean
}

/** channels remove --channel: takes one of its channels from a session, which keeps the others; its client has it until it is restarted. */
export const removeChannel = async (
  name: string,
  { channel: named, yes, purge }: RemoveChannelOptions,
  deps: Deps,
): Promise<ExitStatus> => {
  // Claude could take away the one by which its person watches it, list and token included.
  refuseInside(deps, 'remove')
  const [asked] = ofChannel(selectSession(name, deps), named, () => true, 'is there').channels
  if (asked === undefined) return exitStatus.wrong
  if (!yes) await agree(name, asked, purge, deps)
  const left = await withPlugins(deps, () => take(name, asked, purge, deps))
  deps.journal.append(name, { type: 'asked', what: 'remove', by: 'command' })
  deps.output.print(`${name} has no ${shortName(asked)} any more.`, 'prose')
  for (const line of left) deps.output.print(line, 'prose')
  const { client } = await deps.observe(selectSession(name, deps))
  if (client !== null)
    deps.output.print(
      `  Its client still has it; \`channels restart ${name}\` gives it a new one in the same conversation.`,
      'prose',
    )
  return exitStatus.done
}

const take = async (
  name: string,
  { id }: Channel,
  purge: boolean,
  deps: Deps,
): Promise<readonly string[]> => {
  // Behind the lock: it may have been set up anew, or removed, meanwhile.
  const former = selectSession(name, deps)
  const channel = former.channels.find((each) => each.id === id)
  if (channel === undefined) return []
  const channels = former.channels.filter((each) => each.id !== id)
  if (channels.length === 0)
    throw new ExpectedError(
      exitStatus.wrong,
      `${shortName(channel)} is the only channel of \`${name}\`.`,
      `\`channels remove ${name}\` forgets the session.`,
    )
  const left = purge ? purgeState(former, channel, deps) : keptState(channel)
  const told = forgetRecipient(former, (each) => each.id === id)
  const session: Session = { ...told, channels, environment: withoutPort(former, channels) }
  const change = { former, session }
  await putBack(deps.settings.read(), change, deps)
  await deps.settings.update((settings) => replaceSession(settings, change, deps))
  return told === former ? left : [...left, nobodyIsTold(session)]
}

const withoutPort = ({ environment }: Session, channels: readonly Channel[]): Session['environment'] => {
  if (channels.some(({ kind }) => kind === 'fakechat')) return environment
  const { [portVariable]: _, ...others } = environment
  return others
}

const agree = async (name: string, channel: Channel, purge: boolean, deps: Deps): Promise<void> => {
  const what = `taken from \`${name}\`${purge ? ', with its token and who may write to it' : ''}`
  const ask = await whomToAsk(false, deps)
  if (ask === null)
    throw usageError(
      `Nothing was removed: ${shortName(channel)} would be ${what}.`,
      `Say so with \`channels remove ${name} --channel ${shortName(channel)}${purge ? ' --purge' : ''} --yes\`.`,
    )
  if (!(await ask.confirm({ message: `Shall ${shortName(channel)} be ${what}?`, initial: false })))
    throw cancelled('Nothing was removed.')
}
