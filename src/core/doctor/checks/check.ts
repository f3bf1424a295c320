import type { ReasonName } from '../../reasons.ts'

/** One condition for a live channel, or for its keeping: what is looked at, and what has to be so first. */
type Check = {
  /** For people, as the first words of a line. */
  readonly title: string
  /** Whether it is one of the machine, of a session or of each of its channels. */
  readonly of: 'machine' | 'session' | 'channel'
  readonly looksAt: string
  /** The checks without which it means nothing: it is not checked. */
  readonly needs: readonly string[]
  /** The reasons of the catalogue by which it fails; each reason is that of one check, or of a session's and a channel's. */
  readonly reasons: readonly ReasonName[]
}

export type Checks = Readonly<Record<string, Check>>
