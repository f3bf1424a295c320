import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { becomes } from '../core/becomes.ts'
import { lives, type ProcessId } from '../core/process.ts'
import { isSessionName } from '../core/session.ts'
import { ExpectedError, exitStatus } from '../errors.ts'
import type { StartOptions, TerminalPlace } from './port.ts'
import { callScreen, type ScreenParts, screenVariables } from './screen-call.ts'
import { screenConf, screenFiles } from './screen-conf.ts'
import { quoteForShell, screenArgument, screenTrouble, screenWords } from './screen-protocol.ts'
import {
  endServer,
  findLoop,
  findServers,
  haveSocket,
  loopMark,
  nameOf,
  removeDeadSockets,
} from './screen-server.ts'
import { chooseScreenTerminal } from './terminfo.ts'
import { writing } from './writing.ts'

/** Longer than a killed holder's lock is believed, and than fifty at once take on a busy machine. */
const lockMs = 45_000
/** How long a server may take until the program has begun. A user's configuration may hold it up. */
const beginsMs = 5_000

/** Starts a server with the program in it, or leaves the one there is. What it throws stands at the port. */
export const startScreen = async (
  parts: ScreenParts,
  place: TerminalPlace,
  command: readonly string[],
  options: StartOptions,
): Promise<'started' | 'already'> => {
  if (!isSessionName(place.session)) throw new Error(`Not a session name: ${JSON.stringify(place.session)}`)
  checkLength(place)
  for (const folder of [dirname(place.socket), place.screens])
    writing(folder, (path) => mkdirSync(path, { recursive: true, mode: 0o700 }))
  // Most find it there: only who may have to start it waits for the others.
  if (await isUp(parts, place)) return 'already'
  const start = async (): Promise<'started' | 'already'> => {
    for (const server of findServers(parts, place)) {
      // One without a socket is no reason to start another program beside it.
      if (!(await haveSocket(parts, place, server))) continue
      if (findLoop(parts, place) !== null) return 'already'
      if (await fillEmpty(parts, place, server, command, options)) return 'started'
    }
    if (findLoop(parts, place) !== null) return 'already'
    await startServer(parts, place, command, options)
    return 'started'
  }
  return parts.withLock(place.socket, start, { timeoutMs: lockMs })
}

const isUp = async (parts: ScreenParts, place: TerminalPlace): Promise<boolean> => {
  const loop = findLoop(parts, place)
  return loop !== null && (await haveSocket(parts, place, loop.server))
}

const startServer = async (
  parts: ScreenParts,
  place: TerminalPlace,
  command: readonly string[],
  options: StartOptions,
): Promise<void> => {
  removeDeadSockets(parts, place)
  const start = writeStart(parts, place, command, options)
  let hung = false
  for (let attempt = 1; ; attempt++) {
    // A user's configuration that ends the server gets two chances, one that holds it up one; then it is left out.
    const withUsers: boolean = attempt <= 2 && !hung && existsSync(place.userConfig.screen)
    const conf = writeConf(parts, place, options, withUsers)
    const words = ['-c', conf, '-dmS', place.session, '/bin/sh', start]
    const result = await callScreen(parts, place, words, {
      environment: options.env,
      cwd: options.cwd,
      timeoutMs: 5_000,
    })
    if (screenTrouble(result) === 'not-installed')
      throw new ExpectedError(
        exitStatus.missing,
        `screen could not start a terminal for ${place.session}: it is not installed.`,
        'Install GNU screen (apt install screen, brew install screen), and try again.',
      )
    if ((await begins(parts, place)) && (await answers(parts, place))) return
    const idle = findServers(parts, place)
    hung ||= idle.length > 0
    for (const server of idle) await endServer(parts, place, server)
    if (attempt === 4 || (!withUsers && screenTrouble(result) !== null))
      throw new ExpectedError(
        exitStatus.wrong,
        `screen could not start a terminal for ${place.session}: ${screenTrouble(result) === null ? 'its server ended at once' : screenWords(result)}.`,
        `Look at ${place.screens}: it must belong to you, with mode 0700.`,
      )
  }
}

