import { parseArgs } from 'node:util'

export type SoakArguments = {
  readonly minutes: number
  /** The same seed makes the same plan. */
  readonly seed: number
  readonly faults: number
  readonly sessions: number
  /** Names of faults; all there are where it is null. */
  readonly kinds: readonly string[] | null
}

export const usage =
  'Usage: npm run soak -- [--minutes 2] [--seed 1] [--faults 12] [--sessions 4] [--kinds <fault>,<fault>...]'

/** Reads the command line; what is wrong with it in a sentence otherwise. */
export const readArguments = (words: readonly string[]): SoakArguments | { readonly fault: string } => {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        minutes: { type: 'string', default: '2' },
        seed: { type: 'string', default: '1' },
        faults: { type: 'string', default: '12' },
        sessions: { type: 'string', default: '4' },
        kinds: { type: 'string' },
      },
    })
    const read = {
      minutes: Number(values.minutes),
      seed: Number(values.seed),
      faults: Number(values.faults),
      sessions: Number(values.sessions),
      kinds: values.kinds?.split(',') ?? null,
    }
    return { ...read, ...faultOf(read) }
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) }
  }
}

const faultOf = ({ minutes, seed, faults, sessions }: SoakArguments): { readonly fault?: string } => {
  if (!(minutes >= 0.5 && minutes <= 1_440))
    return { fault: '--minutes is from 0.5 to 1440: a session that failed needs time to come back' }
  if (!Number.isInteger(seed) || seed < 0) return { fault: '--seed is a whole number' }
  if (!Number.isInteger(faults) || faults < 0) return { fault: '--faults is a whole number' }
  return Number.isInteger(sessions) && sessions >= 1 && sessions <= 20
    ? {}
    : { fault: '--sessions is a whole number from 1 to 20' }
}
