import type { BasicDeps } from '../deps.ts'
import { type ExitStatus, exitStatus } from '../errors.ts'
import { printJson } from './json.ts'

export type ListOptions = { readonly names: boolean; readonly json: boolean }

/** channels list: the sessions that are set up. */
export const list = async (
  { names, json }: ListOptions,
  { settings, output }: BasicDeps,
): Promise<ExitStatus> => {
  const sessions = Object.values(settings.read().sessions)
  const rows = sessions.map(({ name, cwd, channels, multiplexer, exclusive }) => ({
    name,
    cwd,
    channels: channels.map(({ id }) => id),
    multiplexer,
    exclusive,
  }))
  if (json) printJson(output, { version: 1, sessions: rows })
  else if (names) for (const { name } of rows) output.print(name)
  else if (rows.length === 0) output.say('No session is set up. `channels setup telegram` makes one.')
  else {
    const { table } = await import('../ui/table.ts')
    const head = ['SESSION', 'CHANNELS', 'FOLDER']
    for (const line of table([head, ...rows.map((row) => [row.name, row.channels.join(' '), row.cwd])]))
      output.print(line)
  }
  return exitStatus.done
}
