import { randomBytes } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asRecord } from './record.ts'
import { readText } from './state.ts'

export type Sender = { readonly senderId: string; readonly chatId: string; readonly isPrivate: boolean }
export type Admission = { readonly is: 'deliver' | 'drop' } | { readonly is: 'pair'; readonly code: string }

// Field notes, section 3: codes live an hour, three at most.
const codeLifeMs = 60 * 60_000
const mostCodes = 3
const mostReplies = 2

/** Whether a sender may talk, by `access.json`, which is read again for every message; a new code is written there. */
export const admit = (dir: string, sender: Sender, now: number): Admission => {
  const access = readAccess(dir)
  if (access.dmPolicy === 'disabled') return { is: 'drop' }
  if (!sender.isPrivate) return { is: sender.chatId in access.groups ? 'deliver' : 'drop' }
  if (access.allowFrom.includes(sender.senderId)) return { is: 'deliver' }
  if (access.dmPolicy === 'allowlist') return { is: 'drop' }
  return offerCode(dir, access, sender, now)
}

/** Ids that may talk, from `access.json` as it is now. */
export const allowedSenders = (dir: string): readonly string[] => readAccess(dir).allowFrom

type Access = {
  readonly dmPolicy: string
  readonly allowFrom: readonly string[]
  readonly groups: Readonly<Record<string, unknown>>
  readonly pending: Readonly<Record<string, unknown>>
}

const readAccess = (dir: string): Access => {
  const file = asRecord(parse(readText(join(dir, 'access.json')) ?? '{}'))
  return {
    ...file,
    dmPolicy: typeof file.dmPolicy === 'string' ? file.dmPolicy : 'pairing',
    allowFrom: Array.isArray(file.allowFrom) ? file.allowFrom.map(String) : [],
    groups: asRecord(file.groups),
    pending: asRecord(file.pending),
  }
}

const offerCode = (dir: string, access: Access, sender: Sender, now: number): Admission => {
  const alive = Object.entries(access.pending).filter(([, entry]) => Number(asRecord(entry).expiresAt) > now)
  const known = alive.find(([, entry]) => asRecord(entry).senderId === sender.senderId)
  const replies = Number(asRecord(known?.[1]).replies ?? 0)
  if (replies >= mostReplies || (known === undefined && alive.length >= mostCodes)) return { is: 'drop' }
  const code = known?.[0] ?? randomBytes(3).toString('hex')
  const entry = {
    senderId: sender.senderId,
    chatId: sender.chatId,
    createdAt: now,
    expiresAt: now + codeLifeMs,
  }
  const kept = { ...entry, ...asRecord(known?.[1]), replies: replies + 1 }
  writeAccess(dir, { ...access, pending: { ...Object.fromEntries(alive), [code]: kept } })
  return { is: 'pair', code }
}

const writeAccess = (dir: string, access: Access) => {
  const file = join(dir, 'access.json')
  writeFileSync(`${file}.tmp`, `${JSON.stringify(access, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.tmp`, file)
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
