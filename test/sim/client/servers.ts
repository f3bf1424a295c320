import { join } from 'node:path'
import { configuredServers } from './configured.ts'
import { type Connection, connect } from './connect.ts'
import { skippedWhy } from './gate.ts'
import { enabledServers, type McpServer, type Plugin } from './installed.ts'
import { type Fields, fields } from './json.ts'
import { type McpLog, openMcpLog } from './mcp-log.ts'
import { isBlocked } from './needs-auth.ts'
import type { Options } from './options.ts'
import { type Environment, since, type World } from './world.ts'

export type ChannelMessage = { readonly server: string; readonly content: string; readonly meta: Fields }

export type Servers = {
  /** Calls `mcp__plugin_telegram_telegram__reply` and the like; null when no server has that tool. */
  readonly call: (tool: string, input: Fields) => Promise<string> | null
  readonly tools: () => readonly Fields[]
  /** After `/clear`: the same log, the new conversation (field notes, section 1). */
  readonly registerAgain: () => void
  readonly stop: () => Promise<void>
}

type Running = {
  readonly server: McpServer
  readonly log: McpLog
  readonly tools: readonly Fields[]
  connection: Connection
}

export type Session = {
  readonly world: World
  readonly options: Options
  readonly conversation: () => string
  readonly received: (message: ChannelMessage) => void
}

/** Starts the servers of all enabled plugins and those configured; resolves when each is connected, failed or was left out. */
export const startServers = async (session: Session): Promise<Servers> => {
  const { world, options } = session
  const configured = configuredServers(world, options)
  // A plugin's server that a person has configured, too, word for word, is left out without a line (seen on both versions).
  const brought = enabledServers(world, options.settings).filter(
    (one) => !configured.some((other) => wordsOf(other) === wordsOf(one)),
  )
  const all = [...brought, ...configured]
  // 2.1.330 writes it twice, but once where no plugin is loaded.
  const times = since(world.version, '2.1.300') && all.some(({ plugin }) => plugin !== null) ? 2 : 1
  const startedAt = new Date().toISOString()
  const started = await Promise.all(all.map((one) => start(session, one, startedAt, times)))
  const running = started.flatMap((one) => (one === null ? [] : [one]))
  return {
    tools: () =>
      running.flatMap((one) =>
        one.tools.map((tool) => ({ ...tool, name: toolName(one.server, String(tool.name)) })),
      ),
    call: (name, input) => {
      const one = running.find(({ server }) => name.startsWith(toolName(server, '')))
      return one === undefined
        ? null
        : callTool(session, one, name.slice(toolName(one.server, '').length), input)
    },
    registerAgain: () => {
      for (const one of running) register(session, one.server, one.connection.capabilities, one.log, 1)
    },
    stop: async () => void (await Promise.all(running.map(stop))),
  }
}

const wordsOf = ({ command, arguments: words }: McpServer): string => JSON.stringify([command, ...words])

const start = async (
  session: Session,
  server: McpServer,
  startedAt: string,
  times: number,
): Promise<Running | null> => {
  // Not started, no log file: only the banner says that all is well (section 2, needs-auth cache).
  if (isBlocked(session.world, server.name, Date.now())) return null
  const log = openMcpLog(session.world, server.name, startedAt, session.conversation)
  let registered = false
  const notified = (method: string, params: Fields) => {
    if (method !== 'notifications/claude/channel' || !registered) return
    const content = String(params.content)
    // The wording changed between the two versions of section 2.
    const isNew = since(session.world.version, '2.1.300')
    log.debug(isNew ? `${method} (${content.length} chars)` : `${method}: ${content.slice(0, 80)}`)
    session.received({ server: server.name, content, meta: fields(params.meta) })
  }
  const connection = await connect(session.world, server, environmentFor(session, server), log, notified)
  if (connection === null) return null
  const { tools } = await connection.rpc.request('tools/list', {}).catch(() => {
    tellOfItsEnd(session.world, log)
    return { tools: [] }
  })
  // Print mode writes neither (seen on 2.1.330).
  if (!session.options.print) registered = register(session, server, connection.capabilities, log, times)
  return { server, log, connection, tools: Array.isArray(tools) ? tools.map(fields) : [] }
}

