import type { ReasonName } from './reasons.ts'

/** By which a client that runs waits for somebody at its terminal. */
export const askedAtTerminal = [
  'development-dialog',
  'mcp-dialog',
  'bypass-dialog',
  'resume-dialog',
  'unknown-dialog',
  'permission-prompt',
  'question',
] as const satisfies readonly ReasonName[]
