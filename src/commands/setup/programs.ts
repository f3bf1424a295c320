import { withoutGaps } from '../../core/without-gaps.ts'
import type { Deps, Environment } from '../../deps.ts'
import type { Tell } from './questions.ts'

/** The client or Bun as a session is to have it. */
export type Chosen = {
  readonly path: string
  /** What it was found by where that is a version manager's shim, and what that stands for can't be told otherwise than in a folder. */
  readonly shim: {
    readonly path: string
    readonly manager: string
    readonly folder: string
    /** Why what it stands for could not be told; null: it could. */
    readonly problem: string | null
  } | null
}

/**
 * A program that was found, as it can be relied on after this shell: by a path that lasts, and in place of a version
 * manager's shim what that runs in a folder. A shim nobody can resolve is kept as it is.
 */
export const choose = async (
  found: string,
  folder: string,
  environment: Environment,
  { claude, run, env }: Pick<Deps, 'claude' | 'run' | 'env'>,
): Promise<Chosen> => {
  const path = claude.lastingProgram(found)
  const shim = claude.recogniseShim(path)
  if (shim === null) return { path, shim: null }
  // Managers are told by variables where they keep things, which no session has a use for.
  const asked = await claude.askManager(run, shim, folder, { ...withoutGaps(env), ...environment })
  const { manager } = shim
  return asked.is === 'yes'
    ? { path: asked.value, shim: { path, manager, folder, problem: null } }
    : { path, shim: { path, manager, folder, problem: asked.detail } }
}

/** Whether it is something else than what it was found by. */
export const isResolved = ({ shim }: Chosen): boolean => shim !== null && shim.problem === null

/** What was found, and by what where that is something else. */
export const describeChosen = (chosen: Chosen): string => {
  const { path, shim } = chosen
  return shim === null || !isResolved(chosen)
    ? path
    : `${path} (what the ${shim.manager} shim ${shim.path} runs in ${shim.folder})`
}

/**
 * The same program once the session's folder is known: there a shim may stand for another version, and where nobody can
 * tell what it stands for, that is said.
 */
export const chooseIn = async (
  what: string,
  chosen: Chosen,
  folder: string,
  environment: Environment,
  tell: Tell,
  deps: Pick<Deps, 'claude' | 'run' | 'env'>,
): Promise<Chosen> => {
  if (chosen.shim === null) {
    if (deps.claude.isPassing(chosen.path))
      tell.warn(
        `${what} lies where npx or a shell put it for the moment: ${chosen.path}. It may be gone tomorrow; install it for good, then run the same command again.`,
      )
    return chosen
  }
  const again =
    chosen.shim.folder === folder ? chosen : await choose(chosen.shim.path, folder, environment, deps)
  const { shim } = again
  if (shim?.problem != null)
    tell.warn(
      `${what}: ${again.path} is a shim of ${shim.manager}, and what it runs in ${folder} could not be told (${shim.problem}). It works only where ${shim.manager} has a version for it: choose one for that folder, then run the same command again.`,
    )
  else if (again.path !== chosen.path) tell.done(`${what}: ${describeChosen(again)}`)
  return again
}
