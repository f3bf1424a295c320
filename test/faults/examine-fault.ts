import { type CheckName, checkNames, checkOf, checks } from '../../src/core/doctor/checks.ts'
import { isReason, type ReasonName, reasons } from '../../src/core/reasons.ts'
import { cli } from '../sim/cli.ts'
import { type Examination, readExamination } from '../sim/doctor-schema.ts'
import { journal } from '../sim/watch.ts'
import type { Machine } from '../simulated/faults/kit.ts'
import type { Fault, Scene } from './fault.ts'
import { pause } from './watch-fault.ts'

/**
 * What of `channels doctor` is not as it should be while a fault lasts, in words: the check of its reason has to fail, no
 * other one, and what depends on it is not checked. Null: nothing.
 */
export const examineFault = async (fault: Fault, home: Machine, scene: Scene): Promise<string | null> => {
  // What heals by itself until somebody mends it comes and goes.
  const patienceMs = isRecovering(fault.says) ? 30_000 : 0
  for (const deadline = Date.now() + patienceMs; ; await pause(500)) {
    const becomes = wasHealed(home) ? (fault.becomes ?? null) : null
    const wrong = whatIsWrong(fault, becomes, await examine(home, scene))
    if (wrong === null || Date.now() > deadline) return wrong
  }
}

const isRecovering = (name: Fault['says']): boolean =>
  name !== null && isReason(name) && reasons[name].state === 'recovering'

const wasHealed = (home: Machine): boolean => journal(home).some(({ type }) => type === 'healing')

const whatIsWrong = (
  fault: Fault,
  becomes: ReasonName | null,
  { checks: found, code }: Seen,
): string | null => {
  const failed = found.filter(({ state }) => state === 'failed')
  const said = failed.map(({ check, reason }) => `${check} [${reason}]`).join(', ')
  if (fault.says === null || !isReason(fault.says))
    return failed.length === 0 && code === 0 ? null : `doctor fails ${said}, ends with ${code}`
  const [only] = failed
  const says = becomes !== null && only?.reason === becomes ? becomes : fault.says
  const expected = [checkOf(says, true), checkOf(says, false)]
  // It asks itself, and by then may know better.
  const may: readonly (string | null)[] = [says, ...(fault.passes ?? [])]
  if (only === undefined || failed.length > 1 || !may.includes(only.reason) || !expected.includes(only.check))
    return `doctor fails ${said || 'nothing'}, not ${expected[0]} [${says}] alone`
  const checked = found.filter(
    ({ check, channel, state }) =>
      (only.channel === null || channel === null || channel === only.channel) &&
      dependsOn(check, only.check) &&
      state !== 'not-checked',
  )
  if (checked.length > 0)
    return `doctor says of ${checked.map(({ check, state }) => `${check} that it is ${state}`).join(', ')}, though ${only.check} failed`
  return code === 1 ? null : `doctor ends with ${code}`
}

/** The same once it is mended: nothing fails. */
export const examineMended = async (home: Machine, scene: Scene): Promise<string | null> => {
  const { checks: found, code } = await examine(home, scene)
  const failed = found.filter(({ state }) => state === 'failed')
  return failed.length === 0 && code === 0
    ? null
    : `mended, doctor still fails ${failed.map(({ check, found: what }) => `${check} (${what})`).join(', ')}, ends with ${code}`
}

type Seen = Examination & { readonly code: number | null }

const examine = async (home: Machine, { ward, env }: Scene): Promise<Seen> => {
  const outcome = await home.channels(['doctor', ward.name, '--json'], { env: env?.() ?? {}, script: cli })
  return { ...readExamination(outcome), code: outcome.code }
}

const dependsOn = (check: string, on: CheckName): boolean => {
  const name = checkNames.find((each) => each === check)
  const needs: readonly CheckName[] = name === undefined ? [] : checks[name].needs
  return needs.some((each) => each === on || dependsOn(each, on))
}
