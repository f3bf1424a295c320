import type { Session } from '../core/session.ts'
import type { Deps } from '../deps.ts'

/** Variables of the shell that asks which the session's client gets otherwise, as they are stored (design, section 5). */
export const differingVariables = ({ environment }: Session, { claude, env }: Deps): readonly string[] =>
  claude.differingVariables(environment, env)

/** Says which those are and how they get to the client; their values may be secrets. */
export const tellShell = (session: Session, deps: Deps): void => {
  const { name } = session
  const differing = differingVariables(session, deps)
  if (differing.length === 0) return
  deps.output.say(
    `  ${name} gets ${differing.join(', ')} as stored, not as in this shell: \`channels set ${name} environment=here\` stores this shell’s, \`channels restart ${name}\` puts it into effect.`,
  )
}

/** What the session gets from now on was chosen on purpose: the shell it was brought up from says nothing any more. */
export const forgetShell = async (
  { name }: Session,
  { files, folders, withLock }: Pick<Deps, 'files' | 'folders' | 'withLock'>,
): Promise<void> => {
  const { wanted: path } = folders.session(name)
  const read = () => files.readRecord(path, files.checks.wanted)
  if (!read()?.otherShell) return
  await withLock(path, async () => {
    const wanted = read()
    if (wanted !== null) files.writeRecord(path, { ...wanted, otherShell: false })
  })
}
