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
      return withoutPending(fields, (code) => code === change.code)
    case 'approve': {
      // By sender: a code that was given to somebody else meanwhile is not his to lose.
      const isTheirs = (_: string, entry: unknown) =>
        isTable(entry) && asId(entry.senderId) === change.senderId
      const approved = withoutPending(withSenders(fields, [change.senderId]), isTheirs)
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

const withoutPending = (
  fields: AccessFields,
  isOut: (code: string, entry: unknown) => boolean,
): AccessFields => {
  const kept = pendingEntries(fields).filter(([code, entry]) => !isOut(code, entry))
  return isTable(fields.pending) ? { ...fields, pending: Object.fromEntries(kept) } : fields
}
