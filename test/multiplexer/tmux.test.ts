import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { TerminalPlace } from '../../src/multiplexer/port.ts'
import { createTmux } from '../../src/multiplexer/tmux.ts'
import { findServers } from '../../src/multiplexer/tmux-server.ts'
import { systemClock } from '../../src/system/clock.ts'
import { createProcesses } from '../../src/system/processes.ts'
import { replaceFile } from '../../src/system/replace-file.ts'
import { type Run, type RunResult, run } from '../../src/system/run.ts'
import { until } from '../sim/until.ts'
import { isGone, openPlainTerminal } from './plain-tmux.ts'

// What is tmux's own; what holds for every multiplexer stands in test/contract.
const processes = createProcesses(process.platform)
const base = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8' }

type Scene = {
  readonly folder: string
  readonly place: TerminalPlace
  readonly env: Readonly<Record<string, string>>
}
type Setting = { readonly run?: Run; readonly extra?: Readonly<Record<string, string>> }

const play =
  (scene: (tmux: ReturnType<typeof createTmux>, scene: Scene) => Promise<void>, setting: Setting = {}) =>
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tmux-test-'))
    const env = { ...base, HOME: folder }
    const parts = { program: 'tmux', processes, clock: systemClock, replaceFile }
    const tmux = createTmux({ ...parts, run: setting.run ?? run, env: { ...env, ...setting.extra } })
    const at = (name: string) => join(folder, name)
    const place = {
      session: 'web',
      socket: at('s/web'),
      attachedFile: at('attached'),
      screens: at('s/screen'),
      userConfig: { tmux: at('tmux.conf'), screen: at('screenrc') },
    }
    try {
      await scene(tmux, { folder, place, env })
    } finally {
      await createTmux({ ...parts, run, env }).end(place)
      rmSync(folder, { recursive: true, force: true })
    }
  }
const options = ({ folder, env }: Scene) => ({ cwd: folder, env, server: null })
const echo = ['sh', '-c', 'while IFS= read -r line; do echo "<$line>"; done']
const raw = async ({ place, env }: Scene, ...args: readonly string[]) =>
  (await run('tmux', ['-S', place.socket, ...args], { timeoutMs: 5000, env })).stdout.trim()

/** As `run`, but so many answers of `list-panes` are lost. */
const losing = (count: number): Run => {
  let left = count
  return async (file, args, how) => {
    const result = await run(file, args, how)
    if (!args.includes('list-panes') || left === 0) return result
    left -= 1
    return { ...result, stdout: '' }
  }
}

