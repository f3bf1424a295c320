import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Fields } from './json.ts'
import { childEnvironment } from './servers.ts'
import type { World } from './world.ts'

export type ToolResult = { readonly content: string | readonly Fields[]; readonly isError: boolean }

export type Shells = {
  readonly run: (input: Fields) => Promise<ToolResult>
  readonly inBackground: () => number
  /** With the client's SIGTERM its shells die, `setsid` ones excepted (field notes, section 2, process tree). */
  readonly stop: () => void
}

const text = { type: 'string' }
const schema = (...names: readonly string[]) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, text])),
})

export const builtInTools: readonly Fields[] = [
  { name: 'Bash', description: 'Run a command', input_schema: schema('command', 'description') },
  { name: 'Read', description: 'Read a file', input_schema: schema('file_path') },
  { name: 'AskUserQuestion', description: 'Ask the person', input_schema: schema('questions') },
]

export const readTool = (input: Fields): ToolResult => {
  const file = String(input.file_path)
  try {
    const bytes = readFileSync(file)
    if (!/\.(jpe?g|png|gif|webp)$/i.test(file)) return { content: bytes.toString('utf8'), isError: false }
    const source = { type: 'base64', media_type: 'image/jpeg', data: bytes.toString('base64') }
    return { content: [{ type: 'image', source }], isError: false }
  } catch (error) {
    return { content: String(error), isError: true }
  }
}

/** Shells of the Bash tool: each leads a session of its own, with everything the client's children inherit. */
export const openShells = (world: World, conversation: () => string, changed: () => void): Shells => {
  const alive = new Set<ChildProcess>()
  const background = new Set<ChildProcess>()
  const run = (input: Fields) =>
    new Promise<ToolResult>((done) => {
      const env = {
        ...world.environment,
        ...childEnvironment(conversation()),
        CLAUDE_PID: String(process.pid),
      }
      // Into a file, not a pipe: what the shell leaves running must keep neither the answer nor this client waiting.
      const file = join(mkdtempSync(join(tmpdir(), 'claude-shell-')), 'output')
      const output = openSync(file, 'a')
      const stdio = ['ignore', output, output] as const
      const child = spawn('/bin/sh', ['-c', String(input.command)], {
        cwd: world.cwd,
        env,
        detached: true,
        stdio: [...stdio],
      })
      closeSync(output)
      alive.add(child)
      child.on('exit', (code) => {
        alive.delete(child)
        const content = readFileSync(file, 'utf8').trimEnd()
        rmSync(dirname(file), { recursive: true })
        if (background.delete(child)) changed()
        done({ content, isError: code !== 0 })
      })
      if (input.run_in_background !== true) return
      background.add(child)
      done({ content: `Command running in background with ID: ${child.pid}`, isError: false })
    })
  const stop = () => {
    for (const { pid } of alive) if (pid !== undefined) endGroup(pid)
  }
  return { run, stop, inBackground: () => background.size }
}

const endGroup = (pid: number) => {
  try {
    process.kill(-pid, 'SIGTERM')
  } catch {
    // It ended by itself in between.
  }
}
