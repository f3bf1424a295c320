import type { Environment } from './world.ts'

/** The only ways to move this stand-in that the real client does not have: for causes a test can't provoke. */
export type Knobs = {
  /** FAKE_CLAUDE_VERSION: which version it behaves as; 2.1.330. */
  readonly version: string
  /** FAKE_CLAUDE_START_MS: from exec to the first sign of life, 100; the real one takes 1.5 s (field notes, section 1). */
  readonly startMs: number
  /** FAKE_CLAUDE_RETRY_MS: the first wait before a refused request is sent again, doubling; 500. */
  readonly retryMs: number
  /** FAKE_CLAUDE_TRUST_DIALOG=yes-first: the other form of 2.1.330's trust dialog (section 1). */
  readonly yesFirst: boolean
  /** FAKE_CLAUDE_OFFICIAL_MARKETPLACE: folder that stands for github.com/anthropics/claude-plugins-official; null: no network. */
  readonly officialMarketplace: string | null
  /** FAKE_CLAUDE_MANAGED: the folder that stands for /etc/claude-code, where an administrator puts settings; null: none. */
  readonly managed: string | null
}

export const readKnobs = (environment: Environment): Knobs => ({
  version: environment.FAKE_CLAUDE_VERSION ?? '2.1.330',
  startMs: Number(environment.FAKE_CLAUDE_START_MS ?? 100),
  retryMs: Number(environment.FAKE_CLAUDE_RETRY_MS ?? 500),
  yesFirst: environment.FAKE_CLAUDE_TRUST_DIALOG === 'yes-first',
  officialMarketplace: environment.FAKE_CLAUDE_OFFICIAL_MARKETPLACE ?? null,
  managed: environment.FAKE_CLAUDE_MANAGED ?? null,
})
