import { isWithin } from './duration.ts'
import type { ClientEvidence, Evidence } from './evidence.ts'
import type { ReasonName } from './reasons.ts'

/** Asking takes half a second of a core: where the answer can't be noted (a full disk), not in each look. */
const askAgainMs = 10_000

/**
 * Whether another version is installed where this client was started from, and runs. The old one is still there, so
 * nothing is broken: it is no hurry. What only was written anew as the same version is none.
 */
export const isUpdated = ({ installed, file, replaced }: ClientEvidence): boolean =>
  !replaced &&
  installed?.another === true &&
  installed.runs === 'yes' &&
  installed.version !== (file?.version ?? null)

/** Whether what is installed now is still to be asked which version it is. */
export const isToBeAsked = (
  { client }: Pick<Evidence, 'client'>,
  askedAt: number | null,
  now: number,
): boolean =>
  client?.installed?.another === true &&
  client.installed.runs === 'unknown' &&
  (askedAt === null || !isWithin(askedAt, askAgainMs, now))

/**
 * Whether nobody has written for a while, Claude is at rest, and nobody looks: a restart that nothing calls for takes
 * nobody's prompt or answer from under their eyes.
 */
export const isQuiet = ({ session, client, run, terminal, channels }: Evidence, now: number): boolean => {
  const { updateMs } = session.restart
  if (updateMs === null || client?.file?.activity !== 'idle' || terminal.attached > 0) return false
  const { transcript, file } = client
  const signs = [
    run?.startedAt,
    file.statusUpdatedAt,
    transcript?.lastRowAt,
    ...channels.map(({ log }) => log?.lastInboundAt),
  ]
  return signs.every((at) => at == null || !isWithin(at, updateMs, now))
}

/** What a client that is well is ended for; null where there is nothing newer to start. */
export const swapOf = (client: ClientEvidence): 'client-replaced' | 'client-updated' | null =>
  client.replaced ? 'client-replaced' : isUpdated(client) ? 'client-updated' : null

/** Its client hears and answers, and is ended only for another of its kind. */
export const isSwap = (reason: ReasonName): boolean =>
  reason === 'client-replaced' || reason === 'client-updated'
