import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { until } from '../sim/until.ts'
import { exited, inShell, shells, waiting, wake, withDir } from './loop-rig.ts'
import { isGone } from './plain-tmux.ts'

/** The last ten minutes of a day name no time of day: it would be tomorrow's. */
const waitingLine =
  /channels: it ended\. Next look in 600 s(, at \d\d:\d\d:\d\d)?\. Ctrl-b d leaves it running; Ctrl-C stops it\./
const timedLine = /Next look in 600 s, at \d\d:\d\d:\d\d\./
const isTomorrowSoon = (): boolean => new Date(Date.now() + 660_000).getDate() !== new Date().getDate()

describe.concurrent.each(shells)('the loop in %s', (shell) => {
  const play = inShell(shell)

  test.each([
    ['exit 0', 0],
    ['exit 3', 3],
    ['kill -9 $$', 137],
    ['kill -15 $$', 143],
    ['kill -2 $$', 130],
  ])('records how a client ended: %s', (client, status) =>
    play(async (start) => {
      const rig = await start({ client, answers: ['0 run-1', '11 600 it ended'] })
      await expect(exited(rig, 'run-1')).resolves.toBe(`${status} run-1`)
      const screen = await waiting(rig)
      expect(screen).toMatch(waitingLine)
      if (!isTomorrowSoon()) expect(screen).toMatch(timedLine)
      expect(screen).not.toMatch(/Killed|Terminated|loop\.sh/)
      expect(rig.calls()).toEqual(Array(2).fill(`launch work --loop ${rig.pid} --protocol 1`))
    })(),
  )

  test(
    'ends when launch says so, for another loop too',
    play(async (start) => {
      for (const answer of ['10 stopped', '12 another']) {
        const rig = await start({ answers: ['11 600 not yet'] })
        await waiting(rig)
        rig.answer(answer)
        wake(rig)
        await until('the loop to end', () => isGone(rig.pid))
      }
    }),
  )

  test(
    'asks launch what a Ctrl-C at the waiting line means',
    play(async (start) => {
      const rig = await start({ answers: ['11 600 first', '11 600 still wanted'] })
      await waiting(rig)
      await rig.keys('C-c')
      await rig.shows('still wanted')
      rig.answer('10 stopped')
      await rig.keys('C-c')
      await until('the loop to end', () => isGone(rig.pid))
      const asked = `launch work --loop ${rig.pid} --protocol 1`
      expect(rig.calls()).toEqual([asked, `${asked} --interrupted`, `${asked} --interrupted`])
    }),
  )

  test.each([['stty'], ['date'], ['sleep']])(
    'hears a Ctrl-C as soon as its line can be read, where %s is slow',
    (program) =>
      play(async (start) => {
        const rig = await start({ answers: ['11 600 first', '11 600 still wanted'], slow: [program] })
        await waiting(rig)
        await rig.keys('C-c')
        expect(await rig.shows('still wanted')).not.toMatch(/loop\.sh|number|arith/i)
        expect(rig.calls()[1]).toContain('--interrupted')
      })(),
  )

  test(
    'asks once, however often Ctrl-C is pressed',
    play(async (start) => {
      const rig = await start({ answers: ['11 600 first', '11 600 still wanted'], slow: ['stty', 'sed'] })
      await waiting(rig)
      const screen = await until('the answer', async () => {
        await rig.keys('C-c')
        const now = await rig.screen()
        return /still wanted|failed/.test(now) && now
      })
      expect(screen).not.toContain('failed')
      expect(rig.calls()[1]).toContain('--interrupted')
    }),
  )

  test(
    'records how a client ended, though Ctrl-C is pressed once too often',
    play(async (start) => {
      // Once it is written, the record is not put in its place before the keys were pressed.
      const prepare = (file: (name: string) => string) => {
        const held = `case "$*" in *.exit.*) while [ ! -e '${file('pressed')}' ]; do sleep 0.05; done;; esac`
        writeFileSync(file('bin/mv'), `#!/bin/sh\n${held}\nPATH=\${PATH#*:} exec mv "$@"\n`, { mode: 0o755 })
      }
      const rig = await start({ client: 'exit 3', answers: ['0 run-1', '11 600 it ended'], prepare })
      await until('the record to be written', () => rig.read(`.exit.${rig.pid}`))
      await rig.keys('C-c', 'C-\\')
      writeFileSync(rig.file('pressed'), '')
      await waiting(rig)
      expect(rig.read('exit')).toBe('3 run-1\n')
    }),
  )

  test(
    'tries at once at a Ctrl-C while launch fails, and takes nobody for having left',
    play(async (start) => {
      const rig = await start({ answers: ['70', '70', '70', '11 600 recovered'] })
      await rig.shows('Ctrl-C tries at once')
      await until('a pause long enough to press a key in', async () => rig.calls().length >= 3)
      await rig.keys('C-c')
      await rig.shows('recovered')
      expect(rig.calls().filter((call) => call.includes('--interrupted'))).toEqual([])
    }),
  )

  test(
    'waits as long as told, and no longer than a wake file',
    play(async (start) => {
      const rig = await start({ answers: ['11 1 short', '11 600 long'] })
      await rig.shows('long')
      rig.answer('11 600 woken')
      wake(rig)
      await rig.shows('woken')
      expect(rig.read('wake')).toBeNull()
    }),
  )

  test.each(['11 soon', '11 -1 x', '11 08 x', '11', '11 9999999999 x', '0', '70 a bug', '130 x', '137 x'])(
    'takes %s for a failed launch, says so and recovers',
    (line) =>
      play(async (start) => {
        const rig = await start({ answers: [line, '11 600 recovered'] })
        await rig.shows('recovered')
        expect(await rig.shows('channels launch failed')).toContain('Next try in 1 s')
        expect(rig.read('launch-failed')).toBeNull()
        expect(rig.calls()).toHaveLength(2)
      })(),
  )

  test(
    'waits longer each time launch fails, and follows an upgrade of the launcher',
    play(async (start) => {
      const rig = await start({
        answers: [],
        prepare: (file) => writeFileSync(file('launcher'), '/nowhere/node\n/nowhere/channels.js\n'),
      })
      await rig.shows('Next try in 2 s')
      expect(await rig.screen()).toContain('channels launch failed (127): ')
      expect(await rig.screen()).toContain('/nowhere/node')
      expect(rig.read('launch-failed')).toMatch(/^127 \d{10}\n$/)
      rig.answer('11 600 upgraded')
      writeFileSync(rig.file('launcher.new'), `${rig.file('node')}\n${rig.file('stand-in.sh')}\n`)
      renameSync(rig.file('launcher.new'), rig.file('launcher'))
      wake(rig)
      await rig.shows('upgraded')
      expect(rig.read('launch-failed')).toBeNull()
    }),
  )

  test(
    'names the error of Node, not the version Node prints after it',
    play(async (start) => {
      const rig = await start({
        answers: [],
        prepare: (file) => writeFileSync(file('launcher'), `${process.execPath}\n/nowhere/channels.js\n`),
      })
      await rig.shows("channels launch failed (1): Error: Cannot find module '/nowhere/channels.js'")
    }),
  )

  test(
    'survives a folder that is gone, and one that takes no writing',
    play(async (start) => {
      const rig = await start({ answers: ['11 600 not yet'] })
      await waiting(rig)
      renameSync(rig.folder, `${rig.folder}.away`)
      mkdirSync(rig.folder)
      // Each of these can be opened by nobody, root included: what they name is not there, or a folder.
      for (const name of ['launch.log', 'exit', 'launch-failed', `.exit.${rig.pid}`])
        mkdirSync(rig.file(name))
      writeFileSync(rig.file('wake'), '')
      await rig.shows('channels launch failed (127)')
      for (const name of ['node', 'stand-in.sh', 'launcher'])
        renameSync(`${rig.folder}.away/${name}`, rig.file(name))
      rig.client(withDir(rig, ': >"$dir/ran"; exit 5'))
      rig.answer('0 run-1', '11 600 goes on')
      await rig.shows('goes on')
      expect(rig.read('ran')).toBe('')
      rmSync(`${rig.folder}.away`, { recursive: true })
    }),
  )

  test(
    'survives a full disk',
    play(async (start) => {
      const rig = await start({
        answers: ['0 run-1', '11 600 goes on'],
        client: 'exit 5',
      })
      await rig.shows('goes on')
      // The temporary file of the next record is a device without room.
      symlinkSync('/dev/full', rig.file(`.exit.${rig.pid}`))
      rig.answer('0 run-2', '11 600 and on')
      wake(rig)
      await rig.shows('and on')
      expect(rig.read('exit')?.trim()).not.toBe('5 run-2')
    }),
  )

  test(
    'keeps its log short',
    play(async (start) => {
      const rig = await start({
        answers: ['11 600 not yet'],
        prepare: (file) => writeFileSync(file('launch.log'), 'x'.repeat(300_000)),
      })
      await waiting(rig)
      expect(rig.read('launch.log')).toHaveLength(65_536)
    }),
  )

  test.runIf(process.platform === 'linux')(
    'is known by its name and small',
    play(async (start) => {
      const rig = await start({ answers: ['11 600 not yet'] })
      await waiting(rig)
      const command = readFileSync(`/proc/${rig.pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      expect(command).toMatch(/loop\.sh work /)
      const kib = Number(/^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${rig.pid}/status`, 'utf8'))?.[1])
      expect(kib).toBeLessThan(shell === 'dash' ? 2048 : 4608)
    }),
  )
})
