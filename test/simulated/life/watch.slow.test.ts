import { spawn } from 'node:child_process'
import { existsSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Report } from '../../../src/core/report.ts'
import { openPlainTerminal, type PlainTerminal } from '../../multiplexer/plain-tmux.ts'
import { cli } from '../../sim/cli.ts'
import type { Home } from '../../sim/home.ts'
import { processesOf } from '../../sim/processes.ts'
import { statusFaults } from '../../sim/status-schema.ts'
import { until } from '../../sim/until.ts'
import { pollers, untilLive } from '../../sim/watch.ts'
import { channels, closeEmpty, openSession, send, withoutKeeper } from './rig.ts'

let home: Home
beforeAll(async () => {
  home = await openSession()
  await channels(home, 'up')
  await untilLive(home)
})
afterAll(() => closeEmpty(home))

/** A watch that writes into a file. */
const watchInto = (name: string, ...options: readonly string[]) => {
  const path = join(home.root, name)
  const file = openSync(path, 'w')
  const child = spawn(process.execPath, [cli, 'status', '--watch', ...options], {
    cwd: home.project,
    env: { ...home.env, TERM: 'xterm-256color' },
    stdio: ['ignore', file, 'inherit'],
  })
  const ended = new Promise<readonly unknown[]>((resolve) => child.once('close', (...how) => resolve(how)))
  return {
    lines: () => readFileSync(path, 'utf8').trimEnd().split('\n'),
    ended,
    end: () => child.kill('SIGTERM'),
  }
}

/** A person's shell in a terminal, which says how that was set before and after a watch, and with what it ended. */
const watchAtTerminal = (env = ''): Promise<PlainTerminal> => {
  const watch = `${env} '${process.execPath}' '${cli}' status --watch; echo "[ended with $?]"`
  const shell = `trap : INT; cd '${home.root}'; echo above; stty -g >before; ${watch}; stty -g >after; exec cat`
  return openPlainTerminal(['sh', '-c', shell], { env: home.env, size: '100x30' })
}

const untilShown = async (terminal: PlainTerminal, what: RegExp): Promise<void> => {
  let screen = ''
  try {
    await until(String(what), async () => {
      screen = (await terminal.screen()).trimEnd()
      return what.test(screen)
    })
  } catch (cause) {
    throw new Error(`no ${what} on\n${screen}`, { cause })
  }
}

const expectAsBefore = async (terminal: PlainTerminal): Promise<void> => {
  expect(await terminal.format('#{cursor_flag}')).toBe('1')
  const settings = (when: string): string => readFileSync(join(home.root, when), 'utf8')
  await until('what stty says', () => existsSync(join(home.root, 'after')) && settings('after') !== '')
  expect(settings('after')).toBe(settings('before'))
  rmSync(join(home.root, 'after'))
}

test('a plugin that is killed is seen to go and to come back: in a picture, in lines, as JSON', async () => {
  // Nothing heals by itself meanwhile, within less than a look.
  await withoutKeeper(home)
  const plain = watchInto('plain')
  const json = watchInto('json', '--json')
  const terminal = await watchAtTerminal()
  try {
    await untilShown(terminal, /^work +live[\s\S]*q or Ctrl-C leaves$/m)
    await until('the others to watch', () => plain.lines()[0] !== '' && json.lines()[0] !== '')
    expect(await terminal.format('#{cursor_flag}')).toBe('0')
    send(pollers(home)[0]?.pid)
    await untilShown(terminal, /^[\d:]{8} work live -> recovering \[plugin-exited\]$/m)
    await untilShown(terminal, /^ {2}Seen: the process in bot\.pid \(\d+\) is gone$/m)
    await channels(home, 'up')
    await untilShown(terminal, /^[\d:]{8} work \w+ -> live$/m)
    await terminal.text('abc')
    // Narrower, so that the terminal breaks the table's lines, and wider again.
    await terminal.tmux('resize-window', '-t', 't', '-x', '50', '-y', '25')
    await untilShown(terminal, /^SESSION +STATE.{10,40}\nwork/m)
    await terminal.tmux('resize-window', '-t', 't', '-x', '90', '-y', '28')
    await untilShown(terminal, /RESTARTS$[\s\S]*q or Ctrl-C leaves$/m)
    await terminal.keys('C-c')
    await untilShown(terminal, /\[ended with 0\]$/m)
    const left = await terminal.screen()
    expect(left.match(/SESSION/g)).toHaveLength(1)
    expect(left).toMatch(/work \w+ -> live\n\nAs it was at [\d:]{8}\.\n\[ended with 0\]\n/)
    expect(left).not.toContain('abc')
    await expectAsBefore(terminal)
    await until('the others to see it', () =>
      [plain, json].every(({ lines }) =>
        /-> live$|"live":1,.*"keeper":\{/m.test(lines().slice(1).join('\n')),
      ),
    )
  } finally {
    await terminal.close()
    plain.end()
    json.end()
  }

  expect(await Promise.all([plain.ended, json.ended])).toEqual([
    [0, null],
    [0, null],
  ])
  const [first, second, ...rest] = plain.lines()
  expect(first).toMatch(
    /^work is live.*: telegram @\S+, client \S+ idle, 0 restarts\. no keeper is at work: /,
  )
  expect(second).toMatch(
    /^[\d:]{8} work live -> recovering \[plugin-exited\]: The channel plugin died; .* Nothing to do: /,
  )
  expect(rest.filter((line) => / -> live$/.test(line))).toHaveLength(1)
  expect(rest.filter((line) => line.endsWith(' work: no longer so: [keeper-missing]'))).toHaveLength(1)
  expect(plain.lines().join('')).not.toContain('\u001b')
  const documents = json.lines().map((line) => JSON.parse(line) as Report)
  for (const document of documents) expect(statusFaults(document)).toEqual([])
  const states = documents.map(({ sessions }) => sessions[0]?.state)
  expect(states[0]).toBe('live')
  expect(states).toContain('recovering')
  expect(states.at(-1)).toBe('live')
})

const watchers = () => processesOf(home.home).filter(({ argv }) => argv.includes('--watch'))

test('in a small terminal it shows what fits; SIGTERM leaves the terminal as it was', async () => {
  const terminal = await watchAtTerminal('NO_COLOR=1')
  try {
    await untilShown(terminal, /^ {2}work +live[\s\S]*q or Ctrl-C leaves$/m)
    await terminal.tmux('resize-window', '-t', 't', '-x', '20', '-y', '3')
    await untilShown(terminal, /^ {2}SESSION.*\n {2}work.*\n\d\d:\d\d:\d\d {2}q or Ctrl$/)
    send(watchers()[0]?.pid, 'SIGTERM')
    await untilShown(terminal, /\[ended with 0\]$/m)
    await expectAsBefore(terminal)
  } finally {
    await terminal.close()
  }
})

test('a terminal that is closed leaves no watch behind', async () => {
  const terminal = await watchAtTerminal()
  await untilShown(terminal, /Ctrl-C leaves$/m).finally(terminal.close)
  await until('no watch any more', () => watchers().length === 0)
})

test.each(['ACCESSIBLE=1', 'TERM=dumb'])('with %s a terminal gets lines', async (env) => {
  const terminal = await watchAtTerminal(env)
  try {
    await untilShown(terminal, /^work is live/m)
    await terminal.keys('C-c')
    await untilShown(terminal, /\[ended with 0\]$/m)
    expect(await terminal.screen()).not.toContain('SESSION')
  } finally {
    await terminal.close()
  }
})
