import { type Keepers, keepersOf } from '../core/at-work.ts'
import { emptyTranscript, type SessionFile, type Transcript } from '../core/client.ts'
import { isRecent } from '../core/duration.ts'
import type { ChannelEvidence, ClientEvidence, Evidence } from '../core/evidence.ts'
import type { ProcessInfo } from '../core/process.ts'
import type { Health } from '../core/records.ts'
import { withRetries } from '../core/retrying.ts'
import type { Session } from '../core/session.ts'
import { share } from '../core/share.ts'
import { swapOf } from '../core/update.ts'
import type { LookWorld } from '../deps.ts'
import { createChannelReader } from './channel-evidence.ts'
import { createClientFinder, loopLives } from './find-client.ts'
import { findInstalled } from './installed.ts'
import { findObstacles } from './obstacles.ts'
import { readLogin } from './preflight.ts'
import { createRetryReader } from './retry.ts'
import {
  readHealth,
  readKeeper,
  readLaunchFailed,
  readOrders,
  readPlainRun,
  readStampedRun,
  readWanted,
  seeKeeper,
} from './session-records.ts'
import { shareLook } from './shared-look.ts'
import { createStrayFinder } from './stray.ts'
import { terminalPlace } from './terminal.ts'
import { createTranscriptTail } from './transcript-tail.ts'

/** A session file appears within a second of the start; before that a screen is only half drawn. */
const dialogAfterMs = 1_200

/**
 * A gatherer of local evidence: files and processes, nothing spawned on Linux, the multiplexer asked only for the
 * screen of a client that has no session file (a dialog). It remembers how far it read each log, so one that is kept
 * reads only what is new; a fresh one, as in `status`, reads all. With `keeps`, it also looks at what only means something
 * when it is looked at again and again; without, where nobody keeps or has seen it yet, for what has no other sign. Sessions that are looked at in one go share what is the
 * same for all of them. Whoever keeps a session's health, as the keeper does, hands it over: nobody else writes its record.
 */
export const createGatherer = (alone: LookWorld, options: { readonly keeps: boolean } = { keeps: false }) => {
  const world = shareLook(alone)
  const keepers = share(
    () => findKeepers(world, options.keeps),
    () => '',
  )
  const findClient = createClientFinder(world)
  const readChannel = createChannelReader(world, options.keeps, () => keepers().keeper !== null)
  const readTranscript = createTranscriptTail(world, world.claude.foldTranscript, emptyTranscript)
  const findStray = createStrayFinder(world)
  const readRetry = createRetryReader(world)

  return async (session: Session, known?: Health): Promise<Evidence> => {
    const { name } = session
    const paths = world.claude.sessionPaths(session)
    const recorded = readPlainRun(world, name)
    const own = world.folders.session(name)
    // Of a session that was never started there are no records: to miss the folder once is cheaper than each of them.
    const begun = recorded !== null || world.files.exists(own.folder)
    const health = known ?? (begun ? readHealth(world, name) : null)
    const seen = findClient(name, recorded, health)
    // Found after the record was read, it may be of a start that came in between: earlier logs say nothing about it.
    const run = recorded === null ? null : readStampedRun(world, name, recorded)
    const look = (client: ProcessInfo | null): Looked => ({
      file: client === null ? null : world.claude.readSessionFile(paths, client),
      channels: session.channels.map((channel) =>
        readChannel(channel, { session, paths, client, run, health }),
      ),
    })
    const first = look(seen)
    const hasEnded = seen !== null && lacksSomething(first) && !world.processes.livesNow(seen)
    const found = hasEnded ? null : seen
    const { file, channels } = hasEnded ? look(null) : first
    // What ended the client may have ended the loop.
    const hasLoop =
      run !== null && (hasEnded ? world.processes.livesNow(run.loop) : loopLives(world, run, found))
    const loop = hasLoop ? run.loop : null
    // The session file says where `/clear` has moved it; one that is torn, or was never written, says nothing.
    const conversation = file?.conversation ?? run?.conversation ?? null
    const transcript =
      found === null || conversation === null
        ? null
        : ofRun(readTranscript(session, paths, conversation), run?.startedAt ?? 0)
    const retry = await readRetry(session, transcript, file)
    const client: ClientEvidence | null =
      found === null
        ? null
        : {
            process: found,
            suspended: found.state === 'T',
            replaced: world.processes.replaced(found),
            installed: findInstalled(world, session, run, file?.version ?? null),
            file,
            transcript: withRetries(transcript, retry, world.clock.now()),
            dialog: mayBeInDialog(file, world.clock.now() - (run?.startedAt ?? 0))
              ? await lookAtScreen(world, session)
              : null,
            retry,
          }
    const wanted = begun ? readWanted(world, name) : null
    const failed = channels.some(({ log }) => log?.failed != null)
    let attached: number | null = null
    const mayNotStart = client === null || swapOf(client) !== null || failed
    return {
      at: world.clock.now(),
      session,
      wanted,
      orders: begun && world.files.exists(own.orders) ? readOrders(world, name) : null,
      run,
      health,
      ...keepers(),
      obstacles: wanted?.want && mayNotStart ? findObstacles(world, session, paths) : [],
      terminal: {
        loop,
        get attached() {
          attached ??= begun ? world.attached(session.multiplexer, terminalPlace(world, name)) : 0
          return attached
        },
        launchFailed: begun && client === null ? readLaunchFailed(world, name) : null,
      },
      client,
      stray: run === null ? findStray(name) : null,
      channels,
      login: health?.parked != null || transcript?.apiFailure != null ? readLogin(world, session) : null,
    }
  }
}

/** Who keeps is at work however long ago it touched its record: a machine may have slept in the middle of its look. */
const findKeepers = (world: LookWorld, keeps: boolean): Keepers =>
  keeps ? { keeper: readKeeper(world), silentKeeper: null } : keepersOf(seeKeeper(world), world.clock.now())

type Looked = { readonly file: SessionFile | null; readonly channels: readonly ChannelEvidence[] }

/**
 * What goes as a client ends: its session file at SIGTERM and `/exit`, its plugins soon after (field notes, section 2). A look
 * takes some milliseconds, on a busy machine many: of a client that ended meanwhile it does not mean that it lost them.
 */
const lacksSomething = ({ file, channels }: Looked): boolean =>
  file === null || channels.some(({ poller }) => poller.is !== 'yes' || poller.value.ours !== 'yes')

/** What a client before this one asked the model API again and again says nothing of it. */
const ofRun = (transcript: Transcript | null, startedAt: number): Transcript | null =>
  transcript?.retrying != null && transcript.retrying.at < startedAt
    ? { ...transcript, retrying: null }
    : transcript

/** No session file, or one that says so: then, and only then, the screen is asked which dialog it is. */
export const mayBeInDialog = (file: SessionFile | null, sinceStartMs: number): boolean =>
  file === null
    ? !isRecent(sinceStartMs, dialogAfterMs)
    : file.activity === 'waiting' && file.waitingFor === 'dialog open'

const lookAtScreen = async (world: LookWorld, session: Session) => {
  const multiplexer = await world.multiplexer(session.multiplexer)
  const screen = await multiplexer.capture(terminalPlace(world, session.name), { history: 0 })
  return screen.is === 'yes' ? world.claude.recogniseDialog(screen.value) : null
}
