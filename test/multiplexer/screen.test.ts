import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { TerminalPlace } from '../../src/multiplexer/port.ts'
import { createScreen } from '../../src/multiplexer/screen.ts'
import { systemClock } from '../../src/system/clock.ts'
import { withLock } from '../../src/system/lock.ts'
import { createProcesses } from '../../src/system/processes.ts'
import { replaceFile } from '../../src/system/replace-file.ts'
import { run } from '../../src/system/run.ts'
import { within } from '../patience.ts'
import { until } from '../sim/until.ts'

const processes = createProcesses(process.platform)
const parts = { run, processes, clock: systemClock, replaceFile, withLock }
const base = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8' }
const echo = ['sh', '-c', 'while IFS= read -r line; do printf "<%s>\\n" "$line"; done', 'sh']

type Scene = {
  readonly folder: string
  readonly place: TerminalPlace
  readonly screen: ReturnType<typeof createScreen>
  readonly start: (command?: readonly string[]) => Promise<'started' | 'already'>
  /** Of our program. */
  readonly pid: () => Promise<number>
  /** As a person would ask its server, in windows of their own. */
  readonly ask: (...words: readonly string[]) => string
}

const play = (scene: (scene: Scene) => Promise<void>) => async () => {
  const folder = mkdtempSync(join(tmpdir(), 'screen-test-'))
  const env = { ...base, HOME: folder }
  const screen = createScreen({ ...parts, program: 'screen', env })
  const place = placeIn(folder)
  const start = (command: readonly string[] = echo) =>
    screen.start(place, command, { cwd: folder, env, server: null })
  const pid = async () => {
    const state = await screen.state(place)
    if (state.is !== 'yes') throw new Error(state.detail)
    return state.value.pid
  }
  const ask = (...words: readonly string[]): string => {
    const name = readdirSync(place.screens).find((each) => each.endsWith('.web')) ?? ''
    const call = ['-U', '-S', name, ...words]
    return execFileSync('screen', call, { env: { ...env, SCREENDIR: place.screens }, encoding: 'utf8' })
  }
  try {
    await scene({ folder, place, screen, start, pid, ask })
  } finally {
    chmodSync(place.screens, 0o700)
    await screen.end(place)
    rmSync(folder, { recursive: true, force: true })
  }
}

const placeIn = (folder: string): TerminalPlace => {
  mkdirSync(join(folder, 'screens'), { mode: 0o700 })
  return {
    session: 'web',
    socket: join(folder, 'web'),
    screens: join(folder, 'screens'),
    attachedFile: join(folder, 'attached'),
    userConfig: { tmux: join(folder, 'tmux.conf'), screen: join(folder, 'screenrc') },
  }
}

const gone = (pid: number) => until('its end', () => processes.find(pid) === null)

describe.concurrent('screen', () => {
  test(
    'knows its own window among those a person opened, and makes one anew beside them',
    play(async ({ screen, place, start, pid, ask }) => {
      await start()
      const first = await pid()
      ask('-X', 'screen', 'cat')
      await until('a second window', () => ask('-Q', 'windows').includes('cat'))
      expect(await pid()).toBe(first)
      // What is typed goes to ours, whichever window is in front.
      await screen.type(place, 'for it')
      await screen.press(place, 'Enter')
      await until('what it made of that', async () => {
        const seen = await screen.capture(place, { history: 0 })
        return seen.is === 'yes' && seen.value.includes('<for it>')
      })
      const found = processes.find(first)
      if (found !== null) processes.signal(found, 'SIGKILL')
      await gone(first)
      expect((await screen.state(place)).is).toBe('no')
      expect(await start()).toBe('started')
      expect(await pid()).not.toBe(first)
      expect(ask('-Q', 'windows')).toContain('cat')
      expect(await start()).toBe('already')
    }),
  )

  test(
    'leaves no picture of its screen, and none that others could read meanwhile',
    play(async ({ folder, screen, place, start }) => {
      await start()
      const files = readdirSync(folder)
      for (const history of [0, 50]) expect((await screen.capture(place, { history })).is).toBe('yes')
      expect(readdirSync(folder)).toEqual(files)
      expect(statSync(place.screens).mode & 0o777).toBe(0o700)
    }),
  )

  test(
    'a stopped server is not known, and is ended all the same',
    play(async ({ screen, place, start, pid }) => {
      await start()
      const server = processes.find(processes.find(await pid())?.ppid ?? 0)
      if (server === null) throw new Error('no server')
      processes.signal(server, 'SIGSTOP')
      expect((await screen.capture(place, { history: 0 })).is).toBe('unknown')
      expect((await screen.press(place, 'Enter')).is).toBe('unknown')
      await screen.end(place)
      expect(processes.find(server.pid)).toBeNull()
    }),
  )

  test(
    'a lock whose holder was killed holds nobody up for good: one of ten starts it',
    { ...within(60_000) },
    play(async ({ place, start }) => {
      mkdirSync(`${place.socket}.lock`)
      const answers = await Promise.all(Array.from({ length: 10 }, () => start()))
      expect(answers.filter((answer) => answer === 'started')).toHaveLength(1)
      expect(existsSync(`${place.socket}.lock`)).toBe(false)
    }),
  )

  test(
    'a terminal that can’t be: not installed 69, a path too long 78, screen’s own words 1',
    play(async ({ folder, place }) => {
      const env = { ...base, HOME: folder }
      const options = { cwd: folder, env, server: null }
      const startWith = (program: string, at: TerminalPlace) =>
        createScreen({ ...parts, program, env }).start(at, echo, options)
      await expect(startWith('no-such-screen', place)).rejects.toMatchObject({ status: 69 })
      const long = { ...place, screens: `${folder}/${'x'.repeat(90)}` }
      await expect(startWith('screen', long)).rejects.toMatchObject({ status: 78 })
      chmodSync(place.screens, 0o755)
      await expect(startWith('screen', place)).rejects.toMatchObject({
        status: 1,
        message: expect.stringContaining('must have mode 700'),
      })
    }),
  )
})
