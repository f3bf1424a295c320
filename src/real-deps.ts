import { join } from 'node:path'
import { basicDeps, type Process } from './basic-deps.ts'
import * as accessFile from './channels/access-file.ts'
import * as changeAccessFile from './channels/change-access.ts'
import * as discordApi from './channels/discord-api.ts'
import * as envFile from './channels/env-file.ts'
import { messengerOf } from './channels/messenger.ts'
import * as otherPoller from './channels/other-poller.ts'
import { stateDirFor } from './channels/state-dir.ts'
import { removeWebhook } from './channels/telegram-api.ts'
import { isDevelopmentChannel } from './claude/approved.ts'
import * as clientArguments from './claude/arguments.ts'
import * as auth from './claude/auth.ts'
import * as dialogAnswers from './claude/dialog-answers.ts'
import * as environment from './claude/environment.ts'
import * as environmentNames from './claude/environment-names.ts'
import * as exchanges from './claude/exchanges.ts'
import * as findProgram from './claude/find-program.ts'
import * as lasting from './claude/lasting.ts'
import * as launchScript from './claude/launch-script.ts'
import { readGivenVariables, readLikelySwitches } from './claude/managed-settings.ts'
import * as mcpLog from './claude/mcp-log.ts'
import * as mcpLogWords from './claude/mcp-log-words.ts'
import * as needsAuth from './claude/needs-auth.ts'
import * as ownLines from './claude/own-lines.ts'
import * as paths from './claude/paths.ts'
import * as pluginCommands from './claude/plugin-commands.ts'
import * as plugins from './claude/plugins.ts'
import * as prompt from './claude/prompt.ts'
import * as sessionFile from './claude/session-file.ts'
import * as settings from './claude/settings.ts'
import * as shims from './claude/shims.ts'
import * as submitted from './claude/submitted.ts'
import * as transcript from './claude/transcript.ts'
import * as trust from './claude/trust.ts'
import * as version from './claude/version.ts'
import { hasNarrowBlocks, isUnicode } from './core/locale.ts'
import { isOn } from './core/switch.ts'
import { withoutGaps } from './core/without-gaps.ts'
import type { Ask, BasicDeps, Deps, World } from './deps.ts'
import { usageError, cancelled as wasCancelled } from './errors.ts'
import { examineMachine } from './keeper/examine-machine.ts'
import { createGatherer } from './keeper/gather.ts'
import { seeKeeper } from './keeper/session-records.ts'
import { keeperEnvironment, terminalPlace } from './keeper/terminal.ts'
import { createLookWorld } from './look-deps.ts'
import { systemClock } from './system/clock.ts'
import { feed } from './system/feed.ts'
import { createRequest } from './system/https.ts'
import { createJournal } from './system/journal.ts'
import { withLock } from './system/lock.ts'
import { keepCode } from './system/own-code.ts'
import { printable } from './system/printable.ts'
import { replaceFile } from './system/replace-file.ts'
import { run, runInteractive } from './system/run.ts'
import type { Terminal } from './ui/terminal.ts'

declare const __VERSION__: string

