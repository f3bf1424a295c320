import { type Answer, no, unknown, yes } from '../core/answer.ts'
import { expandCall, isCalled, type McpCall, tellingWords } from '../core/mcp-call.ts'
import type { ProcessId, ProcessInfo } from '../core/process.ts'
import type { Session } from '../core/session.ts'
import type { LookWorld } from '../deps.ts'
import { isClient } from './is-client.ts'

/**
 * The process of a bare MCP server, a child of our client: the one that was called as its file says. `npx`, or a script
 * that hands over to another program, is called otherwise by then: the one child that may be a server and is no other
 * one's is taken, and where several may be, it is unknown. Not so of a server that was seen as its file says (`wasCalled`).
 */
export const serverProcess = (
  world: LookWorld,
  session: Session,
  name: string,
  client: ProcessInfo,
  wasCalled: boolean,
): Answer<ProcessInfo> & { readonly isCalled?: true } => {
  const children = world.processes.children(client.pid).filter((each) => !isClient(world, each))
  const variables = world.processes.environment(client) ?? session.environment
  const servers = world.claude
    .mcpServers(world.claude.sessionPaths(session), session)
    .map((server) => ({ name: server.name, ...expandCall(server, variables) }))
  const own = servers.find((server) => server.name === name) ?? null
  const called = own === null ? undefined : children.find((each) => answersTo(world, each, own))
  if (called !== undefined) return { ...yes(called), isCalled: true }
  const gone = no(`no process of ${name} below client ${client.pid}`)
  if (wasCalled) return gone
  const others = servers.filter((server) => server.name !== name)
  const left = children.filter((each) => !others.some((other) => answersTo(world, each, other)))
  const missing = others.filter((other) => !children.some((each) => answersTo(world, each, other)))
  const guessed = guess(world, left, own, missing.length === 0 ? [] : others)
  if (guessed !== 'several') return guessed === null ? gone : yes(guessed)
  return unknown(`which process below client ${client.pid} is ${name} could not be told`)
}

/** `others`: the servers that may be among these. Null where none of them is a server. */
const guess = (
  world: LookWorld,
  left: readonly ProcessInfo[],
  own: McpCall | null,
  others: readonly McpCall[],
): ProcessInfo | 'several' | null => {
  const able = left.map((each) => ({ process: each, may: mayBeServer(world, each) }))
  if (able.every(({ may }) => may === 'no')) return null
  const likely = able.filter(({ may }) => may === 'yes').map(({ process }) => process)
  const words = own === null ? [] : tellingWords(own, others)
  const bearing = likely.filter((each) => world.processes.command(each)?.some((word) => bears(word, words)))
  const [told, another] = bearing
  if (told !== undefined && another === undefined) return told
  const [only, ...more] = likely
  const isAlone = others.length === 0 && more.length === 0 && able.every(({ may }) => may !== 'unseen')
  return only !== undefined && isAlone ? only : 'several'
}

/** `npx` shows itself as one word, `npm exec @me/pager --port 9`. */
const bears = (word: string, words: readonly string[]): boolean =>
  word.split(' ').some((part) => words.includes(part))

/** Whether a process was called like that, in an environment that was given the same. */
export const answersTo = (world: LookWorld, process: ProcessId, call: McpCall): boolean =>
  world.processes.ask(process, ({ command, variables }) => {
    if (!isCalled(command() ?? [], call)) return false
    // Two that are called alike differ in what their environment was given.
    const names = Object.keys(call.env)
    const has = names.length === 0 ? null : variables(...names)
    return has === null || names.every((each) => has[each] === call.env[each])
  }) ?? false

/**
 * Servers get the project's folder, those of plugins their root as well (seen on 2.1.139 and 2.1.330); hardly one is what
 * has neither. The commands that Claude runs are `sh -c …`.
 */
const mayBeServer = (world: LookWorld, process: ProcessId): 'yes' | 'hardly' | 'unseen' | 'no' =>
  world.processes.ask(process, ({ command, variables }) => {
    const [program = '', option = ''] = command() ?? []
    if (/(^|\/)(ba|da|z|k|fi)?sh$/.test(program) && /^-\w*c$/.test(option)) return 'no'
    const has = variables('CLAUDE_PROJECT_DIR', 'CLAUDE_PLUGIN_ROOT')
    if (has === null) return 'unseen'
    if (has.CLAUDE_PLUGIN_ROOT !== undefined) return 'no'
    return has.CLAUDE_PROJECT_DIR === undefined ? 'hardly' : 'yes'
  }) ?? 'no'
