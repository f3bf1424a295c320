import type { Run } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import type { Environment, World } from '../deps.ts'
import { ExpectedError } from '../errors.ts'

/**
 * Writes what the next client needs: its settings, `launch.sh`, the run's record, and `resume.sh`, with which the same
 * conversation can be started once more when nothing can be written any more. Returns the id of the run that will be
 * started: this one, or, on a full disk, the one that could still be written. Throws an ExpectedError (73, 77) when
 * there is nothing to fall back to.
 */
export const writeLaunch = (world: World, session: Session, run: Run, interrupted: boolean): string => {
  const own = world.folders.session(session.name)
  try {
    world.files.writeText(own.settings, `${JSON.stringify(world.claude.clientSettings(session), null, 2)}\n`)
    world.files.writeText(`${own.folder}/resume.sh`, script(world, session, run, true, false))
    world.files.writeRecord(own.run, run)
    world.files.writeText(own.launch, script(world, session, run, run.resumed, interrupted))
    return run.run
  } catch (error) {
    const former = error instanceof ExpectedError ? fallBack(world, session, run) : null
    if (former === null) throw error
    world.journal.append(session.name, {
      type: 'fault',
      what: 'state-unwritable',
      detail: 'started with what was written before',
    })
    return former
  }
}

const script = (world: World, session: Session, run: Run, resume: boolean, interrupted: boolean): string => {
  const own = world.folders.session(session.name)
  const bun = world.claude.findProgram('bun', session.environment.PATH)
  return world.claude.launchScript({
    client: session.client,
    args: world.claude.clientArguments({
      session,
      settingsFile: own.settings,
      conversation: run.conversation,
      resume,
    }),
    env: {
      ...ownFolders(world),
      ...world.claude.clientEnvironment({
        session,
        run: run.run,
        bunFolder: bun === null ? null : bun.slice(0, bun.lastIndexOf('/')),
        interrupted,
      }),
    },
    cwd: session.cwd,
    pidFile: `${own.folder}/client`,
  })
}

/** So that a `channels` which Claude runs inside the session finds the same configuration. */
const ownFolders = ({ env }: World): Environment =>
  Object.fromEntries(
    ['CHANNELS_HOME', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME'].flatMap((name) => {
      const value = env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )

/** The scripts of the last start still stand: the one that resumes, if there is something to resume. */
const fallBack = (world: World, session: Session, run: Run): string | null => {
  const own = world.folders.session(session.name)
  const text = world.files.readText(run.resumed ? `${own.folder}/resume.sh` : own.launch)
  const former = /^export CHANNELS_RUN='([0-9a-f-]+)'$/m.exec(text ?? '')?.[1] ?? null
  if (former === null || text === null) return null
  if (run.resumed) world.files.rename(`${own.folder}/resume.sh`, own.launch)
  return former
}