/** Joins the pieces to what commands and keeper may touch. Code that only some commands need is loaded when they call. */
export const realDeps = (process: Process): Deps => {
  const { output, ...basics } = basicDeps(process)
  const world = createWorld(process, basics)
  const observe = createGatherer(world)
  return {
    ...world,
    observe,
    probe: async (session) => (await import('./keeper/platform.ts')).probePlatforms(world, session),
    preflight: async (session) => (await import('./keeper/preflight.ts')).preflight(world, session),
    carryOut: async (session) => (await import('./keeper/carry-out.ts')).carryOut(world, session),
    clear: async (session, last) => (await import('./keeper/carry-out.ts')).clear(world, session, last),
    ensureKeeper: async () => (await import('./keeper/ensure.ts')).ensureKeeper(world),
    keeperEnvironment: () => keeperEnvironment(world),
    service: async () => openService(world),
    runKeeper: async (options) => {
      keepCode('keeper')
      return (await import('./keeper/run.ts')).runKeeper(withoutHurry(world), {
        ...options,
        signal: process.cancelled,
        onNudge: process.onNudge,
        tidy: (await import('./system/memory.ts')).createTidying(),
      })
    },
    seeKeeper: () => seeKeeper(world),
    untilNotStopping: async () => (await import('./keeper/not-stopping.ts')).untilNotStopping(world),
    stop: async () => (await import('./keeper/stop.ts')).stop(withoutHurry(world)),
    launch: async (session, asked) => (await import('./keeper/launch.ts')).launch(world, session, asked),
    attachCommand: async (session) => (await import('./keeper/attach.ts')).attachCommand(world, session),
    keyboard: async (session) => (await import('./keeper/keyboard.ts')).openKeyboard(world, session),
    screen: async ({ name, multiplexer }) =>
      (await world.multiplexer(multiplexer)).capture(terminalPlace(world, name), { history: 2_000 }),
    findOthers: async (asked) => (await import('./keeper/others.ts')).findOthers(world, asked),
    examine: async (session) => (await import('./keeper/examine.ts')).examine(world, session, observe),
    examineMachine: (sessions) => examineMachine(world, sessions),
    readable: async (file) => (await import('./keeper/readable.ts')).readable(world, file),
    endProcess: async (process) => (await import('./keeper/end.ts')).end(world, process),
    exchanges: proofReader(world),
    tellPerson: async (session, text) =>
      (await import('./keeper/tell-person.ts')).tellPerson(world, session, text),
    changeAccess: changeAccessFile.changeAccess({ replaceFile, withLock, clock: systemClock }),
    approve: changeAccessFile.approve({ replaceFile, withLock, clock: systemClock }),
    channelLog: (session, wanted) => {
      const reader = import('./keeper/channel-log.ts').then(({ createChannelLog }) =>
        createChannelLog(world, session, wanted),
      )
      return async () => (await reader)()
    },
    output,
    ask: () => askAtTerminal(process, output),
    drawable: () => (isDrawable(process) ? terminalOn(process, process.stdout(), output) : null),
    columns: () => (process.isTerminal(1) ? process.columns(1) : null),
    printable,
    cancelled: process.cancelled,
    cancel: process.cancel,
    keepCode,
    runInteractive,
    readStdin: (hint) => readAll(process, hint),
  }
}

const openService = async (world: World): ReturnType<Deps['service']> => {
  const log = join(world.folders.keeper.folder, 'service.log')
  const { openService: open } = await import('./service/open.ts')
  const manual = join(world.program.script, '../../docs/running.md')
  return open(world.platform, { ...world, env: withoutGaps(world.env), manual }, log)
}

/** What was read of a transcript is remembered as long as the command runs. */
const proofReader = (world: World): Deps['exchanges'] => {
  let reader: ReturnType<typeof import('./keeper/proof.ts').createProofReader> | null = null
  return async (session, evidence, sinceMs) => {
    reader ??= (await import('./keeper/proof.ts')).createProofReader(world)
    return reader(session, evidence, sinceMs)
  }
}

/** Questions stand on stderr: an answer may be piped on. Ctrl-C at one ends the command, and all that it waits for. */
const askAtTerminal = async (process: Process, output: Deps['output']): Promise<Ask> => {
  const { createAsk } = await import('./ui/ask.ts')
  const ask = await createAsk(terminalOn(process, process.stderr(), output))
  return {
    ...ask,
    wait: (what, action) =>
      ask.wait(what, (signal, tell) => {
        signal.addEventListener('abort', process.cancel)
        return action(signal, tell)
      }),
  }
}

const terminalOn = (
  { env, stdin, cancelled, interrupt }: Process,
  stream: NodeJS.WriteStream,
  { colour }: Deps['output'],
): Terminal => ({
  input: stdin(),
  output: stream,
  signal: cancelled,
  colour: colour(),
  unicode: isUnicode(env),
  narrowBlocks: hasNarrowBlocks(env),
  accessible: isOn(env.ACCESSIBLE),
  printable,
  interrupt,
})

