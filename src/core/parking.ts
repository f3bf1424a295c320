import { isWithin } from './duration.ts'
import type { Effect } from './effect.ts'
import type { Evidence, LoginEvidence } from './evidence.ts'
import { holdOf } from './hold.ts'
import type { ReasonName } from './reasons.ts'
import type { Health, Orders, Parked } from './records.ts'

const minute = 60_000
/** Whether a login is back shows in the credentials; where it doesn't (a keychain), the client is asked this often. */
const askAgainMs = 10 * minute
/** It takes half a second of a core. */
const askNextMs = 10_000
/** An answer that could not be understood is asked for again after this. */
const askSoonMs = minute
/** Without any sign it is tried again after this: it may cost one message. */
const loginTryMs = 6 * 60 * minute
/** A limit whose end nobody knows, doubling; the longest window of a subscription but for the week is five hours. */
const limitTryMs = { first: 30 * minute, most: 5 * 60 * minute } as const
/** Clocks differ, and a limit that ended this very moment may not have ended everywhere. */
export const afterResetMs = 15_000

/** What a client is ended for that would take messages into nothing; null when it is not one of these reasons. */
export const park = (
  reason: ReasonName,
  { parked }: Health,
  evidence: Evidence,
  now: number,
): Parked | null => {
  const { run, client, login } = evidence
  if (run === null || (reason !== 'login-expired' && reason !== 'usage-limit')) return null
  // One that still tries keeps what it was given, and is not at rest.
  const failure = client?.transcript?.retrying == null ? client?.transcript?.apiFailure : null
  if (failure == null) return null
  const tries = parked?.reason === reason ? parked.tries + 1 : 1
  const { resetsAt } = failure
  const limitMs = Math.min(limitTryMs.most, limitTryMs.first * 2 ** (tries - 1))
  const limit = resetsAt === null || resetsAt + afterResetMs <= now ? now + limitMs : resetsAt + afterResetMs
  const until = reason === 'login-expired' ? now + loginTryMs : limit
  // Renewed between the refusal and now, they are not those that were refused.
  const known = login?.credentialsAt ?? null
  const credentialsAt = known !== null && known <= failure.at ? known : null
  return { run: run.run, reason, at: now, until, tries, credentialsAt }
}

/** What is to be done about a client that is kept ended, or that was refused its login: ask, let it go on, or wait. */
export const unpark = (
  { parked }: Health,
  evidence: Evidence,
  reason: ReasonName | null,
  now: number,
): readonly Effect[] => {
  const { login, run, orders, client } = evidence
  if (login === null || run === null) return []
  // A client that could not be ended, or not yet, is kept from nothing.
  const hold = client === null ? holdOf(run, orders, now) : null
  if (hold === null) return reason === 'login-expired' && isAskDue(login, now) ? [{ do: 'check-login' }] : []
  if (hold.reason !== 'login-expired' || parked?.reason !== hold.reason || parked.run !== run.run) return []
  if (isAskDue(login, now)) return [{ do: 'check-login' }]
  // Each time in vain it waits longer: on a machine whose credentials can't be seen to change, a try may cost a message.
  const rested = now - parked.at >= minute * (2 ** Math.min(parked.tries - 1, 5) - 1)
  return rested && isBack(parked, login)
    ? [{ do: 'release', why: 'logged-in', orders: orderFor(run.run, orders?.ended ?? null) }]
    : []
}

const orderFor = (run: string, ended: Orders['ended']): Orders => ({
  format: 1,
  run,
  ended,
  hold: null,
  fresh: false,
})

/** Credentials that the client calls good and that are not those it was refused with. */
const isBack = (parked: Parked, { checked, credentialsAt }: LoginEvidence): boolean =>
  checked?.is === 'yes' &&
  checked.at >= parked.at &&
  checked.credentialsAt === credentialsAt &&
  credentialsAt !== parked.credentialsAt

const isAskDue = ({ checked, credentialsAt }: LoginEvidence, now: number): boolean => {
  if (checked === null) return true
  // Where they can only be told by a file that changes all the time (macOS), each look would ask.
  if (checked.credentialsAt !== credentialsAt) return !isWithin(checked.at, askNextMs, now)
  return !isWithin(checked.at, checked.is === 'unknown' ? askSoonMs : askAgainMs, now)
}