/** One that ends right after the handshake is registered all the same, afterwards (seen on both versions). */
const tellOfItsEnd = (world: World, log: McpLog) => {
  const isNew = since(world.version, '2.1.300')
  log.debug('UNKNOWN connection closed after 0s (cleanly)')
  log.debug('Cleared connection cache for reconnection')
  if (!isNew) log.debug('tools/list failed (MCP error -32000: Connection closed); retrying once')
  log.error(`Failed to fetch tools: ${isNew ? 'Connection closed' : 'Not connected'}`)
}

const register = (
  session: Session,
  server: McpServer,
  declared: Fields,
  log: McpLog,
  times: number,
): boolean => {
  const why = skippedWhy(session.world, session.options, server, declared)
  for (let time = 0; time < times; time += 1)
    log.debug(why === null ? 'Channel notifications registered' : `Channel notifications skipped: ${why}`)
  return why === null
}

/** The client's whole environment and what it adds (section 2, process tree; the list as seen on both versions). */
const environmentFor = ({ world, conversation }: Session, server: McpServer): Environment => ({
  ...world.environment,
  ...(since(world.version, '2.1.300')
    ? {
        ...childEnvironment(conversation()),
        CLAUDE_CODE_MESSAGING_TOKEN: '00000000000000000000000000000000',
      }
    : { CLAUDE_CODE_ENTRYPOINT: 'cli' }),
  CLAUDE_PROJECT_DIR: world.cwd,
  ...(server.plugin === null ? {} : ofPlugin(world, server.plugin)),
  ...Object.fromEntries(Object.entries(server.environment).map(([name, value]) => [name, String(value)])),
})

const ofPlugin = (world: World, { root, plugin, marketplace }: Plugin): Environment => ({
  CLAUDE_PLUGIN_ROOT: root,
  CLAUDE_PLUGIN_DATA: join(world.config, 'plugins', 'data', `${plugin}-${marketplace}`),
})

/** What everything the client starts has in its environment (section 1). */
export const childEnvironment = (conversation: string): Environment => ({
  CLAUDECODE: '1',
  CLAUDE_CODE_ENTRYPOINT: 'cli',
  CLAUDE_CODE_MESSAGING_SOCKET: `/tmp/cc-socks/${process.pid}.sock`,
  CLAUDE_CODE_SESSION_ID: conversation,
})

const toolName = (server: McpServer, tool: string) => `mcp__${server.name.replaceAll(':', '_')}__${tool}`

const callTool = async (session: Session, one: Running, name: string, input: Fields): Promise<string> => {
  if (!one.connection.rpc.isOpen()) await startAgain(session, one)
  const startedAt = Date.now()
  one.log.debug(`Calling MCP tool: ${name}`)
  const result = await one.connection.rpc.request('tools/call', { name, arguments: input })
  one.log.debug(`Tool '${name}' completed successfully in ${Date.now() - startedAt}ms`)
  const text = (Array.isArray(result.content) ? result.content : [])
    .map((part) => String(fields(part).text))
    .join('\n')
  // The real client marks the tool's result as an error, too (both versions).
  if (result.isError === true) throw new Error(text)
  return text
}

/**
 * What calls a tool of a server that has died starts it again, in the same log, and nobody registers it: whatever it hands
 * over is dropped without a word (seen on both versions).
 */
const startAgain = async (session: Session, one: Running) => {
  const deaf = () => undefined
  const connection = await connect(
    session.world,
    one.server,
    environmentFor(session, one.server),
    one.log,
    deaf,
  )
  if (connection !== null) one.connection = connection
}

/** SIGINT, 100 ms later SIGTERM, to the child alone, as seen on 2.1.330; the log ends with it (section 2). */
const stop = async ({ log, connection: { child } }: Running) => {
  // The wrapper's own child may live on and hold the pipes: this client does not wait for it.
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy()
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((done) => child.on('exit', () => done()))
  log.debug('Sending SIGINT to MCP server process')
  child.kill('SIGINT')
  const late = setTimeout(() => {
    log.debug('SIGINT failed, sending SIGTERM to MCP server process')
    child.kill('SIGTERM')
  }, 100)
  const stuck = setTimeout(() => child.kill('SIGKILL'), 500)
  await gone
  clearTimeout(late)
  clearTimeout(stuck)
  log.debug('MCP server process exited cleanly')
}
