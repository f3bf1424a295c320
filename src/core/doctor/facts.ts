import type { Answer } from '../answer.ts'
import type { KeeperSeen } from '../at-work.ts'
import type { Channel } from '../channel.ts'
import type { Evidence, Obstacle } from '../evidence.ts'
import type { OrgSwitch } from '../org-switch.ts'
import type { Other } from '../other.ts'
import type { Platform } from '../records.ts'
import type { Session } from '../session.ts'

/** What `channels doctor` looked at of the machine, once for all sessions. */
export type MachineFacts = MachineSeen & {
  readonly sessions: number
  /** Why the configuration can't be read; null where it can. */
  readonly configFault: { readonly found: string; readonly remedy: string } | null
  /** Of this program. */
  readonly version: string
  readonly service: ServiceFacts
}

/** The same as far as files and processes tell. */
export type MachineSeen = {
  readonly configFile: string
  /** Whether any session is wanted. */
  readonly wanted: boolean
  readonly exposed: readonly Exposed[]
  /** The disks that are written, by a folder on each. */
  readonly disks: readonly Disk[]
  readonly keeper: KeeperSeen | null
  /** Why its record can't be read; null where it can, or where there is none. */
  readonly keeperFault: { readonly found: string; readonly remedy: string } | null
  /** Whether a keeper would find every wanted session's terminal there: then it starts nothing. */
  readonly allUp: boolean
  /** Names of variables in the caller's environment that a `claude` started by hand would go by. */
  readonly exported: readonly string[]
}

/** A file or folder of ours, or of a plugin's state, that others of this machine may get at. */
export type Exposed =
  | { readonly is: 'open'; readonly path: string; readonly mode: number; readonly wanted: number }
  /** What a link leads to, outside of the folders that are looked at. */
  | {
      readonly is: 'elsewhere'
      readonly path: string
      readonly target: string
      /** Whether this user may change its mode. */
      readonly own: boolean
      readonly mode: number
      readonly wanted: number
    }
  /** Another user's. `root`: the folder of ours, or of a bot, that it is in. */
  | { readonly is: 'foreign'; readonly path: string; readonly root: string }

export type Disk = { readonly path: string; readonly freeBytes: number }

export type ServiceFacts =
  | { readonly is: 'none'; readonly detail: string }
  | { readonly is: 'not installed' }
  | {
      readonly is: 'installed'
      readonly startsAt: 'boot' | 'login' | 'unknown'
      readonly problems: readonly { readonly problem: string; readonly remedy: string }[]
    }

/** What it looked at of one session. Nothing in it was asked of a running bot but `getMe` and `getWebhookInfo`. */
export type SessionFacts = {
  readonly at: number
  readonly session: Session
  /** With what the platforms said just now. */
  readonly evidence: Evidence
  /** What file checks say is missing for a start, whether one is wanted or not. */
  readonly obstacles: readonly Obstacle[]
  /** What may keep the client from listening: told by what it was told last, so that no start is held back for it. */
  readonly likely: readonly OrgSwitch[]
  /** The file that says whether it is wanted, where nothing can be made of it; it counts as none. */
  readonly tornWanted: string | null
  /** The program that is started; null where there is none. */
  readonly client: { readonly path: string; readonly version: Answer<string> } | null
  /** The oldest client that channels work with. */
  readonly oldest: string
  readonly isOutdated: boolean
  readonly login: Answer<Login> | null
  /** Why a login that is there is none for channels; null where nothing is wrong with it. */
  readonly loginFault: string | null
  readonly bun: { readonly path: string; readonly version: string | null } | null
  readonly multiplexer: Answer<string>
  /** Whether the client will start in the folder unasked; null: it can't be told. */
  readonly trusted: boolean | null
  readonly node: string
  /** When a first message got to whom `notify.to` names, in ms since 1970; null: none that is known of. */
  readonly greetedAt: number | null
  readonly channels: readonly ChannelFacts[]
}

export type Login = { readonly method: string | null; readonly expiresAt: string | null }

export type ChannelFacts = {
  readonly channel: Channel
  /** Null: it is no plugin. */
  readonly plugin: Answer<{ readonly root: string; readonly version: string | null }> | null
  /** Whether the user's settings enable it; null where they don't mention it. */
  readonly enabled: boolean | null
  /** The file of those settings where nothing can be made of it. */
  readonly brokenSettings: string | null
  /** Why its token can't be read; null where it can, or where there is none. */
  readonly tokenTrouble: string | null
  /** Another session that is set up with the same bot, wanted or not. */
  readonly alsoIn: string | null
  /** What would take the place of the token in its file: a variable, and the file of settings that gives it. */
  readonly outdoes: { readonly variable: string; readonly file: string } | null
  /** What the platform said just now; null: it has none, or no token to ask with. */
  readonly platform: Platform | null
  /** Whether anything listens on the port of its page; null: it has none, or the system does not say. */
  readonly listens: boolean | null
  /** By how much this machine's clock is ahead of the platform's, in ms; null: it did not say. */
  readonly clockAheadMs: number | null
  /** Who else uses the bot or its plugin on this machine; not the session itself. */
  readonly others: readonly OtherSeen[]
  /** When the client noted that this server failed, in ms since 1970. */
  readonly needsAuthAt: number | null
}

export type OtherSeen = Other & {
  /** As `ps` tells it, `3-04:05:06 1.2 %`; null where it does not. */
  readonly age: string | null
  /** It carries the marker of a run of this session that has ended: a start of ours would end it, too. */
  readonly isLeftOver: boolean
}
