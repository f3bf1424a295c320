import { realpathSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, extname } from 'node:path'
import { checkSettings, emptySettings, type Settings } from '../core/settings.ts'
import { keepUnknown } from '../core/unknown-keys.ts'
import { ExpectedError, exitStatus } from '../errors.ts'
import { cannotWrite, errorCode } from './file-errors.ts'
import { findJsonError } from './json-error.ts'
import { withLock } from './lock.ts'
import { readText, writeText } from './records.ts'

/**
 * The configuration; empty settings when there is none. Writes nothing and loads nothing. Throws an ExpectedError: 78
 * naming path and line, or the field that is wrong, 77 when it may not be read.
 */
export const readSettings = (file: string): Settings => parse(file).settings

/**
 * Changes the configuration under its lock, mode 0600; hands back what it is now. Keys of another release are kept, at
 * every level. Throws an ExpectedError: as `readSettings` (and then leaves the file alone), 1 for a lock that others
 * hold, 73 or 77 when it can't be written. A change that `readSettings` would refuse is a bug: nothing is written.
 */
export const updateSettings = (file: string, change: (settings: Settings) => Settings): Promise<Settings> =>
  withLock(file, async () => {
    const { raw, settings } = parse(file)
    const changed = change(settings)
    if (changed === settings) return settings
    const checked = checkSettings(changed)
    // Written, it would lock every command out until somebody mends the file by hand.
    if ('problem' in checked) throw new Error(`These settings must not be written: ${checked.problem}.`)
    await store(file, keepUnknown(raw, settings, changed))
    return changed
  })

const parse = (file: string): { readonly raw: unknown; readonly settings: Settings } => {
  const text = readText(file)
  if (text === null) return { raw: {}, settings: emptySettings }
  const raw = parseJson(file, text)
  const settings = checkSettings(raw)
  if (!('problem' in settings)) return { raw, settings }
  throw broken(`${file} is not a valid configuration: ${settings.problem}.`, file)
}

const parseJson = (file: string, text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    const { line, column } = findJsonError(text)
    throw broken(`${file} is not valid JSON: line ${line}, column ${column}.`, file)
  }
}

const broken = (message: string, file: string) =>
  new ExpectedError(
    exitStatus.badConfiguration,
    message,
    `Mend ${file} by hand, or move it away and set the sessions up again.`,
  )

const store = async (file: string, value: Record<string, unknown>): Promise<void> => {
  const { default: Conf } = await import('conf')
  // conf does not notice when a disk that is nearly full takes half of what it writes, and puts that half in place. So
  // the whole of it is on the disk before, and takes the place of anything else found there after.
  const real = target(file)
  const spare = `${real}.new`
  const text = JSON.stringify(value, undefined, '\t')
  writeText(spare, text)
  try {
    const extension = extname(file)
    const conf = new Conf<Record<string, unknown>>({
      cwd: dirname(file),
      configName: basename(file, extension),
      fileExtension: extension.slice(1),
      accessPropertiesByDotNotation: false,
      configFileMode: 0o600,
    })
    conf.store = value
  } catch (error) {
    // What the disk refused to conf is tried once more by a mere rename below.
    if (errorCode(error) === null) throw error
  } finally {
    settle(real, spare, text)
  }
}

const settle = (file: string, spare: string, text: string): void => {
  try {
    if (readText(file) !== text) renameSync(spare, file)
  } catch (error) {
    throw cannotWrite(file, error)
  } finally {
    rmSync(spare, { force: true })
  }
}

/** A configuration kept elsewhere and linked here stays a link. */
const target = (file: string): string => {
  try {
    return realpathSync(file)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return file
    throw cannotWrite(file, error)
  }
}
