import type { MultiplexerKind } from '../../core/session.ts'

/** What the flags of `setup` say; null and false: not said. */
export type SetupOptions = {
  readonly session: string | null
  readonly cwd: string | null
  readonly tokenFile: string | null
  readonly tokenStdin: boolean
  readonly trust: boolean
  /** Null: not said. */
  readonly exclusive: boolean | null
  readonly stateDir: string | null
  /** Of fakechat's page. */
  readonly port: string | null
  /** How the client's warning before development channels is answered. */
  readonly development: 'ask' | 'accept' | null
  readonly multiplexer: MultiplexerKind | null
  readonly allow: readonly string[]
  /** Whether the one who is let in is told of trouble; null: not said. */
  readonly notify: boolean | null
  readonly permissionMode: string | null
  readonly dangerouslySkipPermissions: boolean
  readonly removeWebhook: boolean
  /** Move a bot's state from the plugin's own folder into the session's. */
  readonly move: boolean
  /** End whoever else uses the bot on this machine. */
  readonly takeOver: boolean
  readonly start: boolean
  readonly pair: boolean
  /** Ask nothing: what is not said takes its default, and the summary is agreed to. */
  readonly yes: boolean
  readonly check: boolean
  /** How long `--check` waits for a message. */
  readonly timeoutMs: number
  readonly clientArguments: readonly string[]
}
