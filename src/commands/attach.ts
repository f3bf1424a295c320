import type { Deps } from '../deps.ts'
import { type ExitStatus, ExpectedError, exitStatus, usageError } from '../errors.ts'
import { refuseInside } from './inside.ts'
import { selectSession } from './select.ts'

/** channels attach: takes the terminal; says how to leave it. */
export const attach = async (name: string | undefined, deps: Deps): Promise<ExitStatus> => {
  // A terminal is easily made (`script`), and what is typed there, or answered, is the person's.
  refuseInside(deps, 'attach')
  const session = selectSession(name, deps)
  if (!deps.output.terminal())
    throw usageError(
      '`channels attach` needs a terminal.',
      `\`channels logs ${session.name} --source terminal\` shows the screen without one.`,
    )
  const evidence = await deps.observe(session)
  if (evidence.terminal.loop === null)
    throw new ExpectedError(
      exitStatus.wrong,
      `\`${session.name}\` has no terminal: it does not run.`,
      `\`channels up ${session.name}\` starts it.`,
    )
  const command = await deps.attachCommand(session)
  // Ctrl-Z stops the client, and in a terminal without job control the loop above it as well.
  for (const process of [evidence.terminal.loop, evidence.client?.process ?? null])
    if (process !== null) deps.processes.signal(process, 'SIGCONT')
  deps.output.say(`Attaching to ${session.name}; ${command.leave} leaves it running.`)
  const env = Object.fromEntries(
    Object.entries(deps.env).flatMap(([key, value]) =>
      value === undefined || command.unset.includes(key) ? [] : [[key, value] as const],
    ),
  )
  const { status } = await deps.runInteractive(command.file, command.args, { env })
  const after = await deps.observe(session)
  if (after.wanted?.want === false && after.wanted.by === 'person')
    deps.output.say(
      `You left ${session.name}: it is not wanted any more. \`channels up ${session.name}\` starts it again.`,
    )
  return status === 0 ? exitStatus.done : exitStatus.wrong
}
