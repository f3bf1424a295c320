import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import type { McpServer } from './installed.ts'
import { type Fields, fields } from './json.ts'
import type { McpLog } from './mcp-log.ts'
import { block } from './needs-auth.ts'
import { openRpc, type Rpc } from './rpc.ts'
import { type Environment, since, type World } from './world.ts'

export type Connection = { readonly child: ChildProcess; readonly rpc: Rpc; readonly capabilities: Fields }

/**
 * Starts a server and shakes hands, with the log lines of field notes, section 2. Null when that failed: then one of a
 * plugin is in the needs-auth cache, one that a person configured is not (seen on both versions). Its stderr is copied until the connection stands, then nothing of it.
 */
export const connect = async (
  world: World,
  server: McpServer,
  environment: Environment,
  log: McpLog,
  notified: (method: string, params: Fields) => void,
): Promise<Connection | null> => {
  const startedAt = Date.now()
  const isNew = since(world.version, '2.1.300')
  const failed = (code: string | null, text: string): null => {
    const how = code === null || !isNew ? '' : ` (${code})`
    const ms = Date.now() - startedAt
    log.debug(`Connection failed after ${ms}ms${isNew ? `, ${ms}ms of it awake` : ''}${how}: ${text}`)
    log.error(`Connection failed${how}: ${text}`)
    if (server.plugin !== null) block(world, server.name, Date.now())
    return null
  }
  log.debug('Starting connection with timeout of 30000ms')
  if (!isInPath(server.command, environment.PATH ?? ''))
    return failed('ENOENT', `Executable not found in $PATH: "${server.command}"`)
  let hello = await shakeHands(world, server, environment, notified, isNew)
  if (hello.answer === null && isNew) {
    // Seen on 2.1.330: a server that ends at once is started a second time.
    log.debug(
      'version negotiation probe closed the stdio server (rmcp-class pre-init hard close); respawning pinned legacy',
    )
    log.debug(`stderr of the stdio server before restarting it: ${hello.said}`)
    hello = await shakeHands(world, server, environment, notified, false)
  }
  const { child, rpc, answer, said } = hello
  if (said !== '') log.error(`Server stderr: ${said}`)
  if (answer === null)
    return isNew
      ? failed('CONNECTION_CLOSED', 'Connection closed')
      : failed(null, 'MCP error -32000: Connection closed')
  rpc.notify('notifications/initialized', {})
  log.debug(`Successfully connected (transport: stdio) in ${Date.now() - startedAt}ms`)
  log.debug(
    `Connection established with capabilities: ${JSON.stringify({ hasTools: true, serverVersion: answer.serverInfo })}`,
  )
  return { child, rpc, capabilities: fields(answer.capabilities) }
}

const shakeHands = async (
  world: World,
  server: McpServer,
  environment: Environment,
  notified: (method: string, params: Fields) => void,
  discovers: boolean,
): Promise<{
  readonly child: ChildProcess
  readonly rpc: Rpc
  readonly answer: Fields | null
  readonly said: string
}> => {
  const child = spawn(server.command, [...server.arguments], {
    cwd: world.cwd,
    env: { ...environment },
  })
  const rpc = openRpc(child, notified)
  const said: string[] = []
  const listen = (chunk: Buffer) => said.push(chunk.toString('utf8'))
  child.stderr.on('data', listen)
  const clientInfo = { name: 'claude-code', version: world.version }
  const hello = { protocolVersion: '2025-11-25', capabilities: { roots: {} }, clientInfo }
  if (discovers) await discover(rpc)
  const answer = await rpc.request('initialize', hello).catch(() => null)
  if (answer === null) child.kill('SIGTERM')
  child.stderr.off('data', listen).resume()
  return { child, rpc, answer, said: said.join('') }
}

/** 2.1.330 asks for the newer protocol first; a server that says nothing to that costs three seconds (seen). */
const discover = async (rpc: Rpc) => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((done) => {
    timer = setTimeout(done, 3000)
  })
  await Promise.race([rpc.request('server/discover', {}).catch(() => undefined), late])
  clearTimeout(timer)
}

const isInPath = (command: string, path: string): boolean =>
  path.split(':').some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
