import { permissionDialog, questionDialog } from './dialogs.ts'
import { type Fields, fields, strings } from './json.ts'
import type { Options } from './options.ts'
import { judge } from './permissions.ts'
import type { Screen } from './screen.ts'
import type { Servers } from './servers.ts'
import { readTool, type Shells, type ToolResult } from './tools.ts'
import type { World } from './world.ts'

export type ToolParts = {
  readonly world: World
  readonly options: Options
  readonly screen: Screen
  readonly shells: Shells
  readonly servers: () => Servers | null
  /** Tells the session file what is waited for, and that it no longer is. */
  readonly waiting: (what: 'permission prompt' | 'input needed' | null) => void
}

/** Runs one tool if the rules or the person at the terminal let it. */
export const runTool = async (parts: ToolParts, name: string, input: Fields): Promise<ToolResult> => {
  if (name === 'AskUserQuestion') return ask(parts, input)
  const verdict = judge(parts.world, parts.options, name, input)
  if (verdict === 'deny') return refused(`Permission to use ${name} has been denied.`)
  if (verdict === 'ask' && !(await isGranted(parts, name, input)))
    return refused("The user doesn't want to proceed with this tool use.")
  if (name === 'Bash') return parts.shells.run(input)
  if (name === 'Read') return readTool(input)
  const called = parts.servers()?.call(name, input) ?? null
  if (called === null) return refused(`No such tool available: ${name}`)
  return called.then(
    (content) => ({ content, isError: false }),
    (error) => refused(error instanceof Error ? error.message : String(error)),
  )
}

const refused = (content: string): ToolResult => ({ content, isError: true })

/** The session file says `input needed` while it waits (2.1.330, seen). */
const ask = async (parts: ToolParts, input: Fields): Promise<ToolResult> => {
  const [first] = Array.isArray(input.questions) ? input.questions.map(fields) : []
  const options = Array.isArray(first?.options) ? first.options.map(fields) : []
  const answers = strings(options.map(({ label }) => label))
  parts.waiting('input needed')
  const chosen = await parts.screen.ask(questionDialog(String(first?.question ?? ''), answers))
  parts.waiting(null)
  const answer = answers[chosen]
  return answer === undefined
    ? refused("Declined to answer Claude's questions")
    : { content: `The person answered: ${answer}`, isError: false }
}

const isGranted = async (parts: ToolParts, name: string, input: Fields): Promise<boolean> => {
  // Print mode has nobody to ask.
  if (parts.options.print) return false
  const [, server, tool] = /^mcp__(.+)__(.+)$/.exec(name) ?? []
  const title = server === undefined ? name : `${server.replaceAll('_', ':')} — ${tool} (MCP)`
  parts.waiting('permission prompt')
  const chosen = await parts.screen.ask(permissionDialog(title, Object.values(input).map(String)))
  parts.waiting(null)
  return chosen === 0 || chosen === 1
}
