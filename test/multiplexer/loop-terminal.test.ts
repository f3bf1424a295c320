import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { exactly } from '../patience.ts'
import { stateOf } from '../sim/processes.ts'
import { until } from '../sim/until.ts'
import { exited, inShell, type LoopRig, pidIn, shells, waiting, wake, withDir } from './loop-rig.ts'
import { isGone, openPlainTerminal } from './plain-tmux.ts'

/** Termios of the terminal the loop sits in. */
const stty = async (rig: LoopRig) =>
  ` ${execFileSync('stty', ['-a', '-F', await rig.format('#{pane_tty}')])
    .toString()
    .replaceAll(/\s+/g, ' ')}`

// Leaves the terminal as a client does that is killed: raw, with mouse, alternate screen and the rest.
const messy = String.raw`stty raw -echo
printf '\033[?1049h\033[?1000h\033[?1002h\033[?1003h\033[?1006h\033[?25l\033[?2004h\033[?1004h\033[?1h\033=\033[5;10r\033[4h\033[31m\033[>1u'
`
// Notes every key it gets; ready once it takes keys.
const keyTaker = `stty -icanon -echo -isig min 1
: >"$dir/ready"
exec cat >"$dir/keys"
`

describe.concurrent.each(shells)('the loop and the terminal in %s', (shell) => {
  const play = inShell(shell)

  test(
    'puts the terminal back after a killed client',
    play(async (start) => {
      const rig = await start({ client: `${messy}kill -9 $$`, answers: ['0 run-1', '11 600 it ended'] })
      await waiting(rig)
      await until('echo', async () => (await stty(rig)).includes(' echo '))
      expect(await stty(rig)).toMatch(/ isig icanon .* echo /)
      expect(
        await rig.format('#{mouse_any_flag}#{alternate_on}#{keypad_flag}#{keypad_cursor_flag}#{insert_flag}'),
      ).toBe('00000')
      expect(
        await rig.format('#{cursor_flag}#{wrap_flag} #{scroll_region_upper}-#{scroll_region_lower}'),
      ).toBe('11 0-39')
      await rig.text('visible?')
      await rig.shows('visible?')
    }),
  )

  test(
    'gives the next client a terminal in order',
    play(async (start) => {
      const rig = await start({ client: `${messy}kill -9 $$`, answers: ['0 run-1', '11 600 it ended'] })
      await exited(rig, 'run-1')
      await waiting(rig)
      rig.client(withDir(rig, 'stty -a >"$dir/stty"; exec sleep 600'))
      rig.answer('0 run-2')
      wake(rig)
      const seen = await until('what the client saw', () => rig.read('stty') || null)
      expect(seen.replaceAll(/\s+/g, ' ')).toMatch(/ isig icanon .* echo /)
      expect(await rig.format('#{mouse_any_flag}#{alternate_on}')).toBe('00')
    }),
  )

  test(
    'hands no key typed while waiting to a client',
    play(async (start) => {
      const rig = await start({ answers: ['11 600 not yet'] })
      await waiting(rig)
      await rig.keys('y', 'Enter', 'C-d', '1', 'Enter')
      await rig.text('half a line')
      rig.client(withDir(rig, keyTaker))
      rig.answer('0 run-1')
      wake(rig)
      await until('the client to take keys', () => rig.read('ready') !== null)
      await rig.text('Z')
      await expect(until('the key', () => rig.read('keys') || null)).resolves.toBe('Z')
    }),
  )

  test(
    'hands no key typed while a client is away to the next one',
    play(async (start) => {
      const rig = await start({ answers: ['11 600 not yet'] })
      await waiting(rig)
      // Launch itself is slow here, and keys are typed meanwhile, Ctrl-C among them.
      const slow = `#!/bin/sh\n: >'${rig.file('asked')}'\nwhile [ ! -e '${rig.file('go')}' ]; do sleep 0.05; done\necho run-1\n`
      writeFileSync(rig.file('slow'), slow, { mode: 0o755 })
      writeFileSync(rig.file('launcher'), `/bin/sh\n${rig.file('slow')}\n`)
      rig.client(withDir(rig, keyTaker))
      wake(rig)
      await until('launch to be asked', () => rig.read('asked') !== null)
      await rig.keys('y', 'Enter', 'C-c', 'C-z', 'C-s')
      writeFileSync(rig.file('go'), '')
      await until('the client to take keys', () => rig.read('ready') !== null)
      await rig.text('Z')
      await expect(until('the key', () => rig.read('keys') || null)).resolves.toBe('Z')
    }),
  )

  test(
    'leaves Ctrl-C and Ctrl-\\ to a client that wants them',
    play(async (start) => {
      const client = (file: string) =>
        `trap 'echo int >>"${file}"' INT; trap 'echo quit >>"${file}"; exit 7' QUIT; : >"${file}"; while :; do sleep 0.05; done`
      const rig = await start({ answers: ['11 600 not yet'] })
      await waiting(rig)
      rig.client(client(rig.file('got')))
      rig.answer('0 run-1', '11 600 it ended')
      wake(rig)
      await until('the client', () => rig.read('got') === '')
      await rig.keys('C-c')
      await until('its Ctrl-C', () => rig.read('got') === 'int\n')
      await rig.keys('C-\\')
      await expect(exited(rig, 'run-1')).resolves.toBe('7 run-1')
      await waiting(rig)
      expect(rig.calls()).not.toContain('--interrupted')
    }),
  )

  test(
    'lets a person leave while it waits',
    play(async (start, alsoClose) => {
      const rig = await start({ answers: ['11 600 not yet'], env: { CHANNELS_LEAVE: 'Ctrl-a d' } })
      await rig.shows('Ctrl-a d leaves it running')
      const person = await openPlainTerminal([
        'env',
        '-u',
        'TMUX',
        'tmux',
        '-S',
        rig.socket,
        'attach',
        '-t',
        't',
      ])
      alsoClose(person)
      await until('the person to be there', async () => (await rig.format('#{session_attached}')) === '1')
      await person.keys('C-b', 'd')
      await until('the person to be gone', async () => (await rig.format('#{session_attached}')) === '0')
      expect(isGone(rig.pid)).toBe(false)
      expect(rig.calls()).toHaveLength(1)
    }),
  )

  test(
    'is not confused by a client that stops itself',
    play(async (start) => {
      for (const stop of ['kill -STOP $$', 'kill -TSTP $$', 'kill -STOP 0']) {
        const rig = await start({ answers: ['11 600 not yet'] })
        await waiting(rig)
        rig.client(
          withDir(
            rig,
            `echo $$ >"$dir/pid"; ${stop}; : >"$dir/on"; while [ ! -e "$dir/go" ]; do sleep 0.05; done; exit 4`,
          ),
        )
        rig.answer('0 run-1', '11 600 it ended')
        wake(rig)
        const pid = await until('the client', () => pidIn(rig))
        if (stop === 'kill -STOP $$') {
          await until('the client to be stopped', () => stateOf(pid) === 'T')
          process.kill(pid, 'SIGCONT')
        }
        // SIGTSTP stops nobody in a terminal without job control, and tmux wakes a group that was stopped.
        await until(`the client to go on after ${stop}`, () => rig.read('on') === '')
        expect(rig.calls()).toHaveLength(2)
        writeFileSync(rig.file('go'), '')
        await expect(exited(rig, 'run-1')).resolves.toBe('4 run-1')
      }
    }),
  )

  test(
    'hands on what describes the terminal, and nothing else',
    play(async (start) => {
      const rig = await start({
        answers: ['11 600 not yet'],
        env: { SECRET: 's', LC_CTYPE: 'C.UTF-8', TZ: "Ain't/$(here)" },
      })
      await waiting(rig)
      rig.client(withDir(rig, 'env >"$dir/env.new" && mv "$dir/env.new" "$dir/env"; exit 0'))
      rig.answer('0 run-1', '11 600 it ended')
      wake(rig)
      await exited(rig, 'run-1')
      // What a shell sets by itself is its own, busybox's PATH among it.
      const names = (rig.read('env') ?? '').split('\n').filter(Boolean)
      expect(names.filter((line) => !/^(PWD|SHLVL|_|OLDPWD)=|^PATH=\/sbin:/.test(line)).sort()).toEqual(
        [
          'LANG=C.UTF-8',
          'LC_CTYPE=C.UTF-8',
          `TERM=${await rig.format('#{default-terminal}')}`,
          "TZ=Ain't/$(here)",
        ].sort(),
      )
    }),
  )

  test(
    'ends at once with its terminal, and its client with it',
    play(async (start) => {
      const rig = await start({ answers: ['11 600 not yet'] })
      await waiting(rig)
      await rig.tmux('kill-pane', '-t', 't')
      await until('the waiting loop to end', () => isGone(rig.pid), exactly(1000))

      const busy = await start({ answers: ['11 600 not yet'] })
      await waiting(busy)
      busy.client(withDir(busy, 'echo $$ >"$dir/pid"; while :; do sleep 0.05; done'))
      busy.answer('0 run-1')
      wake(busy)
      const client = await until('the client', () => pidIn(busy))
      await busy.tmux('kill-pane', '-t', 't')
      await until('the loop to end', () => isGone(busy.pid), exactly(1000))
      await until('the client to end', () => isGone(client), exactly(1000))
    }),
  )
})
