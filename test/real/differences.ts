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

/** By what was seen, or where that is said read in the client's code. */
export const differences = {
  'waiting-for': {
    from: '2.1.160',
    before: 'The session file says `approve <tool>` of a permission prompt.',
    since: 'It says `permission prompt`.',
    handled: 'Both are `permission-prompt`.',
  },
  'needs-auth': {
    from: '2.1.197',
    before: 'A plugin whose start failed once is started by the next client all the same.',
    since: 'It is kept in `mcp-needs-auth-cache.json`, and no client starts it for 15 minutes.',
    handled: 'Entries of our own plugins are taken out before each start.',
  },
  'status-time': {
    from: '2.1.197',
    before: 'The session file has `updatedAt` alone.',
    since: 'It has `statusUpdatedAt`, too.',
    handled: 'Either tells since when the client is idle or busy.',
  },
  'refusals-unwritten': {
    from: '2.1.197',
    before: 'Each try at the model API that failed is a row of the transcript, with its status.',
    since: 'No row: only the screen says it.',
    handled:
      'Busy, and with no row for ten seconds, its screen is looked at. 2.1.197 names no cause there: an expired login, a limit and a failing API are all `model-failing` until it gives up.',
  },
  'takes-up': {
    from: '2.1.260',
    before: 'Killed while a tool of its ran, a resumed client leaves the message unanswered.',
    since:
      'It goes on with it, and answers; not with a message of which it had written down nothing but the message.',
    handled: 'What is not gone on with is counted as unanswered.',
  },
  'requests-written': {
    from: '2.1.300',
    before: 'What is asked of the model API is written nowhere.',
    since: 'Each request is a row of the transcript, not what it was answered.',
    handled: 'A second row without an answer in between is another try; why, its screen says.',
  },
  'second-start': {
    from: '2.1.300',
    before: 'A plugin that ends before it is connected has failed.',
    since: 'It is started a second time first, and what it said is logged in other words.',
    handled: 'Both are read.',
  },
  'resume-words': {
    from: '2.1.300',
    before: 'An old conversation is resumed after `Resume from summary` or `Resume full session as-is`.',
    since: 'After `Resume this conversation?` (read in its code; seen on 2.1.139 and 2.1.330).',
    handled: 'Both are `resume-dialog`, and `set resume=…` answers either.',
  },
  'inbound-length': {
    from: '2.1.330',
    before: 'Its log has the text of each message that comes in.',
    since: 'It has the number of its letters.',
    handled: 'Neither is read further than that one came.',
  },
} as const satisfies Readonly<Record<string, Difference>>

export type DifferenceName = keyof typeof differences

/** Whether a client does it in the later way. */
export const isSince = (name: DifferenceName, version: ClientVersion): boolean =>
  compareVersions(version, differences[name].from) >= 0
