import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Sample = { readonly name: string; readonly text: string }

const folderOf = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))

const inFolder = (path: string): readonly Sample[] =>
  readdirSync(folderOf(path)).map((name) => ({
    name,
    text: readFileSync(join(folderOf(path), name), 'utf8'),
  }))

const asSamples = (...values: readonly unknown[]): readonly Sample[] =>
  values.map((value, i) => ({
    name: `no. ${i + 1}`,
    text: typeof value === 'string' ? value : JSON.stringify(value),
  }))

/** MCP logs, line for line as the field notes have them, of a client that was started at 09:50. */
export const logs = inFolder('claude/logs')
export const screens = inFolder('claude/screens')
export const records = inFolder('system/golden')

const failed = (status: number, error: string): string =>
  `${JSON.stringify({ type: 'assistant', timestamp: '2026-11-22T09:59:30.000Z', isApiErrorMessage: true, apiErrorStatus: status, error, message: { model: '<synthetic>', content: [] } })}\n`

/** As they were captured, but for the time: between 09:50 and noon they are of the run that is judged. */
export const transcripts = inFolder('claude/transcripts')
  .map(({ name, text }) => ({ name, text: text.replace(/2026-11-22T\d\d:\d/g, '2026-11-22T09:5') }))
  .flatMap(({ name, text }) => [
    { name, text },
    ...(name.startsWith('answered')
      ? [
          { name: `${name}, then 401`, text: text + failed(401, 'authentication_failed') },
          { name: `${name}, then 429`, text: text + failed(429, 'rate_limit') },
        ]
      : []),
  ])

/** Of the client that is judged: pid 4712, started at 200. */
const sessionFile = {
  pid: 4712,
  sessionId: '11111111-1111-4111-8111-111111111111',
  cwd: '/home/me/site',
  startedAt: 1_795_341_000_000,
  procStart: '200',
  version: '2.1.330',
  kind: 'interactive',
  name: 'site-a0',
  status: 'idle',
  updatedAt: 1_795_341_300_000,
  statusUpdatedAt: 1_795_341_300_000,
}
export const sessionFiles = asSamples(
  sessionFile,
  { ...sessionFile, status: 'busy' },
  { ...sessionFile, status: 'waiting', waitingFor: 'permission prompt' },
  { ...sessionFile, version: '2.1.139', statusUpdatedAt: undefined, peerProtocol: 1, entrypoint: 'cli' },
)

const pending = {
  senderId: '7',
  chatId: '7',
  createdAt: 1_795_341_000_000,
  expiresAt: 1_795_344_600_000,
  replies: 1,
}
export const accessFiles = asSamples(
  { dmPolicy: 'allowlist', allowFrom: ['42'], groups: {}, pending: {} },
  {
    dmPolicy: 'pairing',
    allowFrom: [42, '43'],
    groups: { '-5': {} },
    pending: { a1b2c3: pending, d4e5f6: pending },
  },
)

export const pidFiles = asSamples('4720\n', '1', '4194304', '0000004720')
export const exitFiles = asSamples(
  '137 work-1795341600000-4700\n',
  '0 work-1\n',
  '70 1795341600\n',
  '2\n',
  '4712\n',
)

/** Answers of the Bot API, in its documented form. */
export const botAnswers = asSamples(
  { ok: true, result: { id: 123_456_789, is_bot: true, first_name: 'Work', username: 'work_bot' } },
  { ok: true, result: { url: '', has_custom_certificate: false, pending_update_count: 3 } },
  { ok: true, result: { url: 'https://example.org:8443/x', pending_update_count: 0 } },
  { ok: true, result: { id: 42, type: 'private', first_name: 'Ann', last_name: 'O’Brien', username: 'ann' } },
  { ok: true, result: true },
  { ok: false, error_code: 401, description: 'Unauthorized' },
  { ok: false, error_code: 409, description: 'Conflict: terminated by other getUpdates request' },
)

