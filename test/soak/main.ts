import { perform } from './perform.ts'

/** `npm run soak`: sessions under random faults, and an account of every message. Answers the exit status. */
export const soak = (): Promise<number> => perform(process.argv.slice(2))
