import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cli, runProgram } from '../../sim/cli.ts'
import { press, screen, typeLine } from '../../sim/terminals.ts'
import { until } from '../../sim/until.ts'
import { clients } from '../../sim/watch.ts'
import { closeMachine, expectEcho, live, type Machine, makeMachine, setUp, type Ward } from './kit.ts'
import { expectNoSecrets } from './secrets.ts'

// One session that is well: what a hostile surrounding, keys, files and logs can and can't do to it.

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
  // Set up by a person: from inside a session of ours it is refused.
  work = await setUp(home, 'work', { env: { CHANNELS_SESSION: '', CHANNELS_RUN: '' } })
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
  await press(home, ['Left'])
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

test('the bot token is in its .env and nowhere else', () => {
  expect(home.said().length).toBeGreaterThan(1_000)
  expectNoSecrets(home)
})
