import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { readProcess, signal } from '../../sim/processes.ts'

export type Ended = { readonly code: number | null; readonly text: string }

export type RunOptions = {
  readonly words?: readonly string[]
  readonly nodeArguments?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** A script of ours, run below a temporary folder of its own. */
export type Program = {
  readonly folder: string
  /** Runs it to its end; `heard` gets all that was printed so far, whenever there is more. */
  readonly run: (
    heard?: (text: string, program: ChildProcess) => void,
    options?: RunOptions,
  ) => Promise<Ended>
  /** Processes that have the folder in their environment or command line. */
  readonly left: () => readonly number[]
  readonly expectNothingLeft: () => void
  readonly close: () => void
}

export const openProgram = (name: 'demo' | 'soak'): Program => {
  const script = fileURLToPath(new URL(`../../../scripts/${name}.js`, import.meta.url))
  const folder = mkdtempSync(join(tmpdir(), `${name}-`))
  const left = (): readonly number[] =>
    readdirSync('/proc')
      .map((pid) => (/^\d+$/.test(pid) ? readProcess(Number(pid)) : null))
      .filter((found) => found !== null)
      .filter(({ argv, env }) => [...argv, ...Object.values(env)].some((text) => text.includes(folder)))
      .map(({ pid }) => pid)
  return {
    folder,
    left,
    run: (heard = () => undefined, { words = [], nodeArguments = [], env = {} } = {}) =>
      new Promise((resolve, reject) => {
        const program = spawn(process.execPath, [...nodeArguments, script, ...words], {
          env: { ...process.env, TMPDIR: folder, ...env },
          stdio: ['ignore', 'pipe', 'pipe'],
        })
        let text = ''
        for (const stream of [program.stdout, program.stderr])
          stream.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk
            heard(text, program)
          })
        program.once('error', reject)
        program.once('close', (code) => resolve({ code, text }))
      }),
    expectNothingLeft: () => {
      expect(left()).toEqual([])
      expect(readdirSync(folder)).toEqual([])
    },
    close: () => {
      for (const pid of left()) signal(pid, 'SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Calls back once, as soon as the program has printed this. */
export const at = (line: string, act: (program: ChildProcess) => void) => {
  let done = false
  return (text: string, program: ChildProcess): void => {
    if (done || !text.includes(line)) return
    done = true
    act(program)
  }
}
