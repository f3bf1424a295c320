import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from '../sim/until.ts'
import { openPlainTerminal, type PlainTerminal } from './plain-tmux.ts'

export const loopFile = fileURLToPath(new URL('../../src/multiplexer/loop.sh', import.meta.url))

// Stands for `node channels`: notes how it was called, gives the next answer of the test, and says so when there is
// none left. Answers are lines of `<status> <text>`; what is no answer of launch's goes to stderr.
const standIn = String.raw`
dir=$1; shift
printf '%s\n' "$*" >>"$dir/calls"
IFS= read -r line <"$dir/answers" || line='11 600 no answer left'
sed 1d "$dir/answers" >"$dir/answers.new" && mv "$dir/answers.new" "$dir/answers"
status=${'$'}{line%% *}
case $line in *' '*) text=${'$'}{line#* } ;; *) text= ;; esac
case $status in 0 | 10 | 11 | 12) printf '%s\n' "$text" ;; *) printf '%s\n' "$text" >&2 ;; esac
exit "$status"
`

export type LoopRig = PlainTerminal & {
  readonly folder: string
  readonly file: (name: string) => string
  answer(...lines: readonly string[]): void
  client(script: string): void
  read(name: string): string | null
  calls(): readonly string[]
  /** Waits until that stands on the screen. */
  shows(text: string): Promise<string>
  readonly pid: number
}

/** A loop in a terminal of its own. `script` is what the first client does; the first answers start it. */
export const openLoop = async (
  shell: string,
  { answers, client = 'exit 0', env = {}, prepare = () => undefined, slow = [] }: LoopStart,
): Promise<LoopRig> => {
  const folder = mkdtempSync(join(tmpdir(), 'loop-'))
  const file = (name: string) => join(folder, name)
  const read = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : null)
  const answer = (...lines: readonly string[]) =>
    appendFileSync(file('answers'), lines.map((line) => `${line}\n`).join(''))
  const writeClient = (script: string) => writeFileSync(file('launch.sh'), script, { mode: 0o600 })
  writeFileSync(file('answers'), '')
  answer(...answers)
  writeClient(client)
  // The launcher's "node" is a wrapper that knows the folder, its "script" is the stand-in.
  writeFileSync(file('stand-in.sh'), standIn)
  writeFileSync(file('node'), `#!/bin/sh\nscript=$1; shift\nexec sh "$script" '${folder}' "$@"\n`, {
    mode: 0o755,
  })
  writeFileSync(file('launcher'), `${file('node')}\n${file('stand-in.sh')}\n`)
  mkdirSync(file('bin'))
  for (const program of slow)
    writeFileSync(
      file(`bin/${program}`),
      `#!/bin/sh\n${pathOf('sleep')} 0.5\nexec '${pathOf(program)}' "$@"\n`,
      {
        mode: 0o755,
      },
    )
  prepare(file)
  const terminal = await openPlainTerminal([...shell.split(' '), loopFile, 'work', folder], {
    env: { PATH: `${file('bin')}:${process.env.PATH ?? ''}`, ...env },
  })
  const pid = Number(await terminal.format('#{pane_pid}'))
  return {
    ...terminal,
    folder,
    file,
    answer,
    client: writeClient,
    read,
    pid,
    calls: () => (read('calls') ?? '').trimEnd().split('\n').filter(Boolean),
    shows: (text) =>
      until(`the screen to show ${text}`, async () => {
        // A narrow terminal breaks our line where it likes.
        const screen = (await terminal.screen()).replaceAll('\n', '')
        return screen.includes(text) ? screen : null
      }),
    close: async () => {
      await terminal.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type LoopStart = {
  readonly answers: readonly string[]
  readonly client?: string
  readonly env?: Readonly<Record<string, string>>
  readonly prepare?: (file: (name: string) => string) => void
  /** Programs that take half a second longer there. */
  readonly slow?: readonly string[]
}

/** Plays a scene with loops of its own in that shell, and leaves none behind. */
export const inShell =
  (shell: string) =>
  (
    scene: (
      start: (start: LoopStart) => Promise<LoopRig>,
      alsoClose: (terminal: PlainTerminal) => void,
    ) => Promise<void>,
  ) =>
  async (): Promise<void> => {
    const open: { close(): Promise<void> }[] = []
    try {
      const start = async (options: LoopStart) => {
        const rig = await openLoop(shell, options)
        open.push(rig)
        return rig
      }
      await scene(start, (terminal) => void open.unshift(terminal))
    } finally {
      for (const each of open) await each.close()
    }
  }

const pathOf = (program: string) =>
  execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program]).toString().trim()
const isThere = (program: string) => {
  try {
    return pathOf(program) !== ''
  } catch {
    return false
  }
}
// What `sh` is on Debian, on Fedora and macOS (in that mode), and on Alpine.
export const shells = ['dash', 'bash --posix', 'busybox sh'].filter((shell) =>
  isThere(shell.split(' ')[0] ?? ''),
)

export const exited = (rig: LoopRig, run: string) =>
  until(`the exit of ${run}`, () =>
    rig.read('exit')?.endsWith(` ${run}\n`) ? rig.read('exit')?.trim() : null,
  )
export const waiting = (rig: LoopRig) => rig.shows('leaves it running')

export const wake = (rig: LoopRig) => writeFileSync(rig.file('wake'), '')
export const pidIn = (rig: LoopRig) => Number(rig.read('pid')) || null
export const withDir = (rig: { readonly folder: string }, script: string) => `dir='${rig.folder}'\n${script}`
