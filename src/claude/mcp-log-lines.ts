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

type Row = {
  /** How it starts; a pattern costs something to compile, and most lines are told by their start. */
  readonly start: string
  readonly pattern?: RegExp
  readonly meaning: LineMeaning
  readonly seen: string
}

const both = '2.1.81 to 2.1.332'

/** The lines of MCP logs, first match wins; what no row knows means unknown, never fine (field notes, section 2). */
export const mcpLogLines: readonly Row[] = [
  { start: 'Starting connection with timeout', meaning: { is: 'starting' }, seen: both },
  { start: 'Successfully connected', meaning: { is: 'connected' }, seen: both },
  { start: 'Channel notifications registered', meaning: { is: 'registered' }, seen: both },
  {
    start: 'Channel notifications skipped: channels feature is not currently available',
    meaning: { is: 'skipped', why: 'gate' },
    seen: both,
  },
  {
    start: 'Channel notifications skipped: channels are not available on third-party providers',
    meaning: { is: 'skipped', why: 'gate' },
    seen: 'code of 2.1.330',
  },
  {
    start: 'Channel notifications skipped: channels not enabled by org policy',
    meaning: { is: 'skipped', why: 'org-policy' },
    seen: both,
  },
  {
    start: 'Channel notifications skipped: ',
    pattern: / is not on (your org's|the) approved channels/,
    meaning: { is: 'skipped', why: 'not-allowlisted' },
    seen: both,
  },
  {
    start: 'Channel notifications skipped: ',
    pattern: / not in --channels list/,
    meaning: { is: 'skipped', why: 'not-listed' },
    seen: both,
  },
  {
    start: 'Channel notifications skipped: channels requires claude.ai authentication',
    meaning: { is: 'skipped', why: 'login' },
    seen: '2.1.81 to 2.1.112',
  },
  {
    start: 'Channel notifications skipped: server did not declare claude/channel capability',
    meaning: { is: 'skipped', why: 'not-a-channel' },
    seen: '2.1.139, 2.1.330',
  },
  {
    start: 'Channel notifications skipped: connection negotiated a modern protocol revision',
    meaning: { is: 'skipped', why: 'not-a-channel' },
    seen: 'code of 2.1.330',
  },
  {
    start: 'Channel notifications skipped: you asked for plugin:',
    pattern: / but the installed /,
    meaning: { is: 'skipped', why: 'not-a-channel' },
    seen: 'code of 2.1.139 and 2.1.330',
  },
  { start: 'Channel notifications skipped', meaning: { is: 'skipped', why: 'unknown' }, seen: both },
  {
    start: 'notifications/claude/channel',
    pattern: /^notifications\/claude\/channel( \(\d+ chars\)|:)/,
    meaning: { is: 'inbound' },
    seen: '2.1.139 to 2.1.300: text, 2.1.330: (n chars)',
  },
  {
    start: 'Server stderr:',
    pattern: /TELEGRAM_BOT_TOKEN required/,
    meaning: { is: 'cause', why: 'token-missing' },
    seen: 'telegram 0.0.7',
  },
  {
    start: 'Server stderr:',
    pattern: /DISCORD_BOT_TOKEN required/,
    meaning: { is: 'cause', why: 'token-missing' },
    seen: 'discord 0.0.4',
  },
  {
    start: 'Server stderr:',
    pattern: /\b401: Unauthorized/,
    meaning: { is: 'token-rejected' },
    seen: 'telegram 0.0.7',
  },
  {
    start: 'Server stderr:',
    pattern: /Is port \d+ in use/,
    meaning: { is: 'cause', why: 'port-taken' },
    seen: 'fakechat 0.0.1',
  },
  // 2.1.300 tries a server that ends before the handshake a second time, and has the first one's words here.
  {
    start: 'stderr of the stdio server before restarting it',
    pattern: /\b(TELEGRAM|DISCORD)_BOT_TOKEN required/,
    meaning: { is: 'cause', why: 'token-missing' },
    seen: '2.1.300, 2.1.330',
  },
  {
    start: 'stderr of the stdio server before restarting it',
    pattern: /Is port \d+ in use/,
    meaning: { is: 'cause', why: 'port-taken' },
    seen: '2.1.300, 2.1.330',
  },
  {
    start: 'Connection failed',
    pattern: /Executable not found in \$PATH: "([^"]*\/)?bun"/,
    meaning: { is: 'failed', why: 'bun-missing' },
    seen: '2.1.139: without (ENOENT), 2.1.330: with it',
  },
  {
    start: 'Connection failed',
    pattern: /Connection closed/,
    meaning: { is: 'failed', why: 'connection-closed' },
    seen: '2.1.139 to 2.1.260: MCP error -32000, 2.1.300: CONNECTION_CLOSED',
  },
  { start: 'Connection failed', meaning: { is: 'failed', why: 'unknown' }, seen: both },
  { start: 'Sending SIGINT to MCP server process', meaning: { is: 'closing' }, seen: both },
  { start: 'MCP server process exited cleanly', meaning: { is: 'closing' }, seen: both },
  { start: 'Server stderr:', meaning: { is: 'ignore' }, seen: both },
  {
    start: 'stderr of the stdio server before restarting it',
    meaning: { is: 'ignore' },
    seen: '2.1.300, 2.1.330',
  },
  { start: 'version negotiation probe closed', meaning: { is: 'ignore' }, seen: '2.1.300, 2.1.330' },
  // Of a server that ended right after the handshake; "registered" follows all the same: only its process tells.
  { start: 'Failed to fetch tools: ', meaning: { is: 'ignore' }, seen: '2.1.139, 2.1.330' },
  { start: 'tools/list failed ', meaning: { is: 'ignore' }, seen: '2.1.139' },
  {
    start: 'Connection established with capabilities',
    meaning: { is: 'ignore' },
    seen: '2.1.139, 2.1.330',
  },
  { start: 'Calling MCP tool: ', meaning: { is: 'ignore' }, seen: '2.1.139, 2.1.330' },
  {
    start: '',
    pattern: /^\S+ connection closed after \d+s/,
    meaning: { is: 'ignore' },
    seen: '2.1.139, at the end of `-p`',
  },
  {
    start: 'Cleared connection cache for reconnection',
    meaning: { is: 'ignore' },
    seen: '2.1.139, at the end of `-p`',
  },
  {
    start: "Tool '",
    pattern: /' (completed|still running|failed)/,
    meaning: { is: 'ignore' },
    seen: '2.1.139, 2.1.330',
  },
]

/** What a line's text means, or null when no row knows it. */
export const lineMeaning = (text: string): LineMeaning | null =>
  mcpLogLines.find(({ start, pattern }) => text.startsWith(start) && (pattern?.test(text) ?? true))
    ?.meaning ?? null