/** Whether the program began, by the mark it leaves; one that ended at once began, too. */
const begins = async (parts: ScreenParts, place: TerminalPlace): Promise<boolean> => {
  const { began } = screenFiles(place.socket)
  const first = parts.clock.elapsed()
  const isOver = () =>
    existsSync(began) ||
    // The caller of a daemon is back before the daemon is there.
    (parts.clock.elapsed() - first > 1_000 && findServers(parts, place).length === 0)
  await becomes(parts.clock, beginsMs, isOver)
  return existsSync(began)
}

/** A server that a user's configuration holds up runs the program all the same, and nobody can reach it. */
const answers = async (parts: ScreenParts, place: TerminalPlace): Promise<boolean> => {
  const loop = findLoop(parts, place)
  if (loop === null || !(await haveSocket(parts, place, loop.server))) return true
  return screenTrouble(await callScreen(parts, place, ['-S', loop.name, '-Q', 'info'])) !== 'timeout'
}

/** Our program in a window of its own, where the person's own windows outlived the last one. */
const fillEmpty = async (
  parts: ScreenParts,
  place: TerminalPlace,
  server: ProcessId,
  command: readonly string[],
  options: StartOptions,
): Promise<boolean> => {
  const start = writeStart(parts, place, command, options)
  const window = ['screen', '/bin/sh', screenArgument(start)]
  await callScreen(parts, place, ['-S', nameOf(server, place), '-X', ...window])
  if (await begins(parts, place)) return true
  if (!lives(parts.processes, server)) return false
  throw new ExpectedError(
    exitStatus.wrong,
    `The terminal of ${place.session} (screen, process ${server.pid}) opens no new window.`,
    `End it with \`kill ${server.pid}\` and try again.`,
  )
}

/**
 * The script that becomes the program: screen would expand the words of a command that it is sent, and has no way to tell
 * our window from others. Returns its path.
 */
const writeStart = (
  { replaceFile }: ScreenParts,
  { socket }: TerminalPlace,
  command: readonly string[],
  { cwd }: StartOptions,
): string => {
  const { start, began } = screenFiles(socket)
  const [name, value] = loopMark
  const text = [
    '# Written by channels at every start: what runs in the terminal.',
    `unset SCREENDIR ${screenVariables.filter((each) => each !== 'STY' && each !== 'WINDOW').join(' ')}`,
    `export ${name}=${value}`,
    `cd ${quoteForShell(cwd)} || exit`,
    `: >${quoteForShell(began)}`,
    `exec ${command.map(quoteForShell).join(' ')}`,
    '',
  ].join('\n')
  writing(start, (path) => replaceFile(path, text, 0o600))
  writing(began, (path) => rmSync(path, { force: true }))
  return start
}

const writeConf = (
  { replaceFile }: ScreenParts,
  { socket, userConfig }: TerminalPlace,
  { env }: StartOptions,
  withUsers: boolean,
): string => {
  const text = screenConf({
    userConfig: withUsers ? userConfig.screen : null,
    terminal: chooseScreenTerminal(env),
  })
  const conf = screenFiles(socket).conf(withUsers)
  writing(conf, (file) => replaceFile(file, text, 0o600))
  return conf
}

/** The longest path of a socket: 107 bytes on Linux, 103 on macOS. */
const longest = 103

const checkLength = ({ screens, session }: TerminalPlace): void => {
  const path = `${screens}/${'9'.repeat(7)}.${session}`
  if (Buffer.byteLength(path) <= longest) return
  throw new ExpectedError(
    exitStatus.badConfiguration,
    `No room for a socket: ${path} is longer than ${longest} bytes.`,
    'Set CHANNELS_HOME to a folder with a shorter path.',
  )
}