/** Answers of Discord's API, in its documented form. */
export const discordAnswers = asSamples(
  { id: '123456789012345678', username: 'work_bot', discriminator: '0', global_name: null, bot: true },
  { id: '123456789012345678', username: 'work', discriminator: '0042', bot: true },
  { id: '42', username: 'ann', discriminator: '0', global_name: 'Ann O’Brien' },
  { id: '987654321098765432', name: 'Work', flags: 524_288, bot_public: true },
  [{ id: '1', name: 'Home', owner: true, permissions: '274878008384' }],
  { message: '401: Unauthorized', code: 0 },
  { message: 'You are being rate limited.', retry_after: 0.5, global: false },
)

/** Files in which a person names MCP servers. */
export const serverFiles = asSamples(
  {
    mcpServers: {
      pager: { type: 'stdio', command: 'node', args: ['pager.mjs', '--port', '9'], env: { A: 'b' } },
    },
  },
  {
    mcpServers: {
      pager: { type: 'http', url: 'https://example.org/mcp', headers: { A: 'b' } },
      x: { command: 'x' },
    },
  },
  {
    projects: { '/site': { mcpServers: { pager: { command: 'npx', args: ['-y', '@me/pager'] } } } },
    mcpServers: {},
  },
  { pager: { command: 'bun', args: ['server.ts'] } },
  { disabledMcpjsonServers: ['pager'], enabledMcpjsonServers: ['other'] },
  { cachedGrowthBookFeatures: { tengu_harbor_ledger: [{ marketplace: 'mine', plugin: 'pager' }] } },
)

export const needsAuthCaches = asSamples({
  'plugin:telegram:telegram': { timestamp: 1_795_341_000_000, id: 'y' },
  'plugin:github:github': { timestamp: 1_795_341_000_000, id: 'x' },
})

const entry = {
  scope: 'user',
  installPath: '/tmp',
  version: '0.0.7',
  installedAt: '2026-11-22T12:44:36.922Z',
}
export const pluginLists = asSamples(
  { version: 2, plugins: { 'telegram@market': [{ ...entry, scope: 'project' }, entry] } },
  { version: 1, plugins: { 'telegram@market': entry } },
  { market: { source: { source: 'directory', path: '/tmp' }, installLocation: '/tmp' } },
  { name: 'market', plugins: [{ name: 'telegram', source: './telegram' }] },
  { enabledPlugins: { 'telegram@market': true }, permissions: { allow: ['Bash'] } },
)

const at = 1_795_341_600_000
export const journals = asSamples(
  { at, session: 'work', type: 'client-started', run: 'r', conversation: 'c', resumed: true, pid: 7 },
  {
    at,
    session: 'work',
    type: 'client-ended',
    run: 'r',
    code: null,
    signal: 'SIGKILL',
    reason: 'client-exited',
    unexplained: true,
  },
  { at, session: 'work', type: 'waiting', reason: 'crash-loop', detail: '5 exits', untilMs: at + 60_000 },
  {
    at,
    session: 'work',
    type: 'state',
    channel: null,
    from: 'live',
    to: 'down',
    reason: 'plugin-exited',
    detail: 'gone',
  },
  { at, session: 'work', type: 'healing', reason: 'plugin-exited', action: 'restart' },
  { at, session: 'work', type: 'reaped', run: 'r', pid: 7, command: 'bun server.ts' },
  { at, session: 'work', type: 'conversation', run: 'r', from: null, to: 'c2' },
  { at, session: null, type: 'keeper', what: 'started', pid: 7, version: '1.0.0' },
  { at, session: null, type: 'fault', what: 'look', detail: 'x' },
)

/** Files of rows row by row, each that differs once: what stands before the one that is cut says the same each time. */
export const rowsOf = (samples: readonly Sample[]): readonly Sample[] => {
  const rows = samples.flatMap(({ name, text }) =>
    text.split('\n').map((row, i) => ({ name: `${name}, row ${i + 1}`, text: row })),
  )
  return [...new Map(rows.map((row) => [row.text, row])).values()]
}
