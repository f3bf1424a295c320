import type { ClientPaths } from '../core/client.ts'
import type { Session } from '../core/session.ts'
import type { isDevelopmentChannel } from './approved.ts'
import type { checkArguments, checkPermissionMode, clientArguments } from './arguments.ts'
import type { authStatus, loginFault } from './auth.ts'
import type { keyTowards } from './dialog-answers.ts'
import type { recogniseDialog } from './dialogs.ts'
import type { clientEnvironment, storedEnvironment, withInterpreter } from './environment.ts'
import type { staysOut } from './environment-names.ts'
import type { foldExchanges } from './exchanges.ts'
import type { isExecutableFile, readProgramFile } from './file-look.ts'
import type { findBun, findClient, findProgram } from './find-program.ts'
import type { isPassing, lastingProgram } from './lasting.ts'
import type { launchScript } from './launch-script.ts'
import type { readGivenVariables, readLikelySwitches, readOrgSwitches } from './managed-settings.ts'
import type { foldMcpLog, latestMcpLogs, mcpLogMarks, parseLogLine } from './mcp-log.ts'
import type { explainLogLine, withoutMessage } from './mcp-log-words.ts'
import type { McpServers } from './mcp-servers.ts'
import type { dropNeedsAuth, readNeedsAuth } from './needs-auth.ts'
import type { endsInMenu, ownLine } from './own-lines.ts'
import type { clientPaths, mcpLogFolder, sessionFilePath } from './paths.ts'
import type { installPlugin, setPluginEnabled, uninstallPlugin } from './plugin-commands.ts'
import type {
  brokenSettings,
  marketplaceKnown,
  pluginEnabled,
  pluginInstalled,
  pluginServer,
  pluginServers,
} from './plugins.ts'
import type { readPrompt } from './prompt.ts'
import type { readRetryLine, retriesUnwritten } from './retry-line.ts'
import type { parseSessionFile, readSessionFile } from './session-file.ts'
import type { clientSettings } from './settings.ts'
import type { askManager, recogniseShim } from './shims.ts'
import type { foldSubmitted } from './submitted.ts'
import type { findTranscript, isResumable } from './transcript.ts'
import type { foldTranscript } from './transcript-rows.ts'
import type { forgetTrust, isTrusted, recordTrust } from './trust.ts'
import type { clientVersion, compareVersions, oldestClient } from './version.ts'

/** What a look at sessions asks of what we know about the client. */
export type LookClaude = McpServers & {
  /** Where a session's client keeps its files: as its own environment says, which need not be that of the caller. */
  readonly sessionPaths: (session: Session) => ClientPaths
  readonly mcpLogFolder: typeof mcpLogFolder
  readonly latestMcpLogs: typeof latestMcpLogs
  readonly foldMcpLog: typeof foldMcpLog
  readonly mcpLogMarks: typeof mcpLogMarks
  readonly readSessionFile: typeof readSessionFile
  readonly findTranscript: typeof findTranscript
  readonly foldTranscript: typeof foldTranscript
  readonly recogniseDialog: typeof recogniseDialog
  readonly readRetryLine: typeof readRetryLine
  readonly retriesUnwritten: typeof retriesUnwritten
  readonly readNeedsAuth: typeof readNeedsAuth
  readonly findProgram: typeof findProgram
  readonly isExecutableFile: typeof isExecutableFile
  readonly readProgramFile: typeof readProgramFile
  readonly whereNow: (path: string) => string | null
  readonly installedVersion: (real: string) => string | null
  readonly oldestClient: typeof oldestClient
  readonly compareVersions: typeof compareVersions
  readonly pluginInstalled: typeof pluginInstalled
  readonly pluginServers: typeof pluginServers
  readonly loginFault: typeof loginFault
  readonly readOrgSwitches: ReturnType<typeof readOrgSwitches>
}

/** What we know about the client, one function each; see `claude/`. */
export type Claude = LookClaude & {
  readonly clientPaths: typeof clientPaths
  readonly parseLogLine: typeof parseLogLine
  readonly explainLogLine: typeof explainLogLine
  readonly withoutMessage: typeof withoutMessage
  readonly parseSessionFile: typeof parseSessionFile
  readonly sessionFilePath: typeof sessionFilePath
  readonly isResumable: typeof isResumable
  readonly foldExchanges: typeof foldExchanges
  readonly foldSubmitted: typeof foldSubmitted
  readonly readPrompt: typeof readPrompt
  readonly ownLine: typeof ownLine
  readonly endsInMenu: typeof endsInMenu
  readonly keyTowards: typeof keyTowards
  readonly dropNeedsAuth: ReturnType<typeof dropNeedsAuth>
  readonly clientArguments: typeof clientArguments
  readonly checkArguments: typeof checkArguments
  readonly checkPermissionMode: typeof checkPermissionMode
  readonly clientEnvironment: typeof clientEnvironment
  readonly storedEnvironment: typeof storedEnvironment
  readonly withInterpreter: typeof withInterpreter
  readonly staysOut: typeof staysOut
  readonly clientSettings: typeof clientSettings
  readonly launchScript: typeof launchScript
  readonly findClient: typeof findClient
  readonly findBun: typeof findBun
  readonly lastingProgram: typeof lastingProgram
  readonly isPassing: typeof isPassing
  readonly recogniseShim: typeof recogniseShim
  readonly askManager: typeof askManager
  readonly clientVersion: typeof clientVersion
  readonly authStatus: typeof authStatus
  readonly pluginServer: typeof pluginServer
  readonly readLikelySwitches: ReturnType<typeof readLikelySwitches>
  readonly readGivenVariables: ReturnType<typeof readGivenVariables>
  readonly marketplaceKnown: typeof marketplaceKnown
  readonly pluginEnabled: typeof pluginEnabled
  readonly brokenSettings: typeof brokenSettings
  readonly installPlugin: typeof installPlugin
  readonly setPluginEnabled: typeof setPluginEnabled
  readonly uninstallPlugin: typeof uninstallPlugin
  readonly isTrusted: typeof isTrusted
  readonly recordTrust: ReturnType<typeof recordTrust>
  readonly forgetTrust: ReturnType<typeof forgetTrust>
  readonly isDevelopmentChannel: typeof isDevelopmentChannel
}
