import { isTable } from './shape.ts'

/** A person who wrote to the bot and was given a code, which nobody has approved yet; times in ms since 1970. */
export type Pending = {
  readonly code: string
  readonly senderId: string
  readonly chatId: string
  readonly createdAt: number | null
  readonly expiresAt: number | null
}

/** Who may talk to the bot, from the plugin's `access.json` (field notes, section 3). */
export type Access = {
  readonly policy: 'pairing' | 'allowlist' | 'disabled' | 'unknown'
  readonly senders: readonly string[]
  readonly pending: readonly Pending[]
}

/** The fields of an `access.json`, those nobody here knows among them. */
export type AccessFields = Readonly<Record<string, unknown>>

/**
 * Reads the fields of an `access.json`; what is garbled is left out. Only own keys count: a code `__proto__` or
 * `constructor` is one like any other. Never throws.
 */
export const accessOf = (fields: AccessFields, usual: 'pairing' | 'allowlist' = 'pairing'): Access => ({
  policy: policyOf(fields.dmPolicy, usual),
  senders: (asList(fields.allowFrom) ?? []).flatMap((entry) => asId(entry) ?? []),
  pending: pendingEntries(fields).flatMap(([code, entry]) => pendingOf(code, entry) ?? []),
})

/** The pending codes as they stand in the file. */
export const pendingEntries = (fields: AccessFields): readonly (readonly [string, unknown])[] =>
  isTable(fields.pending) ? Object.entries(fields.pending) : []

export const asList = (value: unknown): readonly unknown[] | null => (Array.isArray(value) ? value : null)

/** An id as text; by hand people write numbers. Null for anything else. */
export const asId = (value: unknown): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null

const pendingOf = (code: string, entry: unknown): Pending | null => {
  if (!isTable(entry)) return null
  const [senderId, chatId] = [asId(entry.senderId), asId(entry.chatId)]
  if (senderId === null || chatId === null) return null
  return { code, senderId, chatId, createdAt: asTime(entry.createdAt), expiresAt: asTime(entry.expiresAt) }
}

const asTime = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null

const policyOf = (policy: unknown, usual: 'pairing' | 'allowlist'): Access['policy'] =>
  // As the plugin takes a missing policy.
  policy === undefined ? usual : (policies.find((known) => known === policy) ?? 'unknown')

const policies = ['pairing', 'allowlist', 'disabled'] as const
