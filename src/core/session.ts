import type { Channel } from './channel.ts'

/** A session as configuration knows it (design, section 5). Everything in it was said by the user or found by `setup`. */
export type Session = {
  readonly name: string
  /** Real, absolute path of the folder the client works in. */
  readonly cwd: string
  readonly channels: readonly Channel[]
  readonly multiplexer: MultiplexerKind
  /** Exclusive: plugin disabled for the user, enabled for this session only, state folder of its own. */
  readonly exclusive: boolean
  /** `setup` told the client that the folder is trusted. Since settings note that by place, read for older ones only. */
  readonly trustRecorded: boolean
  /** The client's `--permission-mode`; null leaves the client's own default. */
  readonly permissionMode: string | null
  /** `--dangerously-skip-permissions`: an approved sender runs anything without being asked. */
  readonly skipPermissions: boolean
  /** What stood behind `--` at setup, handed to the client as it is. */
  readonly arguments: readonly string[]
  /** The variables the client is started with, PATH among them. Never a bot token. */
  readonly environment: Readonly<Record<string, string>>
  /** Absolute path of the client to run. */
  readonly client: string
  /** Absolute path of the Bun that plugins run on; null: whichever is in the PATH above, as in sessions of older releases. */
  readonly bun: string | null
  readonly restart: RestartSettings
  /** Dialogs that may be answered for the person, who said so beforehand. */
  readonly dialogs: DialogSettings
  readonly notify: NotifySettings
}

export type DialogSettings = {
  /** The picker of an old conversation that our own restart raised. */
  readonly resume: 'ask' | 'full' | 'summary'
  /** The warning before development channels. */
  readonly development: 'ask' | 'accept'
}

export const defaultDialogs: DialogSettings = { resume: 'ask', development: 'ask' }

/** Whom the keeper tells of trouble, and how. */
export type NotifySettings = {
  /** An approved sender, told by the bot of that channel; null: nobody. */
  readonly to: Recipient | null
  /** Run by `/bin/sh -c`, with the event on its stdin; null: nothing. */
  readonly command: string | null
  /** Between these minutes of the day, by local time, nobody is told; null: no such hours. */
  readonly quiet: QuietHours | null
}

/** A channel's id, and a person's id at its platform. */
export type Recipient = { readonly channel: string; readonly sender: string }

export type QuietHours = { readonly from: number; readonly to: number }

export const defaultNotify: NotifySettings = { to: null, command: null, quiet: null }

export type MultiplexerKind = 'tmux' | 'screen'

export type RestartSettings = {
  /** This many unexplained exits within the window are a crash loop. */
  readonly attempts: number
  readonly windowMs: number
  /** How long to wait between tries once it is one. */
  readonly retryMs: number
  /** For how long nobody has to have written before a client that was updated beside itself is started anew; null: never. */
  readonly updateMs: number | null
}

export const defaultRestart: RestartSettings = {
  attempts: 5,
  windowMs: 30 * 60_000,
  retryMs: 5 * 60_000,
  updateMs: 5 * 60_000,
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/

/**
 * Whether a session may be called this: tmux turns `.` and `:` into `_`, and the name stands in paths, in process
 * environments and on screens, so it is kept to letters, digits, `-` and `_`, 32 at most.
 */
export const isSessionName = (name: string): boolean => namePattern.test(name)
