import type { Session } from '../../core/session.ts'
import type { Ask, Deps } from '../../deps.ts'

/** What a careful person picks: Claude asks, in the chat, before it changes or runs anything. */
const careful = 'default'

const modes = [
  { value: 'default', label: 'Nothing but read', hint: 'it asks in the chat, with buttons' },
  { value: 'acceptEdits', label: 'Edit files in the folder', hint: 'acceptEdits' },
  { value: 'auto', label: 'What the client takes for safe', hint: 'auto' },
  { value: 'plan', label: 'Nothing at all: it only plans', hint: 'plan' },
] as const

/**
 * The client's permission mode: as said, else as the person chooses, with nobody to ask as it was before. Throws an
 * ExpectedError: 2 for one the client does not have, 130 when cancelled.
 */
export const choosePermissionMode = async (
  said: string | null,
  skip: boolean,
  before: Pick<Session, 'permissionMode'> | null,
  ask: Ask | null,
  { claude }: Pick<Deps, 'claude'>,
): Promise<string | null> => {
  if (said !== null) {
    claude.checkPermissionMode(said)
    return said
  }
  // Nothing would be asked anyway.
  if (skip) return null
  const former = before === null ? careful : before.permissionMode
  if (ask === null) return former
  const other = modes.some(({ value }) => value === former) ? null : former
  return ask.choose({
    message: 'What may Claude do without asking?',
    options: [...modes, ...(other === null ? [] : [{ value: other, label: 'As before', hint: other }])],
    initial: former ?? careful,
  })
}
