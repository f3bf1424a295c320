import type { ChannelKind } from './channel.ts'

/** What a channel kind is like, as far as that is data; what is done about it is in `channels/`. */
export type Kind = {
  /** For sentences. */
  readonly label: string
  /** The variable that holds its bot's token, in the plugin's `.env`; null: it needs none. */
  readonly tokenVariable: string | null
  /** The variable that names the plugin's state folder; null: nobody can choose it. */
  readonly stateVariable: string | null
  /** Who may write to it stands in an `access.json`; without one whoever reaches it may. */
  readonly hasAccess: boolean
  /** Whom its plugin takes by the list where that does not say: anybody who asks gets a code, or nobody. */
  readonly usualPolicy: 'pairing' | 'allowlist'
  /** What is written while nobody listens waits for whoever comes; else it is never heard. */
  readonly keeps: boolean
  /** How its process is told: by the pid it writes down, or as a process below the client. */
  readonly pollerBy: 'pid file' | 'descent'
}

/**
 * Field notes, section 3: telegram 0.0.7, discord 0.0.4, imessage 0.1.0, fakechat 0.0.1; the last three by their sources.
 * That Discord keeps nothing for a bot that is not connected is its gateway's documented rule; imessage 0.1.0 begins with
 * what comes after its start.
 */
export const kinds: Readonly<Record<ChannelKind, Kind>> = {
  telegram: {
    label: 'Telegram',
    tokenVariable: 'TELEGRAM_BOT_TOKEN',
    stateVariable: 'TELEGRAM_STATE_DIR',
    hasAccess: true,
    usualPolicy: 'pairing',
    keeps: true,
    pollerBy: 'pid file',
  },
  discord: {
    label: 'Discord',
    tokenVariable: 'DISCORD_BOT_TOKEN',
    stateVariable: 'DISCORD_STATE_DIR',
    hasAccess: true,
    usualPolicy: 'pairing',
    keeps: false,
    pollerBy: 'descent',
  },
  imessage: {
    label: 'iMessage',
    tokenVariable: null,
    stateVariable: 'IMESSAGE_STATE_DIR',
    hasAccess: true,
    usualPolicy: 'allowlist',
    keeps: false,
    pollerBy: 'descent',
  },
  fakechat: {
    label: 'fakechat',
    tokenVariable: null,
    stateVariable: null,
    hasAccess: false,
    usualPolicy: 'pairing',
    keeps: false,
    pollerBy: 'descent',
  },
  custom: {
    label: 'the channel',
    tokenVariable: null,
    stateVariable: null,
    hasAccess: false,
    usualPolicy: 'pairing',
    keeps: false,
    pollerBy: 'descent',
  },
}

/**
 * Whether the connection of a plugin's process is the one sign that it hears: Discord hands nobody a queue to look at, and
 * a plugin that is turned away only ends later.
 */
export const needsConnection = (kind: ChannelKind): boolean =>
  kinds[kind].tokenVariable !== null && kinds[kind].pollerBy === 'descent'

/** Whether this release knows a kind; a later one may have written others down. */
export const isKind = (name: string): name is ChannelKind => Object.hasOwn(kinds, name)

type OfKind = { readonly kind: ChannelKind }

/** Whether a channel is a bot's, with a token, and a platform that can be asked about it. */
export const hasToken = ({ kind }: OfKind): boolean => kinds[kind].tokenVariable !== null

/** Whether a channel has a list of who may write to it. */
export const keepsList = ({ kind }: OfKind): boolean => kinds[kind].hasAccess

/** Whether strangers who write to it are given a code; iMessage hears its own account always, and gives out none. */
export const givesCodes = ({ kind }: OfKind): boolean =>
  kinds[kind].hasAccess && kinds[kind].usualPolicy === 'pairing'

/** Whether a channel's state folder holds something of its session's. Of one of an unknown kind the folder is a guess. */
export const keepsState = (channel: OfKind): boolean => keepsList(channel)
