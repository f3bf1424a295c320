import type { ClientPaths } from '../core/client.ts'
import type { Choice } from '../core/launch.ts'
import type { Run } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import type { World } from '../deps.ts'
import { lastLoggedConversation } from './log-reader.ts'
import { readClientPid, readHealth } from './session-records.ts'

/**
 * Turns a choice into an id, and says whether it has to be resumed: a transcript there means `--resume`, none means
 * `--session-id`; the other way round the client ends with 1 (field notes, section 1). A transcript that holds no message
 * bears neither: then it is a new id.
 */
export const chooseConversation = (
  world: World,
  session: Session,
  paths: ClientPaths,
  run: Run | null,
  choice: Choice,
): { readonly id: string; readonly resume: boolean } => {
  const id = chosen(world, session, paths, run, choice)
  const transcript = world.claude.findTranscript(paths, id, session)
  if (transcript === null) return { id, resume: false }
  return world.claude.isResumable(transcript) ? { id, resume: true } : { id: world.uuid(), resume: false }
}

const chosen = (
  world: World,
  session: Session,
  paths: ClientPaths,
  run: Run | null,
  choice: Choice,
): string => {
  if (choice.take === 'this') return choice.id
  if (choice.take === 'new' || run === null || isElsewhere(session, run)) return world.uuid()
  return lastConversation(world, session, paths, run)
}

/**
 * Set up again with another folder, a session begins a new conversation: 2.1.139 ends with 1 when it is to resume one of
 * another folder (2.1.330 does it), and would be a crash loop.
 */
const isElsewhere = (session: Session, { cwd }: Run): boolean => cwd !== null && cwd !== session.cwd

/**
 * Where `/clear` or `/resume` had moved the conversation: the session file a killed client left behind says it, else
 * the last line of this run's MCP log, else what the keeper saw, else what the run was started with.
 */
export const lastConversation = (world: World, session: Session, paths: ClientPaths, run: Run): string => {
  const recorded = readHealth(world, session.name)?.conversation
  return (
    leftBehind(world, session, paths, run) ??
    lastLoggedConversation(world, session, paths, run) ??
    (recorded?.run === run.run ? recorded.id : null) ??
    run.conversation
  )
}

/** The session file of this run's client, whose pid `launch.sh` wrote down; written since the run began. */
const leftBehind = (world: World, session: Session, paths: ClientPaths, run: Run): string | null => {
  const pid = readClientPid(world, session.name)
  if (pid === null) return null
  const path = world.claude.sessionFilePath(paths, pid)
  if ((world.files.changedAt(path) ?? 0) < run.startedAt) return null
  return world.claude.parseSessionFile(world.files.readText(path) ?? '')?.conversation ?? null
}
