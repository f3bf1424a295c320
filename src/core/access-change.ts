import { type AccessFields, asId, asList, pendingEntries } from './access.ts'
import { isTable } from './shape.ts'

/** One thing to change in an `access.json`. */
export type AccessChange =
  | { readonly do: 'allow'; readonly ids: readonly string[] }
  | { readonly do: 'remove'; readonly id: string }
  | { readonly do: 'policy'; readonly policy: 'pairing' | 'allowlist' | 'disabled' }
  /** Ends pairing. Another policy stays; and where none is written, as in a file that is gone, none comes into being. */
  | { readonly do: 'lock' }
  | { readonly do: 'deny'; readonly code: string }
  /** All that one sender was given, known by the sender where the codes are not. */
  | { readonly do: 'deny'; readonly senderId: string }
  | {
      /** Of a sender whose code was looked up: none is asked for here. */
      readonly do: 'approve'
      readonly senderId: string
      /** Set along with it, unless null. */
      readonly policy: 'allowlist' | null
    }

/**
 * The fields of an `access.json` after a change; unknown keys and the order of all stay. Applied to its own result it
 * changes nothing, by which it is told whether the change holds in a file that others write, too.
 */
export const applyAccessChange = (fields: AccessFields, change: AccessChange): AccessFields => {
  switch (change.do) {
    case 'allow':
      return withSenders(fields, change.ids)
    case 'remove':
      return withoutSender(fields, change.id)
    case 'policy':
      return { ...fields, dmPolicy: change.policy }
    case 'lock':
      return fields.dmPolicy === 'pairing' ? { ...fields, dmPolicy: 'allowlist' } : fields
    case 'deny':
      return withoutPending(
        fields,
        'code' in change ? (code) => code === change.code : isFrom(change.senderId),
      )
    case 'approve': {
      // By sender: a code that was given to somebody else meanwhile is not his to lose.
      const approved = withoutPending(withSenders(fields, [change.senderId]), isFrom(change.senderId))
      return change.policy === null ? approved : { ...approved, dmPolicy: change.policy }
    }
  }
}

const withSenders = (fields: AccessFields, ids: readonly string[]): AccessFields => ({
  ...fields,
  // Numbers become text, since the plugin compares text; what else stands there stays.
  allowFrom: [...new Set([...(asList(fields.allowFrom) ?? []).map((entry) => asId(entry) ?? entry), ...ids])],
})

const withoutSender = (fields: AccessFields, id: string): AccessFields => {
  const senders = asList(fields.allowFrom)
  return senders === null ? fields : { ...fields, allowFrom: senders.filter((entry) => asId(entry) !== id) }
}

const isFrom =
  (senderId: string) =>
  (_: string, entry: unknown): boolean =>
    isTable(entry) && asId(entry.senderId) === senderId

const withoutPending = (
  fields: AccessFields,
  isOut: (code: string, entry: unknown) => boolean,
): AccessFields => {
  const kept = pendingEntries(fields).filter(([code, entry]) => !isOut(code, entry))
  return isTable(fields.pending) ? { ...fields, pending: Object.fromEntries(kept) } : fields
}
