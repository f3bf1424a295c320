import { basicDeps, type Process } from './basic-deps.ts'
import { readAccess } from './channels/access-file.ts'
import { readToken } from './channels/env-file.ts'
import { readPollerPid, slotTakenAt } from './channels/poller.ts'
import { loginFault } from './claude/auth.ts'
import { recogniseDialog } from './claude/dialogs.ts'
import { isExecutableFile, readProgramFile } from './claude/file-look.ts'
import { findProgram, whereNow } from './claude/find-program.ts'
import { installedVersion } from './claude/installed-version.ts'
import { readOrgSwitches } from './claude/managed-settings.ts'
import { foldMcpLog, latestMcpLogs, mcpLogMarks } from './claude/mcp-log.ts'
import { createMcpServers } from './claude/mcp-servers.ts'
import { readNeedsAuth } from './claude/needs-auth.ts'
import { clientPaths, mcpLogFolder } from './claude/paths.ts'
import { pluginInstalled, pluginServers } from './claude/plugins.ts'
import { readRetryLine, retriesUnwritten } from './claude/retry-line.ts'
import { readSessionFile } from './claude/session-file.ts'
import { findTranscript } from './claude/transcript.ts'
import { foldTranscript } from './claude/transcript-rows.ts'
import { compareVersions, oldestClient } from './claude/version.ts'
import { redact } from './core/redact.ts'
import type { BasicDeps, Deps, LookDeps, LookWorld } from './deps.ts'
import { createGatherer } from './keeper/gather.ts'
import { seeKeeper } from './keeper/session-records.ts'
import { readAttached } from './multiplexer/attached.ts'
import { systemClock } from './system/clock.ts'
import { files } from './system/files.ts'
import { createProcesses } from './system/processes.ts'
import { createTail } from './system/tail.ts'

/** Of the rest, which `rest` loads, a look seldom needs anything: a terminal's screen, an answer of a platform. */
export const lookDeps = (process: Process, rest: () => Promise<Deps>): LookDeps => {
  const { output, ...basics } = basicDeps(process)
  let loaded: Promise<Deps> | null = null
  // Made once for all sessions that ask for it.
  const late = (): Promise<Deps> => {
    loaded ??= rest()
    return loaded
  }
  const look: LookWorld = {
    ...createLookWorld(process, basics),
    multiplexer: async (kind) => (await late()).multiplexer(kind),
  }
  return {
    ...look,
    output,
    observe: createGatherer(look),
    seeKeeper: () => seeKeeper(look),
    probe: async (session) => (await late()).probe(session),
    columns: () => (process.isTerminal(1) ? process.columns(1) : null),
    cancelled: process.cancelled,
  }
}

/** What a look takes, but for a terminal's screen. */
export const createLookWorld = (
  { env, platform }: Pick<Process, 'env' | 'platform'>,
  basics: Omit<BasicDeps, 'output'>,
): Omit<LookWorld, 'multiplexer'> => {
  const processes = createProcesses(platform)
  return {
    ...basics,
    env,
    platform,
    clock: systemClock,
    processes,
    attached: readAttached(processes),
    files,
    createTail,
    redact,
    claude: {
      sessionPaths: ({ environment }) => clientPaths(environment, environment.HOME ?? basics.home, platform),
      mcpLogFolder,
      latestMcpLogs,
      foldMcpLog,
      mcpLogMarks,
      readSessionFile,
      findTranscript,
      foldTranscript,
      recogniseDialog,
      readRetryLine,
      retriesUnwritten,
      readNeedsAuth,
      findProgram,
      isExecutableFile,
      readProgramFile,
      whereNow,
      installedVersion,
      oldestClient,
      compareVersions,
      pluginInstalled,
      pluginServers,
      ...createMcpServers(platform, env.CHANNELS_MANAGED_SETTINGS),
      loginFault,
      readOrgSwitches: readOrgSwitches(platform, env.CHANNELS_MANAGED_SETTINGS),
    },
    channels: { readPollerPid, slotTakenAt, readAccess, readToken },
  }
}
