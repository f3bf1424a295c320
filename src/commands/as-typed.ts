import type { Session } from '../core/session.ts'
import { findSession } from '../core/settings.ts'
import { sayWhich } from '../core/which-channel.ts'
import type { Deps } from '../deps.ts'

/** A text about the one channel that is meant of a session, its commands as they can be typed: it may have others. */
export const asTyped = (
  text: string,
  { name, channels }: Session,
  { settings }: Pick<Deps, 'settings'>,
): string => sayWhich(text, channels[0] ?? null, findSession(settings.read(), name)?.channels ?? channels)
