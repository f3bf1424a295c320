import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Answer } from '../../src/core/answer.ts'
import type { ProcessId } from '../../src/core/process.ts'
import type { Multiplexer, TerminalPlace } from '../../src/multiplexer/port.ts'
import { isGone } from '../multiplexer/plain-tmux.ts'
import { until } from '../sim/until.ts'
import { type OpenStage, openFake, openScreen, openTmux, processes, type Stage } from './harness.ts'

// What whoever uses the port may rely on, whichever multiplexer stands behind it.
const kinds: readonly (readonly [string, OpenStage])[] = [
  ['the fake', openFake],
  ['tmux', openTmux],
  ['screen', openScreen],
]

const echo = ['sh', '-c', 'echo "in $PWD"; while IFS= read -r line; do printf "<%s>\\n" "$line"; done', 'sh']

describe.concurrent.each(kinds)('%s', (_kind, openStage) => {
  const play =
    (scene: (stage: Stage) => Promise<void>, open: () => Promise<Stage> = openStage) =>
    async () => {
      const stage = await open()
      try {
        await scene(stage)
      } finally {
        await stage.close()
      }
    }
  const start = (stage: Stage, place: TerminalPlace, command = echo, server: ProcessId | null = null) =>
    stage.multiplexer.start(place, command, { cwd: stage.folder, env: stage.env, server })
  const pid = async (stage: Stage, place: TerminalPlace) =>
    known(await answered(() => stage.multiplexer.state(place))).pid

  test(
    'has a version',
    play(async ({ multiplexer }) => {
      expect(known(await multiplexer.version())).toMatch(/\S/)
    }),
  )

  test(
    'has no terminal until one is started',
    play(async ({ multiplexer, place }) => {
      const web = place('web')
      expect((await answered(() => multiplexer.state(web))).is).toBe('no')
      expect((await multiplexer.capture(web, { history: 10 })).is).toBe('no')
      expect((await multiplexer.type(web, 'x')).is).toBe('no')
      expect((await multiplexer.press(web, 'Enter')).is).toBe('no')
      await expect(multiplexer.end(web)).resolves.toBeUndefined()
    }),
  )

  test(
    'starts once, however many ask',
    play(async (stage) => {
      const web = stage.place('web')
      const answers = await Promise.all(Array.from({ length: 20 }, () => start(stage, web)))
      expect(answers.filter((answer) => answer === 'started')).toHaveLength(1)
      expect(programsIn(stage)).toHaveLength(1)
      expect(await start(stage, web)).toBe('already')
      expect(statSync(dirname(web.socket)).mode & 0o777).toBe(0o700)
    }),
  )

  test(
    'runs the words of the command as they are, in the folder, without a shell',
    play(async (stage) => {
      const web = stage.place('web')
      const words = ['a b', '$HOME', ';', 'semi;', "it's", '"', '#{pid}', '%1', '~', '', '-x', 'é\\', '*']
      const program =
        'const fs = require("fs"); fs.writeFileSync("words", JSON.stringify([process.cwd(), ...process.argv.slice(1)])); setInterval(() => {}, 1e6)'
      await start(stage, web, [process.execPath, '-e', program, '--', ...words])
      const file = join(stage.folder, 'words')
      await until('the program to write', () => existsSync(file) && readFileSync(file, 'utf8').endsWith(']'))
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([stage.folder, ...words])
    }),
  )

  test(
    'names the program, shows its screen, and types without Enter',
    play(async (stage) => {
      const { multiplexer, place } = stage
      const web = place('web')
      await start(stage, web)
      const command = processes.command(idOf(await pid(stage, web)))
      expect(command?.slice(0, 2)).toEqual(['sh', '-c'])
      await shows(multiplexer, web, `in ${stage.folder}`)
      const text = "say 'é' $HOME; #{pid} Enter -l ;"
      expect(await multiplexer.type(web, text)).toEqual({ is: 'yes', value: true })
      await shows(multiplexer, web, text)
      expect(known(await multiplexer.capture(web, { history: 0 }))).not.toContain(`<${text}>`)
      expect(await multiplexer.press(web, 'Enter')).toEqual({ is: 'yes', value: true })
      await shows(multiplexer, web, `<${text}>`)
    }),
  )

  test(
    'types more than fits into one command',
    play(async (stage) => {
      const web = stage.place('web')
      await start(stage, web, [
        'sh',
        '-c',
        'stty -icanon min 1 2>/dev/null; dd bs=1 count=30000 of=got 2>/dev/null; sleep 600',
      ])
      const text = '0123456789'.repeat(3000)
      await until('the text to be taken', async () => (await stage.multiplexer.type(web, '')).is === 'yes')
      expect((await stage.multiplexer.type(web, text)).is).toBe('yes')
      await stage.multiplexer.press(web, 'Enter')
      const file = join(stage.folder, 'got')
      await until('the text', () => existsSync(file) && statSync(file).size === 30_000)
      expect(readFileSync(file, 'utf8')).toBe(text)
    }),
  )

  test(
    'reaches above the screen',
    play(async (stage) => {
      const web = stage.place('web')
      await start(stage, web, ['sh', '-c', 'seq 1000 1300; echo end; sleep 600'])
      await shows(stage.multiplexer, web, 'end')
      const lines = async (history: number) =>
        known(await stage.multiplexer.capture(web, { history })).split('\n')
      expect(await lines(0)).not.toContain('1000')
      expect(await lines(100)).toEqual(expect.arrayContaining(['1200', '1300']))
      expect(await lines(1000)).toContain('1000')
    }),
  )

  test(
    'ends a program by Ctrl-C, and then has no terminal any more',
    play(async (stage) => {
      const web = stage.place('web')
      await start(stage, web, ['sh', '-c', 'echo up; exec sleep 600'])
      await shows(stage.multiplexer, web, 'up')
      expect((await stage.multiplexer.press(web, 'C-c')).is).toBe('yes')
      await until('no terminal', async () => (await stage.multiplexer.state(web)).is === 'no')
      expect(await start(stage, web)).toBe('started')
    }),
  )

  test(
    'counts who is attached, and writes it down',
    play(async (stage) => {
      const web = stage.place('web')
      await start(stage, web)
      await stage.attachedIs(web, 0)
      const first = await stage.visit(web)
      await stage.attachedIs(web, 1)
      const second = await stage.visit(web)
      await stage.attachedIs(web, 2)
      await first.leave()
      await stage.attachedIs(web, 1)
      await second.vanish()
      await stage.attachedIs(web, 0)
    }),
  )

  test(
    'shows nothing of its questions to whoever is attached',
    play(async (stage) => {
      const { multiplexer } = stage
      const web = stage.place('web')
      await start(stage, web)
      const visitor = await stage.visit(web)
      await stage.attachedIs(web, 1)
      if (stage.isReal)
        await until('the screen of whoever is attached', async () =>
          (await visitor.screen()).includes('in /'),
        )
      const before = await visitor.screen()
      await multiplexer.state(web)
      await multiplexer.capture(web, { history: 0 })
      await multiplexer.capture(web, { history: 100 })
      await multiplexer.type(web, 'seen')
      await shows(multiplexer, web, 'seen')
      if (stage.isReal) await until('what was typed', async () => (await visitor.screen()).includes('seen'))
      expect((await visitor.screen()).replace('seen', '').replace(/ +$/gm, '')).toBe(
        before.replace(/ +$/gm, ''),
      )
    }),
  )

  test(
    'keeps terminals apart whose names begin alike',
    play(async (stage) => {
      const [we, web] = [stage.place('we'), stage.place('web')]
      await start(stage, web)
      expect((await answered(() => stage.multiplexer.state(we))).is).toBe('no')
      await start(stage, we)
      await stage.multiplexer.end(we)
      expect((await answered(() => stage.multiplexer.state(we))).is).toBe('no')
      expect((await answered(() => stage.multiplexer.state(web))).is).toBe('yes')
    }),
  )

  test(
    'leaves nothing when it ends, not even what ignores its hangup',
    play(async (stage) => {
      const web = stage.place('web')
      await start(stage, web, ['sh', '-c', 'trap "" HUP TERM; echo up; while :; do sleep 0.1; done'])
      await shows(stage.multiplexer, web, 'up')
      const program = await pid(stage, web)
      await stage.multiplexer.end(web)
      expect(isGone(program)).toBe(true)
      expect((await answered(() => stage.multiplexer.state(web))).is).toBe('no')
      expect(stage.socketOf(web)).toBe('')
      expect(existsSync(web.attachedFile)).toBe(false)
    }),
  )

  test(
    'starts once after what held the terminal was killed',
    play(async (stage) => {
      const web = stage.place('web')
      await start(stage, web)
      const former = await pid(stage, web)
      await stage.crash(web)
      await until('the program to be gone', () => isGone(former))
      expect(stage.socketOf(web)).not.toBe('')
      expect((await answered(() => stage.multiplexer.state(web))).is).toBe('no')
      const answers = await Promise.all(Array.from({ length: 20 }, () => start(stage, web)))
      expect(answers.filter((answer) => answer === 'started')).toHaveLength(1)
      expect(programsIn(stage)).toHaveLength(1)
    }),
  )

  test.each([true, false])(
    'starts nothing beside a terminal whose socket file was deleted (server told: %s)',
    (told) =>
      play(async (stage) => {
        const web = stage.place('web')
        await start(stage, web)
        const program = await pid(stage, web)
        const server = processes.find(processes.find(program)?.ppid ?? 0)
        rmSync(stage.socketOf(web))
        const answers = await Promise.all(
          Array.from({ length: 10 }, () => start(stage, web, echo, told ? server : null)),
        )
        expect(new Set(answers)).toEqual(new Set(['already']))
        expect(await pid(stage, web)).toBe(program)
        expect(programsIn(stage)).toHaveLength(1)
      })(),
  )

  test(
    'ends a terminal whose socket file was deleted',
    play(async (stage) => {
      const web = stage.place('web')
      await start(stage, web)
      const program = await pid(stage, web)
      rmSync(stage.socketOf(web))
      await stage.multiplexer.end(web)
      expect(isGone(program)).toBe(true)
    }),
  )

  const hostile = {
    TMUX: '/tmp/nowhere,1,0',
    TMUX_PANE: '%7',
    TMUX_TMPDIR: '/nowhere',
    STY: '1.x',
    SCREENDIR: '/nowhere',
  }
  test(
    'is not led astray by the variables of another multiplexer',
    play(
      async (stage) => {
        const web = stage.place('web')
        const env = { ...stage.env, ...hostile }
        expect(await stage.multiplexer.start(web, echo, { cwd: stage.folder, env, server: null })).toBe(
          'started',
        )
        expect((await answered(() => stage.multiplexer.state(web))).is).toBe('yes')
        const given = processes.environment(idOf(await pid(stage, web))) ?? {}
        expect(given.TMUX_TMPDIR).toBeUndefined()
        expect(given.TMUX ?? '').not.toContain('/nowhere')
      },
      () => openStage(hostile),
    ),
  )

  test(
    'gives the program the environment it was told, and nothing of the caller',
    play(
      async (stage) => {
        const web = stage.place('web')
        const env = { ...stage.env, OURS: "it's $HOME" }
        await stage.multiplexer.start(web, echo, { cwd: stage.folder, env, server: null })
        const given = processes.environment(idOf(await pid(stage, web))) ?? {}
        expect(given).toMatchObject({ OURS: "it's $HOME", PATH: stage.env.PATH })
        expect(Object.keys(given).filter((name) => !(name in env) && !ownOfMultiplexer.has(name))).toEqual([])
      },
      () => openStage({ CALLER: 'secret' }),
    ),
  )

  test.each([
    [
      'mistakes',
      'bogus command\nset -g nonsense 3\nset -g remain-on-exit on\nif-shell {\n',
      'bogus command\nbindkey\n"unclosed\n',
    ],
    [
      'settings that would end a terminal',
      'set -g destroy-unattached on\nset -s exit-unattached on\nset -g remain-on-exit on\nset -g update-environment OURS\n',
      'autodetach off\nzombie kr\ndefutf8 off\nstartup_message on\nidle 1 quit\ndefnonblock off\n',
    ],
    [
      'mistakes that are shown',
      'set -g nonsense 3\nset -g default-terminal nonsense\n',
      'term nonsense\nsource /nowhere\n',
    ],
    ['an end', 'kill-server\n', 'quit\n'],
    ['a session of its own', 'new-session -d -s main\n', 'screen -t own sleep 600\n'],
  ])('survives a configuration with %s', (_, text, forScreen) =>
    play(async (stage) => {
      const web = stage.place('web')
      for (const file of [web.userConfig.tmux, join(stage.folder, '.tmux.conf')]) writeFileSync(file, text)
      for (const file of [web.userConfig.screen, join(stage.folder, '.screenrc')])
        writeFileSync(file, forScreen)
      expect(await start(stage, web)).toBe('started')
      const visitor = await stage.visit(web)
      await stage.attachedIs(web, 1)
      await visitor.leave()
      await stage.attachedIs(web, 0)
      await stage.multiplexer.type(web, 'hello')
      await stage.multiplexer.press(web, 'Enter')
      await shows(stage.multiplexer, web, '<hello>')
      await stage.multiplexer.press(web, 'C-c')
      await until('no terminal', async () => (await stage.multiplexer.state(web)).is === 'no')
    })(),
  )
})

