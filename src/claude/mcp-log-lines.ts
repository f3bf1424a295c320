import type { FailedWhy, SkippedWhy } from '../core/client.ts'

/** What one line of an MCP log says. `ignore` is a line we know and need nothing from. */
export type LineMeaning =
  | {
      readonly is:
        | 'starting'
        | 'connected'
        | 'registered'
        | 'token-rejected'
        | 'inbound'
        | 'closing'
        | 'ignore'
    }
  | { readonly is: 'skipped'; readonly why: SkippedWhy }
  | { readonly is: 'failed'; readonly why: FailedWhy }
  /** The plugin's own last words before `failed`: they name the cause that the client does not. */
  | { readonly is: 'cause'; readonly why: FailedWhy }

type Row = { readonly pattern: RegExp; readonly meaning: LineMeaning; readonly seen: string }

const both = '2.1.81 to 2.1.330'

/** The lines of MCP logs, first match wins; what no row knows means unknown, never fine (field notes, section 2). */
export const mcpLogLines: readonly Row[] = [
  { pattern: /^Starting connection with timeout/, meaning: { is: 'starting' }, seen: both },
  { pattern: /^Successfully connected\b/, meaning: { is: 'connected' }, seen: both },
  { pattern: /^Channel notifications registered/, meaning: { is: 'registered' }, seen: both },
  {
    pattern: /^Channel notifications skipped: channels feature is not currently available/,
    meaning: { is: 'skipped', why: 'gate' },
    seen: both,
  },
  {
    pattern: /^Channel notifications skipped: channels not enabled by org policy/,
    meaning: { is: 'skipped', why: 'org-policy' },
    seen: both,
  },
  {
    pattern: /^Channel notifications skipped: .* is not on (your org's|the) approved channels/,
    meaning: { is: 'skipped', why: 'not-allowlisted' },
    seen: both,
  },
  {
    pattern: /^Channel notifications skipped: .* not in --channels list/,
    meaning: { is: 'skipped', why: 'not-listed' },
    seen: both,
  },
  {
    pattern: /^Channel notifications skipped: channels requires claude\.ai authentication/,
    meaning: { is: 'skipped', why: 'login' },
    seen: '2.1.81 to 2.1.112',
  },
  { pattern: /^Channel notifications skipped/, meaning: { is: 'skipped', why: 'unknown' }, seen: both },
  {
    pattern: /^notifications\/claude\/channel( \(\d+ chars\)|:)/,
    meaning: { is: 'inbound' },
    seen: '2.1.197: text, 2.1.330: (n chars)',
  },
  {
    pattern: /^Server stderr:.*TELEGRAM_BOT_TOKEN required/s,
    meaning: { is: 'cause', why: 'token-missing' },
    seen: 'telegram 0.0.7',
  },
  {
    pattern: /^Server stderr:.*DISCORD_BOT_TOKEN required/s,
    meaning: { is: 'cause', why: 'token-missing' },
    seen: 'discord 0.0.4',
  },
  {
    pattern: /^Server stderr:.*\b401: Unauthorized/s,
    meaning: { is: 'token-rejected' },
    seen: 'telegram 0.0.7',
  },
  {
    pattern: /^Server stderr:.*Is port \d+ in use/s,
    meaning: { is: 'cause', why: 'port-taken' },
    seen: 'fakechat 0.0.1',
  },
  {
    pattern: /^Connection failed \(ENOENT\).*\bbun\b/s,
    meaning: { is: 'failed', why: 'bun-missing' },
    seen: both,
  },
  {
    pattern: /^Connection failed.*Connection closed/s,
    meaning: { is: 'failed', why: 'connection-closed' },
    seen: '2.1.197: MCP error -32000, 2.1.330: CONNECTION_CLOSED',
  },
  { pattern: /^Connection failed/, meaning: { is: 'failed', why: 'unknown' }, seen: both },
  { pattern: /^Sending SIGINT to MCP server process/, meaning: { is: 'closing' }, seen: both },
  { pattern: /^MCP server process exited cleanly/, meaning: { is: 'closing' }, seen: both },
  { pattern: /^Server stderr:/, meaning: { is: 'ignore' }, seen: both },
  {
    pattern: /^Connection established with capabilities/,
    meaning: { is: 'ignore' },
    seen: '2.1.139, 2.1.330',
  },
  { pattern: /^Calling MCP tool: /, meaning: { is: 'ignore' }, seen: '2.1.139, 2.1.330' },
  {
    pattern: /^\S+ connection closed after \d+s/,
    meaning: { is: 'ignore' },
    seen: '2.1.139, at the end of `-p`',
  },
  {
    pattern: /^Cleared connection cache for reconnection/,
    meaning: { is: 'ignore' },
    seen: '2.1.139, at the end of `-p`',
  },
  {
    pattern: /^Tool '.*' (completed|still running|failed)/,
    meaning: { is: 'ignore' },
    seen: '2.1.139, 2.1.330',
  },
]

/** What a line's text means, or null when no row knows it. */
export const lineMeaning = (text: string): LineMeaning | null =>
  mcpLogLines.find((row) => row.pattern.test(text))?.meaning ?? null
