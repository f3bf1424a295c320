import type { ReasonName } from '../reasons.ts'
import { channelChecks } from './checks/channel.ts'
import { clientChecks } from './checks/client.ts'
import { machineChecks } from './checks/machine.ts'
import { runningChecks } from './checks/running.ts'

const all = { ...machineChecks, ...clientChecks, ...channelChecks, ...runningChecks } as const

export type CheckName = keyof typeof all

/** Every check of `channels doctor`, in the order it is shown: what others need comes first. */
export const checks = all satisfies Readonly<Record<CheckName, { readonly needs: readonly CheckName[] }>>

export const checkNames = Object.keys(checks) as readonly CheckName[]

/** The check by which a reason fails: of a session, or of the channel it is about. */
export const checkOf = (reason: ReasonName, isOfChannel: boolean): CheckName => {
  const named = checkNames.filter((name) => (checks[name].reasons as readonly ReasonName[]).includes(reason))
  const own = named.find((name) => (checks[name].of === 'channel') === isOfChannel) ?? named[0]
  if (own === undefined) throw new Error(`no check fails by ${reason}`)
  return own
}
