import type { ChannelKind } from './channel.ts'
import type { ProcessId } from './process.ts'

/** Somebody on this machine who uses a bot, or its plugin with `--channels`. */
export type Other = {
  /** Null: a poller that no client stands above any more. */
  readonly client: ProcessId | null
  readonly folder: string | null
  readonly conversation: string | null
  /** Where its plugin keeps token, access list and pid file. */
  readonly stateDir: string
  /** Of the client, where it keeps its settings. */
  readonly config: string
  /** The bot it has: by the token in its environment, which wins, else by that in its folder. Null: none. */
  readonly botId: string | null
  /** Whether it was started with `--channels` for this plugin, that is, listens. */
  readonly channels: boolean
  readonly poller: ProcessId | null
  /** The session's name when it is one of ours. */
  readonly session: string | null
}

/** Whom to look for. */
export type OthersAsked = {
  /** `telegram@claude-plugins-official`. */
  readonly pluginKey: string
  readonly kind: ChannelKind
  /** Null where no token is known yet. */
  readonly botId: string | null
  readonly stateDirs: readonly string[]
}
