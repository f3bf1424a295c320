import type { Channel, ChannelKind } from '../../core/channel.ts'
import type { ClientPaths } from '../../core/client.ts'
import type { Session } from '../../core/session.ts'
import type { Ask, Deps, Environment, Messenger, Other } from '../../deps.ts'
import type { Draft } from './draft.ts'
import type { Settled } from './former.ts'
import type { Tell } from './questions.ts'

/** Whose bot it is to be, and where its token goes. */
export type BotPlace = {
  readonly name: string
  /** Where its token goes, and the plugin's own folder, where one may stand already. */
  readonly stateDir: string
  readonly usualDir: string
  /** Channel id. */
  readonly channel: string
  readonly messenger: Messenger
  /** The client's config folder. */
  readonly config: string
}

/** What is known of a channel before its kind's own questions. */
export type AskedChannel = {
  readonly id: string
  readonly kind: ChannelKind
  /** Of the session. */
  readonly name: string
  readonly stateDir: string
  /** The plugin's own state folder. */
  readonly usualDir: string
  /** Of the client. */
  readonly paths: ClientPaths
  readonly cwd: string
  /** It is not on the approved list. */
  readonly development: boolean
  readonly before: Session | null
  readonly options: Settled
  readonly draft: Draft
  readonly ask: Ask | null
  readonly tell: Tell
}

/** Finds out, and asks for, what a channel of its kind needs. Changes nothing. Throws an ExpectedError where it can't be. */
export type DescribeChannel = (asked: AskedChannel, deps: Deps) => Promise<Described>

/** What `setup` found out about a channel, before it changes anything. */
export type Described = {
  /** The one of the session's channels that is set up. */
  readonly channel: Channel
  /** Null: it needs none. */
  readonly token: string | null
  /** Variables that its plugin goes by. */
  readonly environment: Environment
  /** Another bot whose token stands where this one goes. */
  readonly replaces: string | null
  /** The host of a webhook that is to be removed. */
  readonly webhook: string | null
  /** The folder of an existing setup that becomes the session's. */
  readonly moveFrom: string | null
  /** Who uses the bot on this machine and is to be ended. */
  readonly takeOver: readonly Other[]
  /** A conversation begun by hand that goes on in the session. */
  readonly conversation: string | null
}

/** What `setup` found out, before it changes anything. */
export type Plan = Described & {
  readonly session: Session
  /** The session as it was read for this; null: there was none. */
  readonly former: Session | null
  readonly allow: readonly string[]
  readonly trust: 'trusted' | 'to-record'
}

/** What a channel without a bot has nothing of. */
export const withoutBot = {
  token: null,
  replaces: null,
  webhook: null,
  moveFrom: null,
  takeOver: [],
  conversation: null,
} as const

/** Who uses a bot, for people. */
export const describeOther = ({ client, poller, folder }: Other): string =>
  client === null
    ? `plugin process ${poller?.pid}, left over from a session that is gone`
    : `Claude (process ${client.pid})${folder === null ? '' : ` in ${folder}`}`