const ownOfMultiplexer = new Set([
  'TERM',
  'TMUX',
  'TMUX_PANE',
  'TERM_PROGRAM',
  'TERM_PROGRAM_VERSION',
  'PWD',
  'SHLVL',
  '_',
  'OLDPWD',
  'CHANNELS_ATTACHED',
  'CHANNELS_WINDOW',
  'STY',
  'WINDOW',
  'TERMCAP',
  'SHELL',
])

const known = <T>(answer: Answer<T>): T => {
  if (answer.is !== 'yes') throw new Error(`${answer.is}: ${answer.detail}`)
  return answer.value
}

/** Asks again as long as it is unknown: where the machine is busy, a multiplexer may not answer in time. */
const answered = <T>(ask: () => Promise<Answer<T>>): Promise<Answer<T>> =>
  until('an answer', async () => {
    const answer = await ask()
    return answer.is === 'unknown' ? null : answer
  })

const idOf = (pid: number): ProcessId => processes.find(pid) ?? { pid, start: '' }

const shows = (multiplexer: Multiplexer, place: TerminalPlace, text: string) =>
  until(`the screen to show ${text}`, async () => {
    const screen = await multiplexer.capture(place, { history: 0 })
    return screen.is === 'yes' && screen.value.includes(text)
  })

/** The programs that run in folders of this stage. */
const programsIn = (stage: Stage) =>
  processes.all().filter((process) => process.comm === 'sh' && processes.folder(process) === stage.folder)
