import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isLoggedIn } from './auth.ts'
import { answerFor, unansweredServers } from './configured.ts'
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
import { isOpen } from './gate.ts'
import { readJson, writeJson } from './json.ts'
import type { Options } from './options.ts'
import type { Screen } from './screen.ts'
import { readTranscript, transcriptFile } from './transcript.ts'
import { isTrusted, since, trust, type World } from './world.ts'

/** What ends a start before anything is on screen, each with exit status 1 (field notes, section 1); null: go on. */
export const startError = (world: World, options: Options): string | null => {
  const untagged =
    untaggedOf('--channels', options.channels) ??
    untaggedOf('--dangerously-load-development-channels', options.developmentChannels)
  if (untagged !== null) return untagged
  const { sessionId, resume } = options
  // Both end so where the file is there and nobody has said anything in it (seen on 2.1.139 and 2.1.330).
  if (resume !== null && !hasMessages(readTranscript(world, resume)))
    return `No conversation found with session ID: ${resume}`
  if (resume === null && sessionId !== null && existsSync(transcriptFile(world, sessionId)))
    return `Error: Session ID ${sessionId} is already in use.`
  return null
}

const untaggedOf = (flag: string, entries: readonly string[]): string | null => {
  const untagged = entries.filter((entry) => !/^(plugin:[^@]+@.+|server:.+)$/.test(entry))
  if (untagged.length === 0) return null
  return [
    `${flag} entries must be tagged: ${untagged.join(', ')}`,
    '  plugin:<name>@<marketplace>  — plugin-provided channel (allowlist enforced)',
    '  server:<name>                — manually configured MCP server',
  ].join('\n')
}

/** Whether a conversation can be resumed. */
const hasMessages = (rows: ReturnType<typeof readTranscript>): boolean =>
  rows.some(({ type }) => type === 'user' || type === 'assistant')

/** The dialogs before there is a session, in their order. Null: go on; else somebody said no, and this is the exit status. */
export const passDialogs = async (world: World, options: Options, screen: Screen): Promise<number | null> => {
  const ask = async (dialog: Dialog) => !isRefusal(dialog, await screen.ask(dialog))
  if (!isLoggedIn(world)) await screen.ask(loginDialog).then(() => new Promise(() => undefined))
  // `--dangerously-skip-permissions` does not clear the first one.
  if (!isTrusted(world)) {
    if (!(await ask(trustDialog(world, existsSync(join(world.cwd, '.mcp.json')))))) return 1
    trust(world)
  }
  if (options.skipPermissions && !hasAcceptedBypass(world)) {
    if (!(await ask(bypassDialog(world)))) return 1
    writeJson(world.json, { ...readJson(world.json), bypassPermissionsModeAccepted: true })
  }
  for (const server of unansweredServers(world, options)) await askAbout(world, screen, server)
  if (options.developmentChannels.length > 0 && isOpen(world)) {
    const dialog = developmentDialog(options.developmentChannels)
    const chosen = await screen.ask(dialog)
    // Esc is 0 on 2.1.330, 1 on 2.1.139; Exit is 1 on both (seen).
    if (isRefusal(dialog, chosen)) return chosen < 0 && since(world.version, '2.1.300') ? 0 : 1
  }
  if (options.resume !== null && isLargeAndOld(world, options.resume)) await screen.ask(resumeDialog)
  return null
}

/** Declined or Esc, the session goes on without it. */
const askAbout = async (world: World, screen: Screen, server: string) => {
  const chosen = await screen.ask(mcpDialog(world, server))
  answerFor(world, server, chosen === 0 || chosen === 1)
}

const hasAcceptedBypass = (world: World): boolean =>
  readJson(world.json).bypassPermissionsModeAccepted === true ||
  readJson(join(world.config, 'settings.json')).skipDangerousModePermissionPrompt === true

/** Stands for a conversation that is large and hours old: a row `{"type":"stand-in-large-and-old"}` in it. */
const isLargeAndOld = (world: World, conversation: string): boolean =>
  readTranscript(world, conversation).some(({ type }) => type === 'stand-in-large-and-old')
