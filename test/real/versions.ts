/** A client that the real suite was put to, newest first; `docs/versions.md` shows the table. */
export type Trial = {
  readonly version: string
  /** When all of the suite was green on it for the last time. */
  readonly triedAt: string
  readonly notes: string
}

export const trials = [
  { version: '2.1.330', triedAt: '2026-11-30', notes: '' },
  { version: '2.1.300', triedAt: '2026-11-30', notes: '' },
  { version: '2.1.260', triedAt: '2026-11-30', notes: '' },
  { version: '2.1.229', triedAt: '2026-11-30', notes: '' },
  { version: '2.1.197', triedAt: '2026-11-30', notes: '' },
  { version: '2.1.160', triedAt: '2026-11-30', notes: '' },
  { version: '2.1.139', triedAt: '2026-11-30', notes: '' },
] as const satisfies readonly Trial[]

/** Any release: which ones take part is said by `npm run test:real -- --versions …`. */
export type ClientVersion = string

/** Set by scripts/real.js. */
const asked = process.env.CHANNELS_CLIENT_VERSIONS?.split(',').filter((version) => version !== '')

const [newest, ...older] = trials.map(({ version }) => version)
const oldest = older.at(-1)

/** All of the suite: the newest one, and the oldest that writes a status into its session file. */
export const clientVersions: readonly ClientVersion[] =
  asked ?? [newest, oldest].flatMap((each) => each ?? [])

/**
 * For what asks more of `channels` than of a client: where CI decides, whose time is limited, the newest alone. All play
 * it by `npm run test:real` elsewhere.
 */
export const someClientVersions: readonly ClientVersion[] =
  asked ?? (process.env.CI === undefined ? clientVersions : clientVersions.slice(0, 1))

/** For what takes long, or differs in nothing that is known. */
export const newestClientVersion: readonly ClientVersion[] = asked ?? clientVersions.slice(0, 1)

/** The story that every version is put through (every.test.ts): those that the rest of the suite leaves out. */
export const storyVersions: readonly ClientVersion[] = asked ?? older.slice(0, -1)
