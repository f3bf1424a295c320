import { compareVersions } from '../../src/claude/version.ts'
import type { ClientVersion } from './versions.ts'

/** Something that clients before `from` do in another way; `from` is the first of those tried (versions.ts) that does. */
type Difference = {
  readonly from: ClientVersion
  readonly before: string
  readonly since: string
  /** What `channels` makes of it. */
  readonly handled: string
}

export const differences = {
  'needs-auth': {
    from: '2.1.160',
    before: 'A plugin whose start failed once is started by the next client all the same.',
    since: 'It is kept in `mcp-needs-auth-cache.json`, and no client starts it for 15 minutes.',
    handled: 'Our own entries are taken out before each start.',
  },
  'waiting-for': {
    from: '2.1.160',
    before: 'The session file says `approve <tool>` of a permission prompt.',
    since: 'It says `permission prompt`.',
    handled: 'Both are `permission-prompt`.',
  },
} as const satisfies Readonly<Record<string, Difference>>

export type DifferenceName = keyof typeof differences

/** Whether a client does it in the later way. */
export const isSince = (name: DifferenceName, version: ClientVersion): boolean =>
  compareVersions(version, differences[name].from) >= 0
