import { execFileSync, spawn, spawnSync } from 'node:child_process'
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
import { until } from '../until.ts'
import { type Fields, fields, readJson, writeJson } from './json.ts'

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
  readonly close: () => Promise<void>
}

export type Finished = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

export type Terminal = {
  readonly screen: () => string
  /** Sent apart, each in a call of its own: tmux key names, or text. */
  readonly press: (...keys: readonly string[]) => void
  /** Text sent in one go, with whatever is in it. */
  readonly paste: (text: string) => void
  /** How the terminal stands. */
  readonly modes: () => Readonly<Record<'alternateScreen' | 'mouse' | 'echo' | 'signals', boolean>>
  readonly pid: () => number
  /** The client's exit status, as the shell saw it. */
  readonly ended: () => Promise<number>
}

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
      tengu_harbor_ledger: [{ marketplace: 'lab', plugin: 'telegram' }],
    },
  })
  const environment = {
    HOME: home,
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
  const lab: Omit<Lab, 'close'> = {
    ...{ home, work, config, state, bot, model, run, runLong },
    start: (words, more = {}) => startTerminal(socket, work, { ...environment, ...more }, words),
    log: () =>
      filesBelow(logs).flatMap((file) => linesOf(file).map((line) => String(line.debug ?? line.error))),
    sessions: () => filesBelow(join(config, 'sessions')).map((file) => readJson(file)),
    transcript: (id) => linesOf(filesBelow(join(config, 'projects')).find((file) => file.includes(id)) ?? ''),
    processes: (command) =>
      processesWith(home).filter((pid) => commandOf(pid) === `${command.replaceAll(' ', '\0')}\0`),
    pollers: () => processesWith(home).filter((pid) => commandOf(pid).startsWith('bun\0server.ts')),
  }
  return {
    ...lab,
    close: async () => {
      spawnSync('tmux', ['-S', socket, 'kill-server'])
      for (const pid of processesWith(home)) process.kill(pid, 'SIGKILL')
      await until('the end of all processes of the lab', () => processesWith(home).length === 0)
      await Promise.all([bot.close(), model.close()])
      rmSync(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

let terminals = 0

const startTerminal = (
  socket: string,
  cwd: string,
  environment: Readonly<Record<string, string>>,
  words: readonly string[],
): Terminal => {
  terminals += 1
  const name = `t${terminals}`
  const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`
  const variables = Object.entries(environment).map(([key, value]) => quoted(`${key}=${value}`))
  const script = `${socket}-${name}`
  const command = [
    'exec',
    '/usr/bin/env',
    '-i',
    ...variables,
    ...[standIns.claude, ...words].map(quoted),
  ].join(' ')
  writeFileSync(script, `echo $$ > ${script}.pid\n${command}\n`)
  const tmux = (...args: readonly string[]) =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' })
  const pane = `sh ${script}; echo $? > ${script}.exit; exec sleep 1000`
  tmux('new-session', '-d', '-s', name, '-x', '120', '-y', '40', '-c', cwd, pane)
  return {
    screen: () => tmux('capture-pane', '-p', '-t', name),
    press: (...keys) => {
      for (const key of keys) tmux('send-keys', '-t', name, key)
    },
    paste: (text) =>
      void tmux('send-keys', '-t', name, '-H', ...[...Buffer.from(text)].map((byte) => byte.toString(16))),
    modes: () => {
      const [alternate, mouse, tty = ''] = tmux(
        'display-message',
        '-p',
        '-t',
        name,
        '#{alternate_on} #{mouse_any_flag} #{pane_tty}',
      )
        .trim()
        .split(' ')
      const settings = execFileSync('stty', ['-F', tty, '-a'], { encoding: 'utf8' }).split(/[\s;]+/)
      const has = (setting: string) => settings.includes(setting)
      return {
        alternateScreen: alternate === '1',
        mouse: mouse === '1',
        echo: has('echo'),
        signals: has('isig'),
      }
    },
    pid: () => Number(readFileSync(`${script}.pid`, 'utf8')),
    ended: () => until('the end of the client', () => readWord(`${script}.exit`)).then(Number),
  }
}

const readWord = (file: string): string | null =>
  existsSync(file) ? readFileSync(file, 'utf8').trim() || null : null

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

/** Living processes whose HOME is the lab's: everything the client started, orphans included. */
export const processesWith = (home: string): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && environmentOf(pid).includes(`HOME=${home}`))

const environmentOf = (pid: number): readonly string[] => readProc(pid, 'environ').split('\0')
const commandOf = (pid: number): string => readProc(pid, 'cmdline')

const readProc = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
