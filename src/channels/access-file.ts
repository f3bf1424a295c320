import { type Access, type AccessFields, accessOf } from '../core/access.ts'
import { applyAccessChange } from '../core/access-change.ts'
import { type Answer, no, unknown, yes } from '../core/answer.ts'
import type { ChannelKind } from '../core/channel.ts'
import { isSenderOf } from '../core/pairing.ts'
import { parseOnChange } from '../core/parse-on-change.ts'
import { isTable } from '../core/shape.ts'
import { ExpectedError, exitStatus, usageError } from '../errors.ts'
import type { ReplaceFile } from '../system/replace-file.ts'
import { readStateFile, replaceStateFile, stateFileMark } from './state-files.ts'

export const accessFileName = 'access.json'

/** Who may talk to the bot (field notes, section 3). No means that there is no file: `usual` is how its plugin takes that. */
export const readAccess = (stateDir: string, usual: 'pairing' | 'allowlist' = 'pairing'): Answer<Access> => {
  const file = readStateFile(stateDir, accessFileName)
  if (file.is === 'unreadable') return unknown(file.detail)
  if (file.is === 'absent') return no(`there is no access.json in ${stateDir}`)
  const access = parsers[usual](stateDir, file.text)
  return access === null ? unknown(`the access.json in ${stateDir} is broken`) : yes(access)
}

const accessIn = (usual: 'pairing' | 'allowlist') =>
  parseOnChange((text) => {
    const fields = parse(text)
    return fields === null ? null : accessOf(fields, usual)
  })

const parsers = { pairing: accessIn('pairing'), allowlist: accessIn('allowlist') } as const

/**
 * Sets who may talk to the bot while no plugin runs: the policy, unless null, and senders added to those that are
 * allowed. Everything else in the file stays; the plugin reads it anew at every message. Throws ExpectedError: usage for
 * an id that is no messenger's, 78 for a broken file, which stays as it is. `changeAccess` is for a plugin that runs.
 */
export const ensureAccess =
  (replaceFile: ReplaceFile) =>
  (
    stateDir: string,
    wanted: {
      readonly policy: 'pairing' | 'allowlist' | 'disabled' | null
      readonly allow: readonly string[]
      /** The policy of a list that has none yet; pairing when absent. */
      readonly usual?: 'pairing' | 'allowlist'
    },
  ): void => {
    checkSenders(wanted.allow)
    const change = (before: AccessFields): AccessFields => ({
      ...applyAccessChange(before, { do: 'allow', ids: wanted.allow }),
      dmPolicy: wanted.policy ?? before.dmPolicy ?? wanted.usual ?? 'pairing',
      groups: before.groups ?? {},
      pending: before.pending ?? {},
    })
    if (!rewriteAccess(stateDir, change, replaceFile)) throw accessContested(stateDir)
  }

/** Throws ExpectedError (usage) when one of these can be no sender's. */
export const checkSenders = (ids: readonly string[], kind: ChannelKind | null = null): void => {
  if (!ids.every((id) => isSenderOf(kind, id))) throw noSenderId(kind)
}

/**
 * Rewrites the file by a change, if that changes anything. The plugin writes it, too, and takes no lock: when the file
 * is another by the time ours is on the disk, it starts over, so that a code given out just now is not lost. False
 * when that went on for 20 tries, nothing written. Throws ExpectedError: 78 for a broken file, which stays as it is, 73
 * or 77 when it can't be written.
 */
export const rewriteAccess = (
  stateDir: string,
  change: (fields: AccessFields) => AccessFields,
  replaceFile: ReplaceFile,
): boolean => {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const mark = stateFileMark(stateDir, accessFileName)
    const { text, fields } = currentAccess(stateDir)
    const after = change(fields)
    if (isSame(fields, after)) return true
    // The text, since times are told coarsely; the mark last, since it is quickly told: 1 ms here costs people codes.
    const unchanged = () => textOf(stateDir) === text && stateFileMark(stateDir, accessFileName) === mark
    // A new file is whole, as the plugin writes one.
    const whole = text === null ? { ...blank, ...after } : after
    const written = `${JSON.stringify(whole, null, 2)}\n`
    if (replaceStateFile(stateDir, accessFileName, written, replaceFile, unchanged)) return true
  }
  return false
}

/** Whether a change would change nothing in the file. Throws ExpectedError (78) for a broken one. */
export const accessHolds = (stateDir: string, change: (fields: AccessFields) => AccessFields): boolean => {
  const { fields } = currentAccess(stateDir)
  return isSame(fields, change(fields))
}

/** Others write the file again and again: said after it was tried for long. */
export const accessContested = (stateDir: string) =>
  new ExpectedError(
    exitStatus.wrong,
    `The access.json in ${stateDir} does not stay as it was written: another program changes it all the time.`,
    'Wait until it is done, or stop the session (`channels down`), then run the command again.',
  )

const mostTries = 20

const blank = { dmPolicy: 'pairing', allowFrom: [], groups: {}, pending: {} }

const currentAccess = (stateDir: string): { readonly text: string | null; readonly fields: AccessFields } => {
  const text = textOf(stateDir)
  const fields = text === null ? {} : text === undefined ? null : parse(text)
  if (fields === null) throw broken(stateDir)
  return { text: text ?? null, fields }
}

/** Null when there is no file, undefined when it can't be read. */
const textOf = (stateDir: string): string | null | undefined => {
  const file = readStateFile(stateDir, accessFileName)
  return file.is === 'text' ? file.text : file.is === 'absent' ? null : undefined
}

const isSame = (one: AccessFields, other: AccessFields): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

const parse = (text: string): AccessFields | null => {
  try {
    const value: unknown = JSON.parse(text)
    return isTable(value) ? value : null
  } catch {
    return null
  }
}

const noSenderId = (kind: ChannelKind | null) => {
  if (kind === 'imessage')
    return usageError(
      'An iMessage sender is named by a phone number or an address, and this is neither.',
      'Write the number with its country: +15551234567. Or the address of the Apple account.',
    )
  if (kind === 'discord')
    return usageError(
      'A Discord sender is named by a number, and this is none.',
      'Discord shows it with Developer Mode on (Settings, Advanced): a right click on your name, Copy User ID.',
    )
  if (kind !== 'telegram')
    return usageError(
      'A sender is named by the id the messenger gives, and this is none.',
      '`channels access <session>` lists those it knows.',
    )
  return usageError(
    'A Telegram sender is named by a number, and this is none.',
    'Write to @userinfobot in Telegram: it answers with your id.',
  )
}

const broken = (stateDir: string) =>
  new ExpectedError(
    exitStatus.badConfiguration,
    `The access.json in ${stateDir} can't be read or is not valid JSON; it was left as it is.`,
    'Repair it, or move it aside: the plugin then asks senders to pair.',
  )