/** Without TERM nobody knows what stdout is; most likely another program. */
const isDrawable = ({ env: { TERM = '', ACCESSIBLE }, isTerminal }: Process): boolean =>
  !['', 'dumb'].includes(TERM) && !isOn(ACCESSIBLE) && isTerminal(1)

/** A keeper that leaves must not take note of an answer it did not wait for. */
const withoutHurry = (world: World): World => ({
  ...world,
  requestWith: (named, signal) => createRequest({ env: named, signal }),
})

const createWorld = (
  { env, platform, node, dist, cwd, cancelled }: Process,
  basics: Omit<BasicDeps, 'output'>,
): World => {
  const { folders } = basics
  const look = createLookWorld({ env, platform }, basics)
  const { processes } = look
  const plain = withoutGaps(env)
  return {
    ...look,
    version: __VERSION__,
    nodeVersion: globalThis.process.versions.node,
    cwd: presentFolder(cwd),
    program: {
      node,
      script: join(dist, '../bin/channels.js'),
      loop: join(dist, 'loop.sh'),
      keeperLoop: join(dist, 'keeper-loop.sh'),
      bun: join(dist, 'bun.sh'),
      hold: join(dist, 'hold.cjs'),
    },
    chance: Math.random,
    uuid: () => globalThis.crypto.randomUUID(),
    journal: createJournal(folders.journal, { now: Date.now }),
    requestWith: (named, signal = cancelled) => createRequest({ env: named, signal }),
    run,
    feed,
    withLock: (path, action, timeoutMs) =>
      withLock(path, action, timeoutMs === undefined ? {} : { timeoutMs }),
    multiplexer: async (kind) => {
      const parts = { run, program: kind, env: plain, processes, clock: systemClock, replaceFile }
      if (kind === 'tmux') return (await import('./multiplexer/tmux.ts')).createTmux(parts)
      return (await import('./multiplexer/screen.ts')).createScreen({ ...parts, withLock })
    },
    claude: {
      ...look.claude,
      ...clientArguments,
      ...auth,
      ...dialogAnswers,
      ...environment,
      ...environmentNames,
      ...exchanges,
      ...findProgram,
      ...lasting,
      ...launchScript,
      ...mcpLog,
      ...mcpLogWords,
      isDevelopmentChannel,
      ...ownLines,
      ...paths,
      ...pluginCommands,
      ...plugins,
      ...prompt,
      ...sessionFile,
      ...settings,
      ...shims,
      ...submitted,
      ...transcript,
      ...trust,
      ...version,
      readLikelySwitches: readLikelySwitches(platform, env.CHANNELS_MANAGED_SETTINGS),
      readGivenVariables: readGivenVariables(platform, env.CHANNELS_MANAGED_SETTINGS),
      dropNeedsAuth: needsAuth.dropNeedsAuth(replaceFile),
      recordTrust: trust.recordTrust(replaceFile),
      forgetTrust: trust.forgetTrust(replaceFile),
    },
    channels: {
      ...look.channels,
      ...accessFile,
      ...envFile,
      ...otherPoller,
      ...discordApi,
      messengerOf,
      stateDirFor,
      removeWebhook,
      ensureAccess: accessFile.ensureAccess(replaceFile),
      writeToken: envFile.writeToken(replaceFile),
    },
  }
}

/** `/` where the folder we were called in is gone. */
const presentFolder = (cwd: () => string): string => {
  try {
    return cwd()
  } catch (error) {
    if (error instanceof Error && 'code' in error) return '/'
    throw error
  }
}

/** All of stdin. Throws an ExpectedError: 2 when that is a terminal, 130 at Ctrl-C. */
const readAll = async ({ isTerminal, cancelled, ...process }: Process, hint: string): Promise<string> => {
  if (isTerminal(0)) throw usageError('Nothing is piped in.', hint)
  const stdin = process.stdin()
  cancelled.addEventListener('abort', () => stdin.destroy())
  const chunks: Buffer[] = []
  try {
    for await (const chunk of stdin) chunks.push(Buffer.from(chunk))
  } catch (error) {
    if (!cancelled.aborted) throw error
  }
  if (cancelled.aborted) throw wasCancelled('Nothing was changed.')
  return Buffer.concat(chunks).toString('utf8')
}
