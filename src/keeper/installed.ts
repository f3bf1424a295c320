import type { Installed } from '../core/evidence.ts'
import { sameProgram } from '../core/process.ts'
import type { Run } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import type { LookWorld } from '../deps.ts'
import { readChecked } from './preflight.ts'

/** What is on the disk now where the client of a run was started from, `running` being the version of that. Runs nothing. */
export const findInstalled = (
  world: LookWorld,
  session: Session,
  run: Run | null,
  running: string | null,
): Installed | null => {
  const started = run?.client ?? null
  // Another path is another choice of the person's, which waits for their restart; gone, it is `replaced`.
  if (started === null || started.path !== session.client) return null
  const now = world.claude.readProgramFile(started.path)
  if (now === null) return null
  if (sameProgram(now, started)) return { version: running, another: false, runs: 'yes' }
  const { version, runs } = readChecked(world, session, now)
  return { version: version ?? world.claude.installedVersion(now.real), another: true, runs }
}
