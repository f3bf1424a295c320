import { clientOf } from '../core/client-of.ts'
import { keptBy } from '../core/kept.ts'
import type { Run } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import type { Environment, World } from '../deps.ts'
import { shipped } from './act.ts'
import { writeRun } from './session-records.ts'
import { bunOf } from './where-now.ts'

/**
 * Writes what the next client needs: its settings, `launch.sh`, the run's record, and `resume.sh`, with which the same
 * conversation can be started once more when nothing can be written any more (`fall-back.ts`). In this order: cut off
 * anywhere, script and record of one run are still there together. Throws an ExpectedError (73, 77).
 */
export const writeLaunch = (world: World, session: Session, run: Run, interrupted: boolean): void => {
  const own = world.folders.session(session.name)
  const agreed = world.claude.agreedServers(session)
  const settings = `${JSON.stringify(world.claude.clientSettings(session, agreed), null, 2)}\n`
  world.files.writeText(own.settings, settings)
  putInFrontOfBun(world, session)
  world.files.writeText(own.launch, script(world, session, run, run.resumed, interrupted))
  writeRun(world, session.name, run)
  world.files.writeText(own.resume, script(world, session, run, true, false))
}

const script = (world: World, session: Session, run: Run, resume: boolean, interrupted: boolean): string => {
  const own = world.folders.session(session.name)
  const bun = bunOf(world, session)
  return world.claude.launchScript({
    client: clientOf(world, session),
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
        bun: bun === null ? null : { path: bun, front: own.bunFolder },
        interrupted,
      }),
    },
    cwd: session.cwd,
    pidFile: own.client,
  })
}

/** What keeps messages until the client listens (`channels/hold.ts`). Nearly every start finds it there as it is. */
const putInFrontOfBun = (world: World, { name }: Session): void => {
  const own = world.folders.session(name)
  const put = (path: string, from: string, mode: number) => {
    const text = shipped(world, from)
    if (world.files.readText(path) !== text) world.files.writeText(path, text, mode)
  }
  put(own.hold, world.program.hold, 0o600)
  put(own.bun, world.program.bun, 0o700)
  // Of plugins that were ended while they kept messages.
  for (const left of world.files.list(own.bunFolder).filter((each) => keptBy(each) !== null))
    world.files.remove(`${own.bunFolder}/${left}`)
}

/** So that a `channels` which Claude runs inside the session finds the same configuration. */
const ownFolders = ({ env }: World): Environment =>
  Object.fromEntries(
    ['CHANNELS_HOME', 'CHANNELS_MANAGED_SETTINGS', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME'].flatMap((name) => {
      const value = env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
