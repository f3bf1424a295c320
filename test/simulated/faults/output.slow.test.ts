import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cli, runProgram } from '../../sim/cli.ts'
import { signal } from '../../sim/processes.ts'
import { screen, typeLine } from '../../sim/terminals.ts'
import { until } from '../../sim/until.ts'
import { closeMachine, expectUp, live, type Machine, makeMachine, setUp, type Ward } from './kit.ts'

// What `logs`, `status` and `attach` write, and where to.

let home: Machine
let work: Ward
beforeAll(async () => {
  home = await makeMachine()
  work = await setUp(home, 'work')
  await expectUp(home, 'work', 0, 'work is live')
  await typeLine(home, 'anything')
  await until('the answer', async () => (await screen(home)).includes('typed: anything'))
})
afterAll(() => closeMachine(home))

test('logs: how many, since when, from where, as JSON; none of it holds a token', async () => {
  const lines = async (count: number) =>
    (await home.channels(['logs', 'work', '-n', `${count}`])).stdout.trimEnd().split('\n')
  // A session that is just live is still being written about.
  const { all, last } = await until('a moment in which nothing is written', async () => {
    const before = await lines(1_000)
    const last = await lines(2)
    const all = await lines(1_000)
    return all.length === before.length ? { all, last } : null
  })
  expect(all.length).toBeGreaterThan(5)
  expect(all[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z (keeper|channel) /)
  expect(last).toEqual(all.slice(-2))
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

test('what a plugin says reaches the terminal without its control characters', async () => {
  const title = '\u001b]0;owned\u0007'
  const logs = readdirSync(home.root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /mcp-logs-[^/]*\/[^/]+\.jsonl$/.test(name),
  )
  expect(logs.length).toBeGreaterThan(0)
  for (const log of logs)
    appendFileSync(
      join(home.root, log),
      `${JSON.stringify({ error: `Server stderr: ${title}hello`, timestamp: new Date().toISOString() })}\n`,
    )
  for (const json of [[], ['--json']]) {
    const { stdout } = await home.channels(['logs', 'work', '--source', 'channel', ...json])
    expect(stdout).toContain('hello')
    expect(stdout).not.toMatch(/[^\P{Cc}\t\n]/u)
  }
})

test.runIf(existsSync('/dev/full'))('a disk that is full behind stdout is 73 and a sentence', async () => {
  for (const command of ['list', 'list --json', 'status', 'logs work']) {
    const full = await runProgram('/bin/sh', ['-c', `'${process.execPath}' '${cli}' ${command} >/dev/full`], {
      cwd: home.project,
      env: home.env,
    })
    expect(full).toMatchObject({
      code: 73,
      stderr: expect.stringMatching(/^channels: Cannot write the output: the disk is full \(ENOSPC\)\.\n/),
    })
  }
})

test('no colour where it is not wanted, no terminal where there is none', async () => {
  const esc = '\u001b'
  for (const env of [
    {},
    { NO_COLOR: '1' },
    { FORCE_COLOR: '1', NO_COLOR: '1' },
    { TERM: 'xterm-256color' },
  ]) {
    const shown = await home.channels(['status'], { env })
    expect(shown.stdout).toContain('live')
    expect(shown.stdout + shown.stderr).not.toContain(esc)
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
  expect(await onTerminal({})).toContain(`${esc}[32mlive`)
  expect(await onTerminal({ NO_COLOR: '1' })).not.toContain(`${esc}[`)
  const attach = await home.channels(['attach', 'work'])
  expect(attach).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('logs work --source terminal'),
  })
})
