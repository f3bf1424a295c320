import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runProgram } from '../../sim/cli.ts'
import { signal } from '../../sim/processes.ts'
import { until } from '../../sim/until.ts'
import { clients, screen, sockets, tmux, typeLine } from '../../sim/watch.ts'
import {
  closeMachine,
  expectEcho,
  expectNoSecrets,
  live,
  type Machine,
  makeMachine,
  setUp,
  type Ward,
} from './kit.ts'

// One session that is well: what a hostile surrounding, keys, files and logs can and can't do to it.

const cli = fileURLToPath(new URL('../../../bin/channels.js', import.meta.url))
/** What a surrounding Claude session, another tmux and a careless shell leave in the caller's environment. */
const stray = {
  TELEGRAM_BOT_TOKEN: '123456789:AAtest_of_the_callers_own_environment_1',
  DISCORD_BOT_TOKEN: 'test-discord-token',
  TMUX: '/nowhere/tmux,1,0',
  TMUX_PANE: '%7',
  TMUX_TMPDIR: '/nowhere',
  STY: '1.nowhere',
  CLAUDECODE: '1',
  CLAUDE_CODE_ENTRYPOINT: 'cli',
  CLAUDE_CODE_SESSION_ID: '00000000-0000-4000-8000-000000000000',
  CLAUDE_CODE_MESSAGING_SOCKET: '/nowhere/socket',
  CLAUDE_CODE_MESSAGING_TOKEN: 'test-messaging-token',
  CLAUDE_PROJECT_DIR: '/nowhere',
  CHANNELS_SESSION: 'another',
  CHANNELS_RUN: 'another',
  DISABLE_TELEMETRY: '1',
} as const

let home: Machine
let work: Ward
beforeAll(async () => {
  home = await makeMachine({ env: stray })
  work = await setUp(home, 'work')
  const up = await home.channels(['up', 'work'])
  expect(up, up.stdout + up.stderr).toMatchObject({ code: 0 })
})
afterAll(() => closeMachine(home))

test('nothing of a surrounding session reaches the client, its plugin, or a terminal', async () => {
  const [client] = clients(home)
  expect(client?.env).toMatchObject({ CHANNELS_SESSION: 'work', TELEGRAM_STATE_DIR: work.stateDir })
  expect(client?.env.CHANNELS_RUN).not.toBe('another')
  const own = { CHANNELS_SESSION: 'work', CLAUDECODE: undefined, TMUX: undefined, STY: undefined }
  expect(client?.env.TMUX_PANE).toBeUndefined()
  for (const [name, value] of Object.entries({ ...stray, ...own }))
    if (name !== 'CHANNELS_SESSION')
      expect([name, client?.env[name]]).not.toEqual([name, value ?? expect.any(String)])
  const all = home.processes().flatMap(({ argv, env }) => [...argv, ...Object.values(env)])
  for (const value of [
    stray.TELEGRAM_BOT_TOKEN,
    stray.DISCORD_BOT_TOKEN,
    stray.CLAUDE_CODE_MESSAGING_TOKEN,
    '/nowhere',
  ])
    expect(all.filter((word) => word.includes(value))).toEqual([])
  await expectEcho(work, 'hello')
})

