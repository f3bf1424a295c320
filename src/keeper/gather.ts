import { no } from '../core/answer.ts'
import { type Keepers, keepersOf } from '../core/at-work.ts'
import { type Channel, serverName } from '../core/channel.ts'
import { emptyTranscript, type SessionFile, type Transcript } from '../core/client.ts'
import { isRecent } from '../core/duration.ts'
import type { ChannelEvidence, ClientEvidence, Evidence } from '../core/evidence.ts'
import { kinds } from '../core/kinds.ts'
import { ofBot } from '../core/platform.ts'
import type { Health } from '../core/records.ts'
import { withRetries } from '../core/retrying.ts'
import type { Session } from '../core/session.ts'
import { share } from '../core/share.ts'
import { swapOf } from '../core/update.ts'
import type { LookWorld } from '../deps.ts'
import { createConnectionFinder, isUnseen } from './connection.ts'
import { createClientFinder, loopLives } from './find-client.ts'
import { findInstalled } from './installed.ts'
import { createLogReader } from './log-reader.ts'
import { findObstacles } from './obstacles.ts'
import { createPollerFinder } from './poller.ts'
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
  const readLog = createLogReader(world)
  const readTranscript = createTranscriptTail(world, world.claude.foldTranscript, emptyTranscript)
  const findPoller = createPollerFinder(world)
  const findStray = createStrayFinder(world)
  const readRetry = createRetryReader(world)
  const findConnection = createConnectionFinder(world)

  return async (session: Session, known?: Health): Promise<Evidence> => {
    const { name } = session
    const paths = world.claude.sessionPaths(session)
    const recorded = readPlainRun(world, name)
    const own = world.folders.session(name)
    // Of a session that was never started there are no records: to miss the folder once is cheaper than each of them.
    const begun = recorded !== null || world.files.exists(own.folder)
    const health = known ?? (begun ? readHealth(world, name) : null)
    const found = findClient(name, recorded, health)
    // Found after the record was read, it may be of a start that came in between: earlier logs say nothing about it.
    const run = recorded === null ? null : readStampedRun(world, name, recorded)
    const loop = run !== null && loopLives(world, run, found) ? run.loop : null
    const file = found === null ? null : world.claude.readSessionFile(paths, found)
    const channels = session.channels.map((channel): ChannelEvidence => {
      const log = run === null || found === null ? null : readLog(session, channel, paths, run, found)
      const poller = findPoller(session, channel, found, run, health)
      return {
        channel,
        log,
        poller,
        connected:
          options.keeps || isUnseen(channel, poller, keepers().keeper === null ? null : health)
            ? findConnection(`${name} ${channel.id}`, channel.kind, poller)
            : 'unknown',
        // Only of a plugin that shows no sign of life it says why.
        needsAuthAt:
          log === null && found !== null ? world.claude.readNeedsAuth(paths, serverName(channel)) : null,
        slotTakenAt:
          poller.is === 'no' && kinds[channel.kind].pollerBy === 'pid file'
            ? world.channels.slotTakenAt(channel.stateDir)
            : null,
        access: accessOf(world, channel),
        platform: ofBot(health?.platform[channel.id] ?? null, channel.botId),
      }
    })
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

const accessOf = (world: LookWorld, { kind, stateDir }: Channel): ChannelEvidence['access'] =>
  kinds[kind].hasAccess
    ? world.channels.readAccess(stateDir, kinds[kind].usualPolicy)
    : no(`${kinds[kind].label} hears whoever reaches it`)

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
