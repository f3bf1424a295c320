import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { standIns } from '../build.ts'
import { type Fields, fields, readJson, strings } from '../client/json.ts'
import { openRpc, type Rpc } from '../client/rpc.ts'
import { endAll, processesOf } from '../processes.ts'
import { type Marketplace, type Plugin, writeMarketplace } from './marketplace.ts'

export type Notification = { readonly method: string; readonly params: Fields }

export type Started = {
  readonly child: ChildProcessWithoutNullStreams
  readonly rpc: Rpc
  /** The answer to `initialize`; then the client's `notifications/initialized` has gone out, too. */
  readonly hello: Promise<Fields>
  readonly exit: Promise<number | null>
  readonly seen: () => readonly Notification[]
  readonly stderr: () => string
}

/** A home for one plugin, without a client. */
export type PluginLab = {
  readonly home: string
  /** Starts it as the client does and shakes hands. */
  readonly start: (environment?: Readonly<Record<string, string>>) => Started
  /** Its living servers. */
  readonly pids: () => readonly number[]
  readonly close: () => Promise<void>
}

/** `bun`: the program to be found under that name. `buildStandIns()` comes first. */
export const openPluginLab = (
  plugin: Plugin,
  environment: Readonly<Record<string, string>>,
  { bun, server }: { readonly bun: string; readonly server: Marketplace['server'] } = {
    bun: standIns.bun,
    server: 'compiled',
  },
): PluginLab => {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'sim-plugin-')))
  const root = join(home, 'market', plugin)
  mkdirSync(join(home, 'work'))
  writeMarketplace(join(home, 'market'), { name: 'lab', server })
  const { command, args } = fields(fields(readJson(join(root, '.mcp.json')).mcpServers)[plugin])
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in .mcp.json.
  const words = strings(args).map((word) => word.replaceAll('${CLAUDE_PLUGIN_ROOT}', root))
  return {
    home,
    start: (more = {}) =>
      shakeHands(
        spawn(String(command), words, {
          cwd: join(home, 'work'),
          env: { PATH: `${dirname(bun)}:/usr/bin:/bin`, HOME: home, ...environment, ...more },
        }),
      ),
    pids: () =>
      processesOf(home)
        .filter(({ argv }) => argv.at(-1)?.endsWith('server.ts'))
        .map(({ pid }) => pid),
    close: async () => {
      if (existsSync(home)) await endAll(home)
      rmSync(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

const shakeHands = (child: ChildProcessWithoutNullStreams): Started => {
  const seen: Notification[] = []
  const rpc = openRpc(child, (method, params) => seen.push({ method, params }))
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk)
  })
  const exit = new Promise<number | null>((done) => child.on('exit', done))
  const hello = rpc
    .request('initialize', { protocolVersion: '2025-11-25', capabilities: {} })
    .then((said) => {
      rpc.notify('notifications/initialized', {})
      return said
    })
  hello.catch(() => undefined)
  return { child, rpc, hello, exit, seen: () => seen, stderr: () => stderr }
}
