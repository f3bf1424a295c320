import { basename, dirname, isAbsolute, join } from 'node:path'
import { type Answer, no, yes } from '../core/answer.ts'
import type { Run } from '../system/run.ts'
import { type FileLook, fileLook } from './file-look.ts'
import { findProgram } from './find-program.ts'

/**
 * A stand-in that a version manager puts into PATH in place of a program: what it runs depends on the folder it is called
 * in, and on variables. By itself it is no program that can be relied on.
 */
export type Shim = {
  readonly path: string
  readonly manager: string
  /** What asks the manager; a name where the shim does not say which file that is. */
  readonly program: string
}

/** `asdf exec "bun"`, also by its path (before 0.16), and what rbenv and its like write, with their path in quotes. */
const script = /\bexec "?(?:\$\(command -v (\w+)\)|([^\s"]*?(asdf|nodenv|rbenv|pyenv|goenv|jenv)))"? exec\b/

/** Links to the manager's own binary, by its name: mise (formerly rtx), and Volta's beside `volta`. */
const binaries: Readonly<Record<string, string>> = { mise: 'mise', rtx: 'rtx', 'volta-shim': 'volta' }

/** A manager that downloads what it is asked for takes longer, and then nobody waits for it. */
const answerMs = 10_000

/** The shim that a path is; null when it is the program itself. As written by asdf 0.14 to 0.18, mise 2026, Volta 2, nodenv 1. */
export const recogniseShim = (path: string, look: FileLook = fileLook): Shim | null => {
  const real = look.realPath(path)
  const manager = real === null ? undefined : binaries[basename(real)]
  if (real !== null && manager !== undefined)
    return basename(path) === basename(real) ? null : { path, manager, program: join(dirname(real), manager) }
  const head = look.head(path)
  if (!head.startsWith('#!')) return null
  const [, named, file = '', name] = script.exec(head) ?? []
  const found = named ?? name
  return found === undefined ? null : { path, manager: found, program: isAbsolute(file) ? file : found }
}

/**
 * What a shim stands for in a folder, by its manager. No says why that can't be told: none is chosen for this folder, it
 * does not answer, or it is not to be found.
 */
export const askManager = async (
  run: Run,
  shim: Shim,
  cwd: string,
  env: Readonly<Record<string, string>>,
  look: FileLook = fileLook,
): Promise<Answer<string>> => {
  const { manager } = shim
  const program = isAbsolute(shim.program) ? shim.program : findManager(manager, env, look)
  if (program === null) return no(`${manager} is not to be found`)
  const name = basename(shim.path)
  const result = await run(program, ['which', name], { timeoutMs: answerMs, env, cwd })
  const asked = `\`${manager} which ${name}\``
  if (result.notFound) return no(`${program} is not there`)
  if (result.timedOut) return no(`${asked} did not answer within ${answerMs / 1_000} s`)
  const path = result.stdout.trim().split('\n').at(-1)?.trim() ?? ''
  if (result.status === 0 && isAbsolute(path) && path !== shim.path && look.isExecutable(path))
    return yes(path)
  const said = /\S.*/.exec(result.stderr)?.[0] ?? /\S.*/.exec(result.stdout)?.[0] ?? 'nothing'
  return no(`${asked} says: ${said.slice(0, 120).trimEnd()}`)
}

const findManager = (name: string, env: Readonly<Record<string, string>>, look: FileLook): string | null => {
  const { HOME = '', PATH } = env
  const usual = [
    join(HOME, `.${name}`, 'bin', name),
    join(HOME, '.local/bin', name),
    `/opt/homebrew/bin/${name}`,
  ]
  return (
    findProgram(name, PATH, look.isExecutable) ??
    usual.find((path) => isAbsolute(path) && look.isExecutable(path)) ??
    null
  )
}
