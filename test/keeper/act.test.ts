import { describe, expect, test } from 'vitest'
import { type Answer, no, unknown, yes } from '../../src/core/answer.ts'
import type { World } from '../../src/deps.ts'
import { findProgram, startTerminal } from '../../src/keeper/act.ts'
import type { TerminalState } from '../../src/multiplexer/port.ts'
import { resolveFolders } from '../../src/system/folders.ts'
import { createProcesses } from '../../src/system/processes.ts'
import { session } from '../core/evidence-builder.ts'

test('the loop is found where a folder has a space in its name, on macOS too', async () => {
  const folders = resolveFolders({ CHANNELS_HOME: '/Users/me/My  Files' }, '/Users/me')
  const { loop } = folders.session(session.name)
  const running = (command: string) => ({
    folders,
    processes: createProcesses('darwin', {
      ps: (_, args) =>
        args[0] === '-axo' ? '  7     1 S    Sun Nov 22 09:05:07 2026     /bin/sh\n' : `${command}\n`,
    }),
    multiplexer: async () => ({ state: async () => yes({ pid: 7, attached: 0 }) }),
  })
  expect(loop).toContain('My  Files')
  expect(await findProgram(running(`/bin/sh ${loop} web /Users/me`), session)).toBe('loop')
  expect(await findProgram(running('-zsh'), session)).toBe('other')
  const answering = (answer: Answer<TerminalState>) => ({
    ...running(''),
    multiplexer: async () => ({ state: async () => answer }),
  })
  expect(await findProgram(answering(unknown('no answer')), session)).toBe('loop')
  expect(await findProgram(answering(no('no server running')), session)).toBe('none')
})

test('a program that is only being started shows no command line, and is not taken for another', async () => {
  const world = {
    folders: resolveFolders({ CHANNELS_HOME: '/state' }, '/home/me'),
    processes: { find: () => ({ pid: 7 }), command: () => [] },
    multiplexer: async () => ({ state: async () => yes({ pid: 7, attached: 0 }) }),
  } as unknown as World
  expect(await findProgram(world, session)).toBe('loop')
})

describe('starting a terminal that is there', () => {
  /** A terminal that gives these answers when looked at; what was done to it. */
  const play = async (...answers: readonly (Answer<TerminalState> | 'other')[]) => {
    const done: string[] = []
    let elapsed = 0
    let there = true
    const left = [...answers]
    const folders = resolveFolders({ CHANNELS_HOME: '/state' }, '/home/me')
    const { loop } = folders.session(session.name)
    let program = loop
    const multiplexer = {
      kind: 'tmux',
      attach: () => ({ leave: 'Ctrl-b d' }),
      start: async () => {
        const answer = there ? 'already' : 'started'
        there = true
        return answer
      },
      end: async () => {
        done.push('end')
        there = false
      },
      state: async () => {
        const answer = left.shift() ?? 'other'
        program = answer === 'other' ? '-zsh' : loop
        return answer === 'other' ? yes({ pid: 7, attached: 0 }) : answer
      },
    }
    const world = {
      folders,
      env: {},
      home: '/home/me',
      program: { node: 'node', script: 'channels.js', loop: '/loop.sh' },
      files: { checks: {}, readText: () => '', writeText: () => undefined, readRecord: () => null },
      clock: {
        now: () => elapsed,
        elapsed: () => elapsed,
        sleep: async (ms: number) => {
          elapsed += ms
        },
      },
      processes: {
        find: (pid: number) => ({ pid, ppid: 1, start: '1', comm: 'sh' }),
        command: () => ['/bin/sh', program],
        ancestors: () => [],
      },
      multiplexer: async () => multiplexer,
      journal: { append: (_: string, entry: { type: string; what: string }) => done.push(entry.what) },
    } as unknown as World
    await startTerminal(world, session)
    return done
  }
  const loopRuns = yes({ pid: 7, attached: 0 })
  const notFound: Answer<never> = no('no server running')

  test('ends nothing that only could not be found for a moment', async () => {
    await expect(play(notFound, notFound, loopRuns)).resolves.toEqual([])
  })

  test('makes one anew that holds another program', async () => {
    await expect(play('other')).resolves.toEqual(['end', 'ended', 'started'])
  })

  test('says so when it stays without our program', async () => {
    await expect(play(...Array<Answer<never>>(1_000).fill(notFound))).rejects.toThrow('nothing of ours runs')
  })
})
