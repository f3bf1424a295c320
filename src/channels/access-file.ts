import type { Access } from '../core/access.ts'
import { type Answer, no, unknown, yes } from '../core/answer.ts'
import { ExpectedError, exitStatus, usageError } from '../errors.ts'
import type { ReplaceFile } from '../system/replace-file.ts'
import { readStateFile, replaceStateFile } from './state-files.ts'

type Fields = Readonly<Record<string, unknown>>

/** Who may talk to the bot (field notes, section 3). No means that there is no file: the plugin then pairs. */
export const readAccess = (stateDir: string): Answer<Access> => {
  const file = readStateFile(stateDir, 'access.json')
  if (file.is === 'unreadable') return unknown(file.detail)
  if (file.is === 'absent') return no(`there is no access.json in ${stateDir}`)
  const access = parseObject(file.text)
  if (access === null) return unknown(`the access.json in ${stateDir} is broken`)
  return yes({
    policy: policyOf(access.dmPolicy),
    senders: sendersOf(access),
    pending: Object.keys(asObject(access.pending) ?? {}).length,
  })
}

/**
 * Sets who may talk to the bot: the policy, unless null, and senders added to those that are allowed. Everything else in
 * the file stays; the plugin reads it anew at every message. Throws ExpectedError: usage for an id that is no Telegram
 * id, 78 for a broken file, which stays as it is.
 */
export const ensureAccess =
  (replaceFile: ReplaceFile) =>
  (
    stateDir: string,
    wanted: {
      readonly policy: 'pairing' | 'allowlist' | 'disabled' | null
      readonly allow: readonly string[]
    },
  ): void => {
    checkSenders(wanted.allow)
    const before = currentAccess(stateDir)
    const after = {
      ...before,
      dmPolicy: wanted.policy ?? before.dmPolicy ?? 'pairing',
      allowFrom: [...new Set([...sendersOf(before), ...wanted.allow])],
      groups: before.groups ?? {},
      pending: before.pending ?? {},
    }
    const text = `${JSON.stringify(after, null, 2)}\n`
    if (text !== `${JSON.stringify(before, null, 2)}\n`)
      replaceStateFile(stateDir, 'access.json', text, replaceFile)
  }

/** Throws ExpectedError (usage) when one of these is no Telegram id. */
export const checkSenders = (ids: readonly string[]): void => {
  if (ids.some((id) => !/^\d{1,20}$/.test(id))) throw noSenderId()
}

const currentAccess = (stateDir: string): Fields => {
  const file = readStateFile(stateDir, 'access.json')
  if (file.is === 'absent') return {}
  const access = file.is === 'text' ? parseObject(file.text) : null
  if (access === null) throw broken(stateDir)
  return access
}

const policyOf = (policy: unknown): Access['policy'] =>
  // The plugin takes a missing policy as pairing.
  policy === undefined ? 'pairing' : (policies.find((known) => known === policy) ?? 'unknown')

const policies = ['pairing', 'allowlist', 'disabled'] as const

const sendersOf = (access: Fields): readonly string[] => {
  const senders = access.allowFrom
  return Array.isArray(senders)
    ? senders.filter((id) => typeof id === 'string' || typeof id === 'number').map(String)
    : []
}

const parseObject = (text: string): Fields | null => {
  try {
    return asObject(JSON.parse(text))
  } catch {
    return null
  }
}

const asObject = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null

const noSenderId = () =>
  usageError(
    'A Telegram sender is named by a number, and this is none.',
    'Write to @userinfobot in Telegram: it answers with your id.',
  )

const broken = (stateDir: string) =>
  new ExpectedError(
    exitStatus.badConfiguration,
    `The access.json in ${stateDir} can't be read or is not valid JSON; it was left as it is.`,
    'Repair it, or move it aside: the plugin then asks senders to pair.',
  )
