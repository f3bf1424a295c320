import { readFileSync, realpathSync } from 'node:fs'
import type { ClientPaths } from '../core/client.ts'
import { ExpectedError, exitStatus, homeNotTrusted, statusOfWrite } from '../errors.ts'
import type { ReplaceFile } from '../system/replace-file.ts'
import { replaceClientFile } from './client-file.ts'
import { asFields, type Fields, objectField, parseFields } from './fields.ts'
import { gitTop, projectFolder, upwards } from './git-top.ts'

/** Runs the action while `<path>.lock` is held, as the client does (proper-lockfile's protocol). */
export type WithLock = <T>(path: string, action: () => Promise<T>) => Promise<T>

/**
 * Whether the client will start in this folder without asking: the folder itself or one above it, up to the top of
 * its repository, is trusted (code of 2.1.330; 2.1.139 looks further up, too), or of a worktree the repository that it
 * was made of (code of both). Null when the file can't be read.
 */
export const isTrusted = (paths: ClientPaths, cwd: string): boolean | null => {
  const text = readText(paths.json)
  if (text === null) return false
  const config = text === undefined ? null : parseFields(text)
  if (config === null) return null
  const projects = objectField(config, 'projects') ?? {}
  const folder = realFolder(cwd)
  return [...upToTop(folder), projectFolder(folder)].some((each) => trustOf(projects, each))
}

/**
 * Says in the client's own file that this folder is trusted, as the client's docs describe (field notes, section 1).
 * Throws ExpectedError for the home directory, where trust is never stored, and for a file that is broken, which it
 * leaves alone.
 */
export const recordTrust =
  (replaceFile: ReplaceFile) =>
  async (paths: ClientPaths, cwd: string, withLock: WithLock): Promise<'recorded' | 'already'> => {
    const folder = realFolder(cwd)
    if (folder === realFolder(paths.home)) throw homeNotTrusted(folder, '--cwd <folder>')
    return (await changeTrust(paths, folder, true, { withLock, replaceFile })) ? 'recorded' : 'already'
  }

/** Takes back what `recordTrust` recorded; nothing else of the folder's entry changes. Throws as `recordTrust` does. */
export const forgetTrust =
  (replaceFile: ReplaceFile) =>
  async (
    paths: Pick<ClientPaths, 'json'>,
    cwd: string,
    withLock: WithLock,
  ): Promise<'forgotten' | 'nothing'> => {
    const folder = realFolder(cwd)
    if (readText(paths.json) === null) return 'nothing'
    return (await changeTrust(paths, folder, false, { withLock, replaceFile })) ? 'forgotten' : 'nothing'
  }

/** Whether anything had to be changed. */
const changeTrust = (
  paths: Pick<ClientPaths, 'json'>,
  folder: string,
  trusted: boolean,
  { withLock, replaceFile }: { readonly withLock: WithLock; readonly replaceFile: ReplaceFile },
): Promise<boolean> =>
  withLock(paths.json, async () => {
    const config = readConfig(paths.json)
    const projects = objectField(config, 'projects') ?? {}
    if (trustOf(projects, folder) === trusted) return false
    const project = { ...objectField(projects, folder), hasTrustDialogAccepted: trusted }
    writeConfig(paths.json, { ...config, projects: { ...projects, [folder]: project } }, replaceFile)
    return true
  })

const trustOf = (projects: Fields, folder: string): boolean =>
  objectField(projects, folder)?.hasTrustDialogAccepted === true

const upToTop = (folder: string): readonly string[] => {
  const top = gitTop(folder)
  const all = upwards(folder)
  return top === null ? all : all.slice(0, all.indexOf(top) + 1)
}

const realFolder = (path: string): string => {
  try {
    return realpathSync(path).normalize('NFC')
  } catch {
    return path.normalize('NFC')
  }
}

/** Null when there is no file, undefined when it can't be read. */
const readText = (path: string): string | null | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    return asFields(error)?.code === 'ENOENT' ? null : undefined
  }
}

const readConfig = (path: string): Fields => {
  const text = readText(path)
  const config = text === null ? {} : text === undefined ? null : parseFields(text)
  if (config === null) throw brokenConfig(path)
  return config
}

const writeConfig = (path: string, config: Fields, replaceFile: ReplaceFile): void => {
  try {
    replaceClientFile(path, `${JSON.stringify(config, null, 2)}\n`, replaceFile)
  } catch (error) {
    const code = String(asFields(error)?.code ?? 'unknown error')
    throw new ExpectedError(
      statusOfWrite(code),
      `The client's file ${path} can't be written (${code}).`,
      'See who owns the file and its folder, and whether the disk is full, then try again.',
      error,
    )
  }
}

const brokenConfig = (path: string) =>
  new ExpectedError(
    exitStatus.badConfiguration,
    `The client's file ${path} can't be read or is not valid JSON; it was left as it is.`,
    'Start `claude` once: it offers to repair the file. Or put a backup of it in place.',
  )