test('`up` works from inside another tmux', async () => {
  expect((await home.channels(['down', 'work'])).code).toBe(0)
  const socket = join(home.root, 'outer')
  const done = join(home.root, 'outer-done')
  const { PATH, HOME, CHANNELS_HOME, TELEGRAM_API_ROOT } = home.env
  const env = {
    PATH: PATH ?? '',
    HOME: HOME ?? '',
    CHANNELS_HOME: CHANNELS_HOME ?? '',
    TELEGRAM_API_ROOT: TELEGRAM_API_ROOT ?? '',
    TERM: 'xterm-256color',
  }
  const script = `'${process.execPath}' '${cli}' up work; echo $? >'${done}'; test -n "$TMUX"; echo $? >'${done}.tmux'; exec sleep 1000`
  const outer = await runProgram(
    '/usr/bin/env',
    ['tmux', '-S', socket, '-f', '/dev/null', 'new-session', '-d', 'sh', '-c', script],
    { cwd: home.project, env },
  )
  expect(outer, outer.stderr).toMatchObject({ code: 0 })
  await until('up to end', () => readdirSync(home.root).includes('outer-done.tmux'), 30_000)
  await runProgram('/usr/bin/env', ['sh', '-c', `cat '${done}' '${done}.tmux'`], {
    cwd: home.project,
    env,
  }).then(({ stdout }) => expect(stdout).toBe('0\n0\n'))
  await runProgram('/usr/bin/env', ['tmux', '-S', socket, 'kill-server'], { cwd: home.project, env })
  await live(home, 'work')
})

test('`←` and `/bg` start nothing', async () => {
  const before = home.processes().map(({ pid }) => pid)
  const { session } = sockets(home)
  await tmux(home, session, 'send-keys', 'Left')
  await typeLine(home, '/bg')
  // The keys before it were taken by now.
  await typeLine(home, 'anything')
  await until('the answer', async () => (await screen(home)).includes('typed: anything'))
  expect(home.processes().map(({ pid }) => pid)).toEqual(before)
  expect(clients(home)).toHaveLength(1)
})

test('a photo can be read by Claude; token, access list and pid file can not', async () => {
  work.bot.pushPhoto(Buffer.from('not quite a picture'), { caption: 'say: a photo' })
  const inbox = join(work.stateDir, 'inbox')
  const [photo] = await until('the photo', () => {
    const found = readdirSync(work.stateDir).includes('inbox') ? readdirSync(inbox) : []
    return found.length > 0 && found
  })
  await expectRead(join(inbox, photo ?? ''), (text) => text.includes('[image]'))
  for (const name of ['.env', 'access.json', 'bot.pid'])
    await expectRead(join(work.stateDir, name), (text) => /has been denied/.test(text))
  expect(work.bot.sent().some(({ text }) => text.includes(work.bot.token.slice(12)))).toBe(false)
})

const expectRead = async (file: string, fits: (text: string) => boolean): Promise<void> => {
  const before = work.bot.sent().length
  work.bot.push(`read: ${file}`)
  const answer = await until(`an answer to ${file}`, () => work.bot.sent()[before], 15_000)
  expect([file, fits(answer.text), answer.text]).toEqual([file, true, answer.text])
}

test('logs: how many, since when, from where, as JSON; none of it holds a token', async () => {
  const all = (await home.channels(['logs', 'work', '-n', '1000'])).stdout.trimEnd().split('\n')
  expect(all.length).toBeGreaterThan(5)
  expect(all[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z (keeper|channel) /)
  expect((await home.channels(['logs', 'work', '-n', '2'])).stdout.trimEnd().split('\n')).toEqual(
    all.slice(-2),
  )
  const keeper = await home.channels(['logs', 'work', '--source', 'keeper', '--json'])
  const entries = keeper.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { source: string; type: string; at: string })
  expect(new Set(entries.map(({ source }) => source))).toEqual(new Set(['keeper']))
  expect(entries.map(({ type }) => type)).toContain('client-started')
  expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).sort())
  const terminal = await home.channels(['logs', 'work', '--source', 'terminal'])
  expect(terminal.stdout).toContain('typed: anything')
  for (const source of ['keeper', 'channel', 'terminal', 'keeper,channel,terminal'])
    expect((await home.channels(['logs', 'work', '--source', source, '--json'])).code).toBe(0)
  // Nothing can have happened within this little; everything did within an hour.
  expect((await home.channels(['logs', 'work', '--source', 'keeper', '--since', '1ms'])).stdout).toBe('')
  expect(
    (await home.channels(['logs', 'work', '-n', '1000', '--since', '1h'])).stdout
      .trimEnd()
      .split('\n')
      .slice(0, all.length),
  ).toEqual(all)
})

