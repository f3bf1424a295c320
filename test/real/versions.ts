/** A client that the real suite was put to. */
export type Trial = {
  readonly version: string
  /** What each `npm run test:real` plays on it: all of the suite, the story of every.test.ts, or nothing unless asked for. */
  readonly part: 'all' | 'story' | 'asked for'
  /** When what `played` says was played on it last, and what that was: all files, or these. */
  readonly triedAt: string
  readonly played: 'all' | readonly string[]
  readonly notes: string
}

/** Newest first; `docs/versions.md` shows the table. */
export const trials: readonly Trial[] = [
  {
    version: '2.1.332',
    part: 'asked for',
    triedAt: '2026-11-30',
    played: ['every', 'conversation', 'wizard'],
    notes: '`send`, `life`: all but what a busy machine is too slow for',
  },
  { version: '2.1.330', part: 'all', triedAt: '2026-11-30', played: 'all', notes: '' },
  {
    version: '2.1.300',
    part: 'story',
    triedAt: '2026-11-30',
    played: ['every', 'conversation', 'interrupted', 'life', 'others', 'send', 'wizard'],
    notes: '',
  },
  {
    version: '2.1.260',
    part: 'story',
    triedAt: '2026-11-30',
    played: ['every', 'conversation', 'interrupted', 'life', 'others', 'send', 'wizard'],
    notes: '`life`: all but its first test, which a busy machine started in 10.4 s instead of 10',
  },
  {
    version: '2.1.229',
    part: 'story',
    triedAt: '2026-11-30',
    played: ['every', 'conversation', 'interrupted', 'life', 'others', 'send', 'wizard'],
    notes: '`life`: all but its first test, which a busy machine started in 14.8 s instead of 10',
  },
  {
    version: '2.1.197',
    part: 'story',
    triedAt: '2026-11-30',
    played: ['every', 'conversation', 'interrupted', 'life', 'others', 'send', 'wizard'],
    notes: '',
  },
  {
    version: '2.1.160',
    part: 'story',
    triedAt: '2026-11-30',
    played: ['every', 'conversation', 'interrupted', 'life', 'others', 'send', 'wizard'],
    notes: '',
  },
  { version: '2.1.139', part: 'all', triedAt: '2026-11-30', played: 'all', notes: '' },
]

/** Any release may take part: `npm run test:real -- --versions …`. */
export type ClientVersion = string

/** Set by scripts/real.js. */
const asked = process.env.CHANNELS_CLIENT_VERSIONS?.split(',').filter((version) => version !== '')

const having = (part: Trial['part']): readonly ClientVersion[] =>
  trials.filter((trial) => trial.part === part).map(({ version }) => version)

/** All of the suite: the newest one, and the oldest that writes a status into its session file. */
export const clientVersions: readonly ClientVersion[] = asked ?? having('all')

/** For what takes long, or differs in nothing that is known. */
export const newestClientVersion: readonly ClientVersion[] = asked ?? having('all').slice(0, 1)

/**
 * For what asks more of `channels` than of a client: where CI decides, whose time is limited, the newest alone. All play
 * it by `npm run test:real` elsewhere.
 */
export const someClientVersions: readonly ClientVersion[] =
  process.env.CI === undefined ? clientVersions : newestClientVersion

/** The story (every.test.ts) of those that the rest of the suite leaves out. */
export const storyVersions: readonly ClientVersion[] = asked ?? having('story')
