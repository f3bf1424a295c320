import type { ChannelEvidence } from '../evidence.ts'
import type { Finding } from '../finding.ts'
import type { ChannelFacts, SessionFacts } from './facts.ts'

/** One channel of the facts: what was looked at, its evidence, and what it amounts to. */
export type OneChannel = {
  readonly facts: SessionFacts
  readonly own: ChannelFacts
  readonly seen: ChannelEvidence | null
  readonly found: Finding | null
}
