// Keeps what V8 makes of the built files beside each, for bin/channels.js. Run by build.js with the files to keep. What
// is compiled late counts as well: so `status`, which is run most, is run first, on a made-up session that is live (this
// very process plays its loop, its client and the keeper, a child its poller); then, in the code that all other commands
// share, a look at it, and what stands between a client's end and the next one, `launch`.
const {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} = require('node:fs')
const { spawn } = require('node:child_process')
const { tmpdir } = require('node:os')
const { dirname, join } = require('node:path')
const { load, scripts, cacheOf } = require('../bin/channels.js')

const home = realpathSync(mkdtempSync(join(tmpdir(), 'channels-build-')))
const write = (path, value) => {
  mkdirSync(dirname(join(home, path)), { recursive: true })
  writeFileSync(join(home, path), typeof value === 'string' ? value : `${JSON.stringify(value)}\n`)
}

const { pid, platform } = process
const now = Date.now()
const conversation = '00000000-0000-4000-8000-000000000000'
const own = 'state/sessions/x'
const programs = join(home, 'bin')

const writeRun = (start, run) => {
  write(`${own}/run.json`, {
    ...{ format: 1, run, loop: { pid, start }, protocol: 1, generation: 1, conversation },
    ...{ resumed: false, startedAt: now, waiting: null, streak: 0, restarts: 0, exits: [] },
  })
  utimesSync(join(home, own, 'run.json'), now / 1_000, now / 1_000)
}

const startOfThis = () =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')[19]

const playLiveSession = () => {
  const start = startOfThis()
  const id = 'plugin:telegram@x'
  const channel = { id, kind: 'telegram', stateDir: join(home, 'bot'), account: '@x', botId: '1' }
  const environment = { HOME: home, PATH: programs }
  const session = { name: 'x', cwd: home, channels: [channel], client: '/bin/false', environment }
  write('config.json', { version: 1, sessions: { x: session } })
  write(`${own}/wanted.json`, { format: 1, want: true, generation: 1, by: 'up', at: now })
  writeRun(start, conversation)
  write(`${own}/client`, `${pid}\n`)
  write(`${own}/attached`, '0\n')
  const platform = {
    at: now,
    token: 'accepted',
    account: '@x',
    pending: 0,
    webhook: null,
    detail: null,
    trouble: null,
  }
  const since = { '': { state: 'live', reason: null, at: now } }
  write(`${own}/health.json`, { format: 1, at: now, acknowledged: now, since, platform: { [id]: platform } })
  write('state/keeper/keeper.json', { format: 1, pid, start, version: '0', since: now, where: 'terminal' })
  write('bot/.env', 'TELEGRAM_BOT_TOKEN=1:x\n')
  const poller = spawn('/bin/sh', ['-c', 'read line; :', 'server.ts'], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { CLAUDE_PLUGIN_ROOT: home },
  })
  // It ends with its standard input.
  poller.unref()
  poller.stdin.unref()
  write('bot/bot.pid', `${poller.pid}\n`)
  write('bot/access.json', { dmPolicy: 'allowlist', allowFrom: ['1'] })
  const file = { pid, procStart: start, sessionId: conversation, cwd: home, version: '0', status: 'idle' }
  write(`.claude/sessions/${pid}.json`, file)
  const slug = home.replace(/[^A-Za-z0-9]/g, '-')
  const lines = [
    'Starting connection with timeout of 30000ms',
    'Successfully connected (transport: stdio) in 1ms',
  ]
  const rows = [...lines, 'Channel notifications registered'].map((debug) =>
    JSON.stringify({ debug, timestamp: new Date(now).toISOString(), sessionId: conversation, cwd: home }),
  )
  const name = new Date(now).toISOString().replace(/[:.]/g, '-')
  write(
    `.cache/claude-cli-nodejs/${slug}/mcp-logs-plugin-telegram-telegram/${name}.jsonl`,
    `${rows.join('\n')}\n`,
  )
  write(`.claude/projects/${slug}/${conversation}.jsonl`, '{"type":"user"}\n')
}

/** What a start needs, and the end of a client that nobody is: the next one is to be started. */
const playEnd = () => {
  for (const name of ['bun', 'tmux']) {
    write(`bin/${name}`, '#!/bin/sh\n')
    chmodSync(join(programs, name), 0o755)
  }
  const plugins = { 'telegram@x': [{ scope: 'user', installPath: home }] }
  write('.claude/plugins/installed_plugins.json', { version: 2, plugins })
  // Under the id of the former run this very process would be that client, to be ended.
  const run = '00000000-0000-4000-8000-000000000001'
  writeRun(startOfThis(), run)
  write(`${own}/exit`, `137 ${run}\n`)
}

const warmUp = async (deps) => {
  await deps.observe(deps.settings.read().sessions.x)
  playEnd()
  const { status, answer } = await deps.launch('x', { loop: pid, protocol: 1, interrupted: false })
  if (status !== 0) throw new Error(`launch was to start a client, and answered ${status}: ${answer}`)
}

const keep = () => {
  for (const [file, script] of scripts) {
    writeFileSync(`${file}.${pid}`, script.createCachedData())
    renameSync(`${file}.${pid}`, cacheOf(file))
  }
  rmSync(home, { recursive: true })
}

const [main, ...files] = process.argv.slice(2)
process.env.CHANNELS_HOME = home
process.env.PATH = programs
const plays = platform === 'linux'
if (plays) playLiveSession()
else write('config.json', { version: 1, sessions: {} })
process.argv = [process.argv[0], main, plays ? 'status' : 'list']
load(main)
for (const file of files) load(file)
// What a completion waits for.
const { list, basicDeps } = load(join(dirname(main), 'list.js'))
const basics = { env: process.env, write: () => undefined, isTerminal: () => false }
void list({ names: true, json: false }, basicDeps(basics))
if (plays)
  process.once('beforeExit', () => {
    const { execPath: node, cwd } = process
    const place = { platform, node, cwd, dist: dirname(main), cancelled: new AbortController().signal }
    void warmUp(load(join(dirname(main), 'app.js')).realDeps({ ...basics, ...place }))
  })
process.once('exit', keep)
