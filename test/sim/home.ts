import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Report } from '../../src/core/report.ts'
import type { BotApi, BotApiOptions } from './bot-api/server.ts'
import { startBotApi } from './bot-api/server.ts'
import type { Call, Outcome } from './cli.ts'
import { cli, runProgram } from './cli.ts'
import type { DiscordApi, DiscordApiOptions } from './discord-api/server.ts'
import { startDiscordApi } from './discord-api/server.ts'
import { install, installedIn } from './installation.ts'
import type { ModelApi } from './model-api/server.ts'
import { startModelApi } from './model-api/server.ts'
import { type Plugin, writeMarketplace } from './plugin/marketplace.ts'
import type { TestProcess } from './processes.ts'
import { endAll, processesOf } from './processes.ts'
import { tested } from './tested.ts'

export type HomeOptions = {
  /** Absolute paths of the programs that are to be found as `claude` and `bun`. */
  readonly claude: string
  readonly bun: string
  /** The plugin's server: sources for a real Bun, one plain script for the stand-in. */
  readonly server: 'ts' | 'compiled'
  /** More variables for everything that runs here. */
  readonly env?: Readonly<Record<string, string>>
  readonly botApi?: BotApiOptions
  readonly discordApi?: DiscordApiOptions
  /** Whether the client's channel gate is open (field notes, section 8, 5); open when absent. */
  readonly gate?: 'open' | 'closed'
  /** `channels` from a copy of its own, which may be replaced; the repository's when absent. */
  readonly installed?: boolean
}

export type Home = {
  /** Holds everything below; removed by `close`. */
  readonly root: string
  /** HOME. */
  readonly home: string
  /** The folder the session works in. */
  readonly project: string
  readonly bin: string
  /** CHANNELS_HOME, and where our state is in it. */
  readonly channelsHome: string
  readonly state: string
  readonly env: Readonly<Record<string, string>>
  /** The channel argument of `setup`. */
  readonly channel: string
  /** The same for any of its plugins. */
  readonly channelOf: (plugin: Plugin) => string
  readonly bot: BotApi
  readonly discord: DiscordApi
  readonly model: ModelApi
  /** Runs the built CLI. */
  readonly channels: (
    args: readonly string[],
    call?: Partial<Call> & { /** Another script than the home's. */ readonly script?: string },
  ) => Promise<Outcome>
  /** Runs the client itself, for what takes no terminal. */
  readonly claude: (args: readonly string[], call?: Partial<Call>) => Promise<Outcome>
  /** `channels status --json`; throws when it is no document. */
  readonly status: () => Promise<Report>
  /** Living processes of this home. */
  readonly processes: () => readonly TestProcess[]
  /** Ends every process of this home and its servers, then removes it. */
  readonly close: () => Promise<void>
}

const key = 'sk-ant-api03-test-0000000000000000000000000000'
export const marketplace = 'channels-tests'

/**
 * A machine of its own for a test: HOME, project folder, programs, marketplace, the platforms and a model API, and an
 * environment that holds these and nothing of the person's (field notes, section 8; design, section 9).
 */
