import type { Deps } from '../deps.ts'
import { cancelled, type ExitStatus, ExpectedError, exitStatus, usageError } from '../errors.ts'
import { down } from './down.ts'
import { refuseInside } from './inside.ts'
import { keptState } from './kept-state.ts'
import { isInside } from './order.ts'
import { purge as purgeState } from './purge.ts'
import { putBack, replaceSession } from './put-back.ts'
import { selectSession } from './select.ts'
import { withPlugins } from './setup/apply.ts'
import { whomToAsk } from './setup/questions.ts'

export type RemoveOptions = { readonly yes: boolean; readonly purge: boolean }

/** channels remove: forgets a session and puts back what setup changed; keeps the plugin's own state unless --purge. */
export const remove = async (
  name: string,
  { yes, purge }: RemoveOptions,
  deps: Deps,
): Promise<ExitStatus> => {
  refuseInside(deps, 'remove')
  selectSession(name, deps)
  if (!yes) await agree(name, purge, deps)
  // Read again: the question may have stood for an hour.
  const session = selectSession(name, deps)
  // Where the marker can't be read of its ancestors, as on macOS it may be: that one is told by its process.
  if (isInside(await deps.observe(session), deps)) throw insideItself(name)
  if ((await down([name], deps)) !== exitStatus.done) return exitStatus.wrong
  // The loop ends its terminal; what the terminal's server was started with is left.
  await deps.clear(session, null)
  const { folder, lock } = deps.folders.session(name)
  // A `launch` that was at work outlives its loop by a moment: what it writes must not bring the folder back.
  await deps.withLock(lock, async () => undefined)
  const left = await withPlugins(deps, () => forget(name, purge, deps))
  deps.files.removeFolder(folder)
  deps.journal.append(name, { type: 'asked', what: 'remove', by: 'command' })
  deps.output.print(`${name} is removed.`, 'prose')
  for (const line of left) deps.output.print(line, 'prose')
  return exitStatus.done
}

/** Returns what is to be said of what stays. Forgotten last: killed before, a second run still knows what to purge. */
const forget = async (name: string, purge: boolean, deps: Deps): Promise<readonly string[]> => {
  // And again, behind the lock: it may have waited for an installation, or for another `remove`.
  const former = selectSession(name, deps)
  const left = former.channels.flatMap((channel) =>
    purge ? purgeState(former, channel, deps) : keptState(channel),
  )
  const change = { former, session: null }
  await putBack(deps.settings.read(), change, deps)
  await deps.settings.update((settings) => replaceSession(settings, change, deps))
  return left
}

const agree = async (name: string, purge: boolean, deps: Deps): Promise<void> => {
  const what = `stopped and forgotten${purge ? ', with its token and who may write to it' : ''}`
  const ask = await whomToAsk(false, deps)
  if (ask === null)
    throw usageError(
      `Nothing was removed: \`${name}\` would be ${what}.`,
      `Say so with \`channels remove ${name}${purge ? ' --purge' : ''} --yes\`.`,
    )
  if (!(await ask.confirm({ message: `Shall \`${name}\` be ${what}?`, initial: false })))
    throw cancelled('Nothing was removed.')
}

const insideItself = (name: string): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `Nothing was removed: Claude itself asked, from inside \`${name}\`, and works on as long as it waits for the answer.`,
    `Run \`channels remove ${name}\` in a terminal of your own.`,
  )
