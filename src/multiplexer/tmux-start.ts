import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { isSessionName } from '../core/session.ts'
import { type ExitStatus, ExpectedError, exitStatus } from '../errors.ts'
import type { StartOptions, TerminalPlace } from './port.ts'
import { chooseTerminal } from './terminfo.ts'
import { callTmux, type TmuxParts } from './tmux-call.ts'
import { confPath, tmuxConf } from './tmux-conf.ts'
import {
  paneMark,
  quoteForTmux,
  type TmuxResult,
  type TmuxTrouble,
  tmuxTrouble,
  tmuxWords,
} from './tmux-protocol.ts'
import { endHung, findLiving, findServers } from './tmux-server.ts'
import { writing } from './writing.ts'

/** Starts a server with the session in it, or leaves the one there is. What it throws stands at the port. */
export const startTerminal = async (
  parts: TmuxParts,
  place: TerminalPlace,
  command: readonly string[],
  options: StartOptions,
): Promise<'started' | 'already'> => {
  if (!isSessionName(place.session)) throw new Error(`Not a session name: ${JSON.stringify(place.session)}`)
  writing(dirname(place.socket), (folder) => mkdirSync(folder, { recursive: true, mode: 0o700 }))
  const found = await joinServer(parts, place, command, options)
  if (found !== null) return found
  const before = existsSync(place.userConfig.tmux) ? findServers(parts, place) : []
  let hung = false
  for (let attempt = 1; ; attempt++) {
    // A user's configuration that ends the server gets two chances, one that hangs it one; then it is left out.
    const withUsers: boolean = attempt <= 2 && !hung && existsSync(place.userConfig.tmux)
    const conf = writeConf(parts, place, options, withUsers)
    const result = await newSession(parts, place, conf, command, options)
    const trouble = tmuxTrouble(result)
    if (trouble === 'duplicate') return fillEmpty(parts, place, command, options)
    if (trouble === null && (await isThere(parts, place, withUsers))) return 'started'
    if (attempt === 4 || !passing.has(trouble)) throw refused(place, result)
    hung ||= trouble === 'timeout' && withUsers && (await endHung(parts, place, conf, before))
    await parts.clock.sleep(50 * attempt)
  }
}

// Where a server lives, nothing here may start another. tmux itself would while the socket is gone, as it is for a moment
// each time the server makes it anew: a command that only the server reads starts none. Null when none lives.
const joinServer = async (
  parts: TmuxParts,
  place: TerminalPlace,
  command: readonly string[],
  options: StartOptions,
): Promise<'started' | 'already' | null> => {
  const deadline = parts.clock.elapsed() + 10_000
  while (await findLiving(parts, place, options.server)) {
    const commands = quoted(sessionWords(place, command, options), markPane(place))
    const result = await callTmux(parts, place, [['if-shell', '-F', '1', commands]], {
      environment: options.env,
      timeoutMs: 5000,
    })
    const trouble = tmuxTrouble(result)
    if (trouble === 'duplicate') return fillEmpty(parts, place, command, options)
    if (trouble === null) return 'started'
    if (!passing.has(trouble) || parts.clock.elapsed() >= deadline) throw refused(place, result)
    await parts.clock.sleep(20)
  }
  return null
}

const passing: ReadonlySet<TmuxTrouble | null> = new Set([
  null,
  'timeout',
  'server-went',
  'no-terminal',
] as const)

// Mistakes in a user's configuration are shown in a mode that would swallow what is typed: it is left. A terminal that
// is gone by now had a command that ended at once, or a configuration that ended the server.
const isThere = async (parts: TmuxParts, place: TerminalPlace, withUsers: boolean): Promise<boolean> => {
  const result = await callTmux(parts, place, [['copy-mode', '-q', '-t', target(place)]])
  return !withUsers || !gone.has(tmuxTrouble(result))
}

// One that is ending still takes the question, and goes without an answer.
const gone: ReadonlySet<TmuxTrouble | null> = new Set(['no-terminal', 'server-went'] as const)

// tmux itself sees to it that there is one server and one session of a name (field notes, section 7).
const newSession = (
  parts: TmuxParts,
  place: TerminalPlace,
  conf: string,
  command: readonly string[],
  options: StartOptions,
): Promise<TmuxResult> =>
  callTmux(parts, place, [['-f', conf, ...sessionWords(place, command, options)], markPane(place)], {
    environment: options.env,
    timeoutMs: 5000,
  })

const sessionWords = (
  place: TerminalPlace,
  command: readonly string[],
  { cwd }: StartOptions,
): readonly string[] => {
  const size = ['-x', '160', '-y', '48']
  return ['new-session', '-d', '-s', place.session, ...size, '-c', cwd, '--', ...asWords(command)]
}

const markPane = (place: TerminalPlace) => ['set-option', '-p', '-t', target(place), ...paneMark]

/** Commands as one string, for a command that runs others. */
const quoted = (...commands: readonly (readonly string[])[]): string =>
  commands.map((words) => words.map(quoteForTmux).join(' ')).join(' ; ')

// A person's own windows can outlive our program: then it gets a new one. The server decides, so that one caller wins.
const fillEmpty = async (
  parts: TmuxParts,
  place: TerminalPlace,
  command: readonly string[],
  { cwd }: StartOptions,
): Promise<'started' | 'already'> => {
  const window = [
    'new-window',
    '-t',
    target(place),
    '-P',
    '-F',
    'started',
    '-c',
    cwd,
    '--',
    ...asWords(command),
  ]
  const isEmpty = `#{==:#{W:#{P:#{${paneMark[0]}}}},}`
  const commands = quoted(window, markPane(place))
  const result = await callTmux(parts, place, [['if-shell', '-F', '-t', target(place), isEmpty, commands]])
  return result.stdout.startsWith('started') ? 'started' : 'already'
}

const target = (place: TerminalPlace) => `=${place.session}:`

// A single word would be handed to a shell.
const asWords = (command: readonly string[]) => (command.length === 1 ? ['env', ...command] : command)

const writeConf = (
  { replaceFile }: TmuxParts,
  place: TerminalPlace,
  { env }: StartOptions,
  withUsers: boolean,
): string => {
  const { session, attachedFile } = place
  const userConfig = withUsers ? place.userConfig.tmux : null
  const text = tmuxConf({ session, attachedFile, userConfig, terminal: chooseTerminal(env) })
  const conf = confPath(place.socket, withUsers)
  writing(conf, (file) => replaceFile(file, text, 0o600))
  return conf
}

const refused = (place: TerminalPlace, result: TmuxResult): ExpectedError => {
  const words = `tmux could not start a terminal for ${place.session}: ${tmuxWords(result)}.`
  const [status, hint] = remedies[tmuxTrouble(result) ?? 'other'] ?? [
    exitStatus.wrong,
    `Look at ${place.socket}.`,
  ]
  return new ExpectedError(status, words, hint)
}

const remedies: Readonly<Record<string, readonly [ExitStatus, string]>> = {
  'not-installed': [exitStatus.missing, 'Install tmux (apt install tmux, brew install tmux), and try again.'],
  'no-permission': [exitStatus.noPermission, 'The folder of the socket must belong to you.'],
  'cannot-write': [exitStatus.cannotWrite, 'Free some space, or make the folder writable.'],
}