describe.concurrent('tmux', () => {
  test('starts from inside another tmux', async () => {
    const outer = await openPlainTerminal(['sleep', '600'])
    try {
      const inside = { TMUX: `${outer.socket},${await outer.format('#{pid}')},0`, TMUX_PANE: '%0' }
      await play(
        async (tmux, scene) => {
          expect(
            await tmux.start(scene.place, echo, { ...options(scene), env: { ...scene.env, ...inside } }),
          ).toBe('started')
          expect((await tmux.state(scene.place)).is).toBe('yes')
        },
        { extra: inside },
      )()
      expect(await outer.tmux('list-sessions', '-F', '#{session_name}')).toBe('t\n')
    } finally {
      await outer.close()
    }
  })

  test('starts nothing beside a server whose socket is made anew just then', async () => {
    let hide: string | null = null
    await play(
      async (tmux, scene) => {
        const { socket } = scene.place
        expect(await tmux.start(scene.place, echo, options(scene))).toBe('started')
        const server = await raw(scene, 'display-message', '-p', '#{pid}')
        hide = socket
        expect(await tmux.start(scene.place, echo, options(scene))).toBe('already')
        expect(hide).toBeNull()
        hide = socket
        expect((await tmux.state(scene.place)).is).toBe('yes')
        expect(findServers({ processes }, scene.place).map(({ pid }) => String(pid))).toEqual([server])
      },
      {
        run: async (file, args, given) => {
          if (hide === null) return run(file, args, given)
          const socket = hide
          hide = null
          renameSync(socket, `${socket}.away`)
          const result = await run(file, args, given)
          renameSync(`${socket}.away`, socket)
          return result
        },
      },
    )()
  })

  test('a server that goes while it is asked whether the terminal is there has started none', async () => {
    let asked = 0
    await play(
      async (tmux, scene) => {
        // A configuration of the user's, since only then a start is doubted.
        writeFileSync(scene.place.userConfig.tmux, '')
        expect(await tmux.start(scene.place, echo, options(scene))).toBe('started')
        expect(asked).toBeGreaterThan(1)
        expect((await tmux.state(scene.place)).is).toBe('yes')
      },
      {
        run: async (file, args, how) => {
          if (!args.includes('copy-mode')) return run(file, args, how)
          asked += 1
          if (asked > 1) return run(file, args, how)
          await run(file, [...args.slice(0, 3), 'kill-server'], how)
          return {
            ...(await run(file, args, how)),
            stderr: 'server exited unexpectedly\n',
            status: 1,
          }
        },
      },
    )()
  })

  test(
    'says on its status line what it is and how to leave',
    play(async (tmux, scene) => {
      writeFileSync(scene.place.userConfig.tmux, 'set -g prefix C-a\n')
      await tmux.start(scene.place, echo, options(scene))
      const { file, args, unset } = tmux.attach(scene.place)
      expect([file, unset]).toEqual(['tmux', ['TMUX', 'TMUX_PANE', 'TMUX_TMPDIR']])
      const visitor = await openPlainTerminal(['env', '-u', 'TMUX', file, ...args])
      try {
        const line = await until(
          'the status line',
          async () => /channels: web .*/.exec(await visitor.screen())?.[0],
        )
        expect(line).toMatch(/^channels: web +Ctrl-a d leaves it running$/)
      } finally {
        await visitor.close()
      }
    }),
  )

  test(
    'lets the user change what is theirs to change',
    play(async (tmux, scene) => {
      writeFileSync(
        scene.place.userConfig.tmux,
        'set -g history-limit 77\nset -g mouse on\nset -g default-terminal screen\n',
      )
      await tmux.start(scene.place, echo, options(scene))
      expect(await raw(scene, 'display-message', '-p', '-t', '=web:', '#{history_limit} #{mouse}')).toBe(
        '77 1',
      )
      expect(await raw(scene, 'display-message', '-p', '#{default-terminal} #{status} #{escape-time}')).toBe(
        'screen on 25',
      )
    }),
  )

  test(
    'is not held up for good by a configuration that hangs',
    play(async (tmux, scene) => {
      writeFileSync(scene.place.userConfig.tmux, 'run-shell "exec sleep 30"\n')
      expect(await tmux.start(scene.place, echo, options(scene))).toBe('started')
      expect((await tmux.state(scene.place)).is).toBe('yes')
    }),
    20_000,
  )

  test(
    'types past a person who scrolls',
    play(async (tmux, scene) => {
      await tmux.start(scene.place, echo, options(scene))
      await raw(scene, 'copy-mode', '-t', '=web:')
      await tmux.type(scene.place, 'q')
      await raw(scene, 'copy-mode', '-t', '=web:')
      await tmux.press(scene.place, 'Enter')
      await until('the line', async () =>
        (await raw(scene, 'capture-pane', '-p', '-t', '=web:')).includes('<q>'),
      )
    }),
  )

  test(
    'knows its own pane among those a person opened, and makes one anew beside them',
    play(async (tmux, scene) => {
      await tmux.start(scene.place, echo, options(scene))
      const state = await tmux.state(scene.place)
      const pid = state.is === 'yes' ? state.value.pid : 0
      await raw(scene, 'split-window', '-t', '=web:', 'sleep', '600')
      await raw(scene, 'new-window', '-t', '=web:', 'sleep', '600')
      expect(await tmux.state(scene.place)).toMatchObject({ value: { pid } })
      await tmux.type(scene.place, 'x')
      process.kill(pid, 'SIGKILL')
      await until('its pane to be gone', async () => (await tmux.state(scene.place)).is === 'no')
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => tmux.start(scene.place, echo, options(scene))),
      )
      expect(answers.filter((answer) => answer === 'started')).toHaveLength(1)
      expect((await tmux.state(scene.place)).is).toBe('yes')
      expect((await raw(scene, 'list-panes', '-s', '-t', '=web')).split('\n')).toHaveLength(3)
    }),
  )

  test(
    'does not know what a stopped server holds, and ends it all the same',
    play(async (tmux, scene) => {
      await tmux.start(scene.place, echo, options(scene))
      const server = Number(await raw(scene, 'display-message', '-p', '#{pid}'))
      process.kill(server, 'SIGSTOP')
      expect((await tmux.state(scene.place)).is).toBe('unknown')
      await tmux.end(scene.place)
      expect(isGone(server)).toBe(true)
      expect(existsSync(scene.place.socket)).toBe(false)
    }),
    30_000,
  )

  test(
    'keeps its folder and its configuration private',
    play(async (tmux, scene) => {
      await tmux.start(scene.place, echo, options(scene))
      expect(statSync(join(scene.folder, 's')).mode & 0o777).toBe(0o700)
      expect(statSync(`${scene.place.socket}.plain.conf`).mode & 0o777).toBe(0o600)
    }),
  )

  test(
    'finds tmux where the caller does, whatever PATH the server gets',
    play(async (tmux, scene) => {
      const env = { ...scene.env, PATH: '/usr/bin:/bin' }
      const elsewhere = { ...env, PATH: '/nowhere' }
      expect(
        await tmux.start(scene.place, ['/bin/sleep', '600'], { ...options(scene), env: elsewhere }),
      ).toBe('started')
      const state = await tmux.state(scene.place)
      const id = processes.find(state.is === 'yes' ? state.value.pid : 0)
      expect(id && processes.environment(id)?.PATH).toBe('/nowhere')
    }),
  )

  test(
    'refuses a name that is none',
    play(async (tmux, scene) => {
      await expect(tmux.start({ ...scene.place, session: "a'b" }, echo, options(scene))).rejects.toThrow(
        'Not a session name',
      )
    }),
  )

  test(
    'refuses in words what it can not write',
    play(async (tmux, scene) => {
      writeFileSync(join(scene.folder, 's'), 'a file')
      const refusal = tmux.start(scene.place, echo, options(scene))
      await expect(refusal).rejects.toMatchObject({ name: 'ExpectedError', status: 73 })
    }),
  )

  test(
    'leaves nothing behind where its configuration can not be written',
    play(async (tmux, scene) => {
      const conf = `${scene.place.socket}.plain.conf`
      mkdirSync(conf, { recursive: true })
      const refusal = tmux.start(scene.place, echo, options(scene))
      await expect(refusal).rejects.toMatchObject({ name: 'ExpectedError', status: 73 })
      const left = readdirSync(join(scene.folder, 's'))
      rmSync(conf, { recursive: true })
      expect(left).toEqual(['web.plain.conf'])
    }),
  )

  const ended: RunResult = {
    status: 1,
    signal: null,
    stdout: '',
    stderr: '',
    timedOut: false,
    notFound: false,
  }
  test.each<[string, Partial<RunResult>, number]>([
    ['it is not installed', { status: null, notFound: true }, 69],
    ['it has no permission', { stderr: 'error connecting to /s/web (Permission denied)\n' }, 77],
    ['there is no room', { stderr: 'error creating /s/web (No space left on device)\n' }, 73],
    ['it says something new', { stderr: 'open terminal failed: not today\n' }, 1],
    ['its server goes every time', { stderr: 'server exited unexpectedly\n' }, 1],
    ['it never answers', { status: null, signal: 'SIGTERM', timedOut: true }, 1],
  ])('refuses in words when %s', (_, result, status) =>
    play(
      async (tmux, scene) => {
        const refusal = tmux.start(scene.place, echo, options(scene))
        await expect(refusal).rejects.toMatchObject({
          name: 'ExpectedError',
          status,
          hint: expect.stringMatching(/\.$/),
        })
        await expect(refusal).rejects.toThrow(result.stderr?.trim() ?? 'tmux')
      },
      { run: async () => ({ ...ended, ...result }) },
    )(),
  )

  test(
    'says that it is not installed',
    play(
      async (tmux) => {
        expect((await tmux.version()).is).toBe('no')
      },
      { run: (file, args, given) => run(file, args, { ...given, env: { PATH: '/nowhere' } }) },
    ),
  )

  test(
    'a list of panes that got lost is asked for again',
    play(
      async (tmux, scene) => {
        await tmux.start(scene.place, echo, options(scene))
        expect((await tmux.state(scene.place)).is).toBe('yes')
      },
      { run: losing(1) },
    ),
  )

  test(
    'no list of panes at all is no answer',
    play(
      async (tmux, scene) => {
        await tmux.start(scene.place, echo, options(scene))
        expect(await tmux.state(scene.place)).toMatchObject({ is: 'unknown' })
      },
      { run: losing(2) },
    ),
  )
})
