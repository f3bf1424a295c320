import type { FailedWhy, SkippedWhy } from '../core/client.ts'
import type { Severity } from '../core/severity.ts'
import { type LineMeaning, lineMeaning } from './mcp-log-lines.ts'

export type Explained = {
  readonly meaning: Exclude<LineMeaning['is'], 'ignore'>
  readonly words: string
  readonly severity: Severity
}

/** What a line of an MCP log means, for who never saw one; null where nothing follows from it, or nobody knows. */
export const explainLogLine = (text: string): Explained | null => {
  const meaning = lineMeaning(text)
  if (meaning === null || meaning.is === 'ignore') return null
  const [severity, words] =
    meaning.is === 'skipped'
      ? (['bad', `the client does not listen to this channel: ${skipped[meaning.why]}`] as const)
      : meaning.is === 'failed' || meaning.is === 'cause'
        ? (['bad', `the plugin does not run: ${failed[meaning.why]}`] as const)
        : plain[meaning.is]
  return { meaning: meaning.is, words, severity }
}

/**
 * A line without the message that a client before 2.1.330 quotes whole in it: with its length, as 2.1.330 has it (field
 * notes, section 2).
 */
export const withoutMessage = (text: string): string =>
  text.replace(
    /^(notifications\/claude\/channel[^\s:(]*): ?([\s\S]*)$/,
    (_, head: string, message: string) => `${head} (${message.length} chars)`,
  )

const plain = {
  starting: ['plain', 'the client starts the plugin'],
  connected: ['plain', 'the client has reached the plugin'],
  registered: ['good', 'the channel is registered: messages arrive'],
  inbound: ['good', 'a message came in'],
  closing: ['poor', 'the client ends the plugin: no more messages arrive'],
  'token-rejected': ['bad', 'the bot’s service refuses the token'],
} as const satisfies Readonly<Record<string, readonly [Severity, string]>>

const skipped: Readonly<Record<SkippedWhy, string>> = {
  gate: 'channels are not available to this account, or are switched off by a variable',
  'org-policy': 'the organization has switched channels off',
  'not-allowlisted': 'it is not on the list of approved channels',
  'not-listed': 'the client was started without it',
  login: 'it is not logged in at claude.ai',
  'not-a-channel': 'what was started is no channel',
  unknown: 'it says why itself',
}

const failed: Readonly<Record<FailedWhy, string>> = {
  'token-missing': 'it found no bot token',
  'bun-missing': 'Bun, which it runs on, was not found',
  'port-taken': 'another program has its port',
  'connection-closed': 'it ended before the client had reached it',
  unknown: 'it says why itself',
}