test('`logs | head -1` and `logs -f | head -1` end quietly', async () => {
  const errors = join(home.root, 'head-errors')
  for (const follow of ['', '-f']) {
    const pipe = `set -o pipefail; '${process.execPath}' '${cli}' logs work ${follow} 2>'${errors}' | head -1`
    const bash = spawn('bash', ['-c', `${pipe}; echo "exit $?"; cat '${errors}'`], {
      cwd: home.project,
      env: home.env,
    })
    let text = ''
    bash.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    // Whoever follows finds out that nobody reads with the next line there is.
    if (follow !== '')
      await until('the first line', () => text !== '').then(() => home.channels(['up', 'work', '--no-wait']))
    if (follow !== '') signal(await live(home, 'work'), 'SIGTERM')
    await until('its end', () => /exit \d+\n/.test(text), 20_000)
    expect(text).toMatch(/^\d{4}-.+\nexit 0\n$/)
  }
  await live(home, 'work')
})

test('`logs -f` tells what happens, and ends on Ctrl-C', async () => {
  const following = spawn(process.execPath, [cli, 'logs', 'work', '-f', '-n', '1'], {
    cwd: home.project,
    env: home.env,
  })
  const printed = { stdout: '', stderr: '' }
  following.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed.stdout += text
  })
  following.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed.stderr += text
  })
  const ended = new Promise<number | null>((resolve) => following.once('close', resolve))
  await until('its first line', () => printed.stdout.includes('\n'))
  work.bot.push('say: nothing')
  await until('the message', () =>
    /channel +notifications\/claude\/channel/.test(printed.stdout.split('\n').slice(1).join('\n')),
  )
  following.kill('SIGINT')
  expect([0, 130]).toContain(await ended)
  expect(printed.stderr).toBe('')
})

test('no colour where it is not wanted, no terminal where there is none', async () => {
  const escape = '\u001b'
  for (const env of [
    {},
    { NO_COLOR: '1' },
    { FORCE_COLOR: '1', NO_COLOR: '1' },
    { TERM: 'xterm-256color' },
  ]) {
    const shown = await home.channels(['status'], { env })
    expect(shown.stdout).toContain('live')
    expect(shown.stdout + shown.stderr).not.toContain(escape)
  }
  const onTerminal = async (env: Readonly<Record<string, string>>) => {
    const { PATH = '', HOME = '', CHANNELS_HOME = '', TELEGRAM_API_ROOT = '' } = home.env
    const base = { PATH, HOME, CHANNELS_HOME, TELEGRAM_API_ROOT, TERM: 'xterm-256color' }
    // Each its own: a server that ends still takes sessions.
    const socket = join(home.root, `colours-${Object.keys(env).join('-')}`)
    const inner = `${Object.entries(env)
      .map(([key, value]) => `export ${key}=${value};`)
      .join(' ')} '${process.execPath}' '${cli}' status; echo over; exec sleep 1000`
    const tmuxOf = (...args: readonly string[]) =>
      runProgram('/usr/bin/env', ['tmux', '-S', socket, '-f', '/dev/null', ...args], {
        cwd: home.project,
        env: base,
      })
    await tmuxOf('new-session', '-d', '-x', '150', 'sh', '-c', inner)
    await until('its screen', async () => (await tmuxOf('capture-pane', '-p')).stdout.includes('over'))
    const { stdout } = await tmuxOf('capture-pane', '-p', '-e')
    await tmuxOf('kill-server')
    return stdout
  }
  expect(await onTerminal({})).toContain(`${escape}[32mlive`)
  expect(await onTerminal({ NO_COLOR: '1' })).not.toContain(`${escape}[`)
  const attach = await home.channels(['attach', 'work'])
  expect(attach).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('logs work --source terminal'),
  })
})

test('the bot token is in its .env and nowhere else', () => {
  expect(home.said().length).toBeGreaterThan(1_000)
  expectNoSecrets(home)
})
