import type { Deps, ServiceStep } from '../../deps.ts'
import { cancelled, usageError } from '../../errors.ts'
import { whomToAsk } from '../setup/questions.ts'

/**
 * Shows what is about to be done, word for word, and asks. Throws an ExpectedError: 2 where there is nobody to ask, 130
 * at a no.
 */
export const agree = async (
  steps: readonly ServiceStep[],
  { yes, action, nothing }: { readonly yes: boolean; readonly action: string; readonly nothing: string },
  deps: Deps,
): Promise<void> => {
  const ask = await whomToAsk(yes, deps)
  for (const line of steps.flatMap(described)) deps.output.say(line)
  deps.output.say('')
  if (yes) return
  if (ask === null)
    throw usageError(nothing, `Say that this is to be done with \`channels service ${action} --yes\`.`)
  if (!(await ask.confirm({ message: 'Shall this be done?', initial: true }))) throw cancelled(nothing)
}

const described = (step: ServiceStep): readonly string[] => {
  if (step.do === 'remove') return [`Remove ${step.path}`]
  if (step.do === 'run') return [`Run    ${step.words.join(' ')}`]
  if (step.inWords !== undefined) return [`Write  ${step.path}: ${step.inWords}`]
  return [
    `Write  ${step.path}`,
    ...step.text
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`.trimEnd()),
  ]
}