export const makeHome = async (options: HomeOptions): Promise<Home> => {
  // Short, since sockets live below it; real, since the client resolves its folders.
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'chan-'))
  const [home, project, bin, channelsHome, market] = ['home', 'project', 'bin', 'own', 'market'].map(
    (name) => {
      mkdirSync(join(root, name))
      return join(root, name)
    },
  ) as [string, string, string, string, string]
  symlinkSync(options.claude, join(bin, 'claude'))
  symlinkSync(options.bun, join(bin, 'bun'))
  writeMarketplace(market, { name: marketplace, server: options.server })
  writeClientFiles(home, options.gate ?? 'open')
  // As if the last setup had chosen it.
  if (tested !== 'tmux')
    writeFileSync(join(channelsHome, 'config.json'), JSON.stringify({ version: 1, multiplexer: tested }))
  const bot = await startBotApi(options.botApi)
  const discord = await startDiscordApi(options.discordApi)
  const model = await startModelApi()
  const env = {
    PATH: [bin, dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    HOME: home,
    CHANNELS_HOME: channelsHome,
    // Nobody has put anything there: this machine's administrator may have, into the usual place.
    CHANNELS_MANAGED_SETTINGS: join(root, 'managed'),
    ANTHROPIC_BASE_URL: model.root,
    ANTHROPIC_API_KEY: key,
    TELEGRAM_API_ROOT: bot.root,
    DISCORD_API_ROOT: discord.root,
    DISABLE_AUTOUPDATER: '1',
    IS_SANDBOX: '1',
    ...options.env,
  }
  const call = (file: string, args: readonly string[], more: Partial<Call> = {}): Promise<Outcome> =>
    runProgram(file, args, { cwd: project, ...more, env: { ...env, ...more.env } })
  if (options.installed === true) install(root)
  const own = options.installed === true ? installedIn(root).script : cli
  const channels: Home['channels'] = (args, { script = own, ...more } = {}) =>
    call(process.execPath, [script, ...args], more)
  const claude: Home['claude'] = (args, more) => call(join(bin, 'claude'), args, more)
  // Those that are killed leave something, too.
  const seen = new Set<number>()
  const processes = () => {
    const found = processesOf(home)
    for (const { pid } of found) seen.add(pid)
    return found
  }
  return {
    root,
    home,
    project,
    bin,
    channelsHome,
    state: join(channelsHome, 'state'),
    env,
    channel: channelOf('telegram'),
    channelOf,
    bot,
    discord,
    model,
    channels,
    claude,
    status: async () => {
      const report = readReport(await channels(['status', '--json']))
      for (const { client } of report.sessions) if (client !== null) seen.add(client.pid)
      return report
    },
    processes,
    close: async () => {
      processes()
      await endAll(home)
      await Promise.all([bot.close(), discord.close(), model.close()])
      rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
      removeLeftovers(root, seen)
    },
  }
}

const channelOf: Home['channelOf'] = (plugin) => `plugin:${plugin}@${marketplace}`

/** Those that the service hands out as approved; what people write themselves is on no such list. */
const approved = ['telegram', 'discord', 'fakechat']

/** What a person has who used the client before: onboarded, key approved, shell commands allowed. */
const writeClientFiles = (home: string, gate: 'open' | 'closed'): void => {
  const ledger = approved.map((plugin) => ({ marketplace, plugin }))
  const features = { tengu_harbor: true, tengu_harbor_ledger: ledger }
  const json = {
    hasCompletedOnboarding: true,
    theme: 'dark',
    customApiKeyResponses: { approved: [key.slice(-20)], rejected: [] },
    ...(gate === 'open' ? { cachedGrowthBookFeatures: features } : {}),
  }
  writeFileSync(join(home, '.claude.json'), JSON.stringify(json), { mode: 0o600 })
  mkdirSync(join(home, '.claude'))
  // No defaultMode here: 2.1.330 answers that with a dialog at its start [seen].
  writeFileSync(
    join(home, '.claude', 'settings.json'),
    JSON.stringify({ permissions: { allow: ['Bash', 'Read'] } }),
  )
}

const readReport = ({ stdout, stderr, code }: Outcome): Report => {
  try {
    return JSON.parse(stdout) as Report
  } catch (cause) {
    throw new Error(`status --json, exit ${code}: ${stdout}\n${stderr}`, { cause })
  }
}

/** The client's own traces outside HOME: `/tmp/cc-socks/<pid>.sock`, `/tmp/claude-<uid>/<folder>` [seen 2.1.330]. */
const removeLeftovers = (root: string, pids: Iterable<number>): void => {
  for (const pid of pids) rmSync(`/tmp/cc-socks/${pid}.sock`, { force: true })
  const folder = `/tmp/claude-${process.getuid?.() ?? 0}`
  const slug = root.replace(/[^A-Za-z0-9]/g, '-')
  for (const name of namesIn(folder)) {
    if (name.startsWith(slug)) rmSync(join(folder, name), { recursive: true, force: true })
  }
}

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
