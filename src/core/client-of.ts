import type { Session } from './session.ts'

/**
 * The client of a session where it is now: the one it was set up with, or, once a version manager removed that version,
 * the same in another one. A client of another installation is nothing to be chosen unseen: `channels up` looks for that,
 * and says so.
 */
export const clientOf = (
  { claude }: { readonly claude: { readonly whereNow: (path: string) => string | null } },
  { client }: Pick<Session, 'client'>,
): string => claude.whereNow(client) ?? client
