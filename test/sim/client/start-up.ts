import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isLoggedIn } from './auth.ts'
import {
  bypassDialog,
  type Dialog,
  developmentDialog,
  isRefusal,
  loginDialog,
  mcpDialog,
  resumeDialog,
  trustDialog,
} from './dialogs.ts'
import { fields, readJson, strings, writeJson } from './json.ts'
import type { Options } from './options.ts'
import type { Screen } from './screen.ts'
import { readTranscript, transcriptFile } from './transcript.ts'
import { isTrusted, trust, type World } from './world.ts'

/** What ends a start before anything is on screen, each with exit status 1 (field notes, section 1); null: go on. */
export const startError = (world: World, options: Options): string | null => {
  const untagged = [...options.channels, ...options.developmentChannels].filter(
    (entry) => !/^(plugin:[^@]+@.+|server:.+)$/.test(entry),
  )
  if (untagged.length > 0)
    return [
      `--channels entries must be tagged: ${untagged.join(', ')}`,
      '  plugin:<name>@<marketplace>  — plugin-provided channel (allowlist enforced)',
      '  server:<name>                — manually configured MCP server',
    ].join('\n')
  const { sessionId, resume } = options
  // Both end so where the file is there and nobody has said anything in it (seen on 2.1.139 and 2.1.330).
  if (resume !== null && !hasMessages(readTranscript(world, resume)))
    return `No conversation found with session ID: ${resume}`
  if (resume === null && sessionId !== null && existsSync(transcriptFile(world, sessionId)))
    return `Error: Session ID ${sessionId} is already in use.`
  return null
}

/** Whether a conversation can be resumed. */
const hasMessages = (rows: ReturnType<typeof readTranscript>): boolean =>
  rows.some(({ type }) => type === 'user' || type === 'assistant')

/** The dialogs before there is a session, in their order. False: somebody said no. */
export const passDialogs = async (world: World, options: Options, screen: Screen): Promise<boolean> => {
  const ask = async (dialog: Dialog) => !isRefusal(dialog, await screen.ask(dialog))
  if (!isLoggedIn(world)) await screen.ask(loginDialog).then(() => new Promise(() => undefined))
  // `--dangerously-skip-permissions` does not clear the first one.
  if (!isTrusted(world)) {
    if (!(await ask(trustDialog(world)))) return false
    trust(world)
  }
  if (options.skipPermissions && !hasAcceptedBypass(world)) {
    if (!(await ask(bypassDialog(world)))) return false
    writeJson(world.json, { ...readJson(world.json), bypassPermissionsModeAccepted: true })
  }
  for (const server of unansweredServers(world)) await askAbout(world, screen, server)
  if (options.developmentChannels.length > 0 && !(await ask(developmentDialog(options.developmentChannels))))
    return false
  if (options.resume !== null && isLargeAndOld(world, options.resume)) await screen.ask(resumeDialog)
  return true
}

/** What `.mcp.json` of the folder names and nobody has answered for; the answers stand in the folder's own settings (seen). */
const unansweredServers = (world: World): readonly string[] => {
  const { enabledMcpjsonServers, disabledMcpjsonServers } = readJson(ownSettings(world))
  const answered = [...strings(enabledMcpjsonServers), ...strings(disabledMcpjsonServers)]
  const named = Object.keys(fields(readJson(join(world.cwd, '.mcp.json')).mcpServers))
  return named.filter((server) => !answered.includes(server))
}

/** Such servers are not started here: what is tried with them is the question alone. */
const askAbout = async (world: World, screen: Screen, server: string) => {
  const chosen = await screen.ask(mcpDialog(world, server))
  const key = chosen === 0 || chosen === 1 ? 'enabledMcpjsonServers' : 'disabledMcpjsonServers'
  const settings = readJson(ownSettings(world))
  writeJson(ownSettings(world), { ...settings, [key]: [...strings(settings[key]), server] })
}

const ownSettings = (world: World): string => join(world.cwd, '.claude', 'settings.local.json')

const hasAcceptedBypass = (world: World): boolean =>
  readJson(world.json).bypassPermissionsModeAccepted === true ||
  readJson(join(world.config, 'settings.json')).skipDangerousModePermissionPrompt === true

/** Stands for a conversation that is large and hours old: a row `{"type":"stand-in-large-and-old"}` in it. */
const isLargeAndOld = (world: World, conversation: string): boolean =>
  readTranscript(world, conversation).some(({ type }) => type === 'stand-in-large-and-old')
