import { spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type BotApi, startBotApi } from '../bot-api/server.ts'
import { standIns } from '../build.ts'
import { type ModelApi, startModelApi } from '../model-api/server.ts'
import { writeMarketplace } from '../plugin/marketplace.ts'
import { endAll, processesOf } from '../processes.ts'
import { until } from '../until.ts'
import { type Fields, fields, readJson, writeJson } from './json.ts'
import { startTerminal, type Terminal } from './terminal.ts'

/** A machine for one stand-in client: a home with the plugin installed, a Bot API and a model API, nothing shared. */
export type Lab = {
  readonly home: string
  readonly work: string
  readonly config: string
  readonly state: string
  readonly bot: BotApi
  readonly model: ModelApi
  readonly run: (words: readonly string[], environment?: Readonly<Record<string, string>>) => Finished
  /** The same without blocking this process, in which the servers live. */
  readonly runLong: (
    words: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ) => Promise<Finished>
  readonly start: (words: readonly string[], environment?: Readonly<Record<string, string>>) => Terminal
  /** Texts of all MCP log lines, oldest file first. */
  readonly log: () => readonly string[]
  readonly sessions: () => readonly Fields[]
  readonly transcript: (conversation: string) => readonly Fields[]
  /** Pids of the lab's processes with this command line. */
  readonly processes: (command: string) => readonly number[]
  /** Pids of the plugin's servers that run with this lab's state folder. */
  readonly pollers: () => readonly number[]
  /** Waits until the MCP log has that many `Channel notifications registered`: two for each start of 2.1.330. */
  readonly registered: (count?: number) => Promise<unknown>
  /** Of the first session file. */
  readonly status: () => unknown
  readonly close: () => Promise<void>
}

export type Finished = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

export const plugin = 'telegram@lab'
/** The arguments of a supervised session (field notes, section 4): enabled for this one, its answer tool allowed. */
export const supervised = (...first: readonly string[]): readonly string[] => [
  ...first,
  '--settings',
  JSON.stringify({ enabledPlugins: { [plugin]: true } }),
  '--permission-mode',
  'default',
  '--allowedTools',
  'mcp__plugin_telegram_telegram__reply',
  'Bash',
  '--channels',
  `plugin:${plugin}`,
]

/** Sets the lab up by the client's own commands. `buildStandIns()` comes first. */
export const openLab = async (): Promise<Lab> => {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'sim-client-')))
  const [work, config] = [join(home, 'work'), join(home, '.claude')]
  const state = join(config, 'channels', 'telegram')
  const [bot, model] = await Promise.all([startBotApi(), startModelApi()])
  for (const folder of [work, state]) mkdirSync(folder, { recursive: true })
  writeFileSync(join(state, '.env'), `TELEGRAM_BOT_TOKEN=${bot.bot.token}\n`)
  writeJson(join(state, 'access.json'), {
    dmPolicy: 'allowlist',
    allowFrom: ['4242'],
    groups: {},
    pending: {},
  })
  writeJson(join(home, '.claude.json'), {
    hasCompletedOnboarding: true,
    projects: { [work]: { hasTrustDialogAccepted: true } },
    cachedGrowthBookFeatures: {
      tengu_harbor: true,
      tengu_harbor_ledger: ['telegram', 'discord', 'fakechat'].map((plugin) => ({
        marketplace: 'lab',
        plugin,
      })),
    },
  })
  const environment = {
    HOME: home,
    // What a client that is killed in the middle of a command leaves goes with the home.
    TMPDIR: home,
    PATH: [dirname(standIns.bun), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    ANTHROPIC_BASE_URL: model.root,
    ANTHROPIC_API_KEY: 'sk-ant-made-up',
    TELEGRAM_API_ROOT: bot.root,
  }
  const run: Lab['run'] = (words, more = {}) =>
    spawnSync(standIns.claude, [...words], { cwd: work, env: { ...environment, ...more }, encoding: 'utf8' })
  const runLong: Lab['runLong'] = (words, more = {}) =>
    new Promise((done) => {
      const child = spawn(standIns.claude, [...words], {
        cwd: work,
        env: { ...environment, ...more },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const printed = { stdout: '', stderr: '' }
      child.stdout.on('data', (chunk) => {
        printed.stdout += String(chunk)
      })
      child.stderr.on('data', (chunk) => {
        printed.stderr += String(chunk)
      })
      child.on('close', (status) => done({ status, ...printed }))
    })
  const socket = join(home, 'tmux')
  const logs = join(home, '.cache', 'claude-cli-nodejs')
  writeMarketplace(join(home, 'market'), { name: 'lab', server: 'compiled' })
  run(['plugin', 'marketplace', 'add', join(home, 'market')])
  run(['plugin', 'install', plugin])
  run(['plugin', 'disable', plugin])
  const processes = (command: string) =>
    processesOf(home).flatMap(({ pid, argv }) => (argv.join(' ') === command ? [pid] : []))
  const log = () =>
    filesBelow(logs).flatMap((file) => linesOf(file).map((line) => String(line.debug ?? line.error)))
  const sessions = () => filesBelow(join(config, 'sessions')).map((file) => readJson(file))
  const registrations = () => log().filter((line) => line === 'Channel notifications registered').length
  const lab: Omit<Lab, 'close'> = {
    ...{ home, work, config, state, bot, model, run, runLong },
    start: (words, more = {}) => startTerminal(socket, work, { ...environment, ...more }, words),
    log,
    sessions,
    status: () => sessions()[0]?.status,
    registered: (count = 2) => until('the channel to be registered', () => registrations() >= count),
    transcript: (id) => linesOf(filesBelow(join(config, 'projects')).find((file) => file.includes(id)) ?? ''),
    processes,
    pollers: () => processes('bun server.ts'),
  }
  return {
    ...lab,
    close: async () => {
      spawnSync('tmux', ['-S', socket, 'kill-server'])
      await endAll(home)
      await Promise.all([bot.close(), model.close()])
      rmSync(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

const filesBelow = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.jsonl?$/.test(name))
        .sort()
        .map((name) => join(folder, name))
    : []

const linesOf = (file: string): readonly Fields[] =>
  (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []).flatMap((line) =>
    line === '' ? [] : [fields(JSON.parse(line))],
  )
