import { until } from '../../sim/until.ts'
import type { Seen, Wizard } from './rig.ts'
import { type Person, questionNow, type Step } from './steps.ts'

export type Walk = {
  /** Where to stop; to the end when absent. */
  readonly to?: Step
  /** Called at each question, before it is answered. */
  readonly at?: (step: Step, seen: Seen) => Promise<void>
  readonly ms?: number
}

/** Answers what is asked, as the table says, and writes the message at the proof, until the wizard stands at a step or ends. */
export const walk = async (
  wizard: Wizard,
  person: Person,
  { to, at, ms = 50_000 }: Walk = {},
): Promise<Seen> => {
  let written = false
  let last: Seen | null = null
  const once = async (): Promise<Seen | null> => {
    const seen = await wizard.look()
    last = seen
    if (seen.ended !== null) return seen
    if (to !== undefined && standsAt(to, seen)) return seen
    if (seen.waits?.startsWith('Waiting for your message') && !written) {
      written = true
      person.bot.push('hi there')
    }
    if (seen.asks === null) return null
    const step = questionNow(seen.asks)
    await at?.(step, seen)
    await step.pass(wizard, person)
    return null
  }
  try {
    return await until(to?.name ?? 'the end', once, ms)
  } catch (cause) {
    throw new Error(`on the way to ${to?.name ?? 'the end'}:\n${(last as Seen | null)?.screen}`, { cause })
  }
}

const standsAt = ({ is, shows }: Step, { asks, waits }: Seen): boolean =>
  shows.test((is === 'question' ? asks : waits) ?? '')
