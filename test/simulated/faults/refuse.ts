import { expect } from 'vitest'
import type { Call, Outcome } from '../../sim/cli.ts'
import type { Machine } from './kit.ts'
import { snapshot } from './secrets.ts'

export type Refusal = {
  readonly args: readonly string[]
  readonly code: number
  readonly says: RegExp
  readonly call?: Partial<Call>
}

/** Runs them all at once: each refused as it should be, and not a byte or a mode is different afterwards. */
export const expectRefused = async (
  home: Machine,
  ...refusals: readonly Refusal[]
): Promise<readonly Outcome[]> => {
  const before = snapshot(home.home, home.channelsHome, home.project)
  const outcomes = await Promise.all(refusals.map((one) => expectOne(home, one)))
  expect(snapshot(home.home, home.channelsHome, home.project)).toEqual(before)
  return outcomes
}

const expectOne = async (home: Machine, { args, code, says, call }: Refusal): Promise<Outcome> => {
  const refused = await home.channels(args, call)
  const seen = `${args.join(' ')}\n${refused.stdout}\n${refused.stderr}`
  expect({ seen, code: refused.code, stdout: refused.stdout }).toEqual({ seen, code, stdout: '' })
  expect(refused.stderr).toMatch(says)
  // What happened, and what helps; no stack.
  expect(refused.stderr).toMatch(/(^|\n)channels: \S.+[.:?)]\n {2}\S.+\n$/)
  expect(refused.stderr).not.toMatch(/\n {4}at /)
  return refused
}

/** `setup` with everything it needs, but for what `change` makes of it: null leaves a flag out. */
export const setupArgs = (
  home: Machine,
  change: Readonly<Record<string, string | true | null>> = {},
): readonly string[] => {
  const flags: Readonly<Record<string, string | true | null>> = {
    session: 'new',
    cwd: home.project,
    'token-stdin': true,
    trust: true,
    allow: '4242',
    yes: true,
    'no-start': true,
    ...change,
  }
  return [
    'setup',
    home.channel,
    ...Object.entries(flags).flatMap(([name, value]) =>
      value === null ? [] : value === true ? [`--${name}`] : [`--${name}`, value],
    ),
  ]
}
