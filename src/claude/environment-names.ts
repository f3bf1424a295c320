/** Names of variables, exact, or a prefix when they end in `*`. */
type Names = readonly string[]

/** What setup stores: without these the client signs in elsewhere, finds nothing, or can't get out. */
const storedNames: Names = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TMPDIR',
  'XDG_CACHE_HOME',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
  'XDG_RUNTIME_DIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'ANTHROPIC_*',
  'CLAUDE_CONFIG_DIR',
  'DISABLE_AUTOUPDATER',
  'IS_SANDBOX',
  'AWS_PROFILE',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'GOOGLE_CLOUD_PROJECT',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'CLOUD_ML_REGION',
  'VERTEX_REGION_*',
  'TELEGRAM_API_ROOT',
  'DISCORD_API_ROOT',
]

/**
 * The `CLAUDE_CODE_*` variables a user sets for good. Every other one may be a surrounding session's own (a messaging
 * socket and its token among them; field notes, section 1) and must not reach our client.
 */
const deliberateNames: Names = [
  'CLAUDE_CODE_USE_*',
  'CLAUDE_CODE_SKIP_BEDROCK_AUTH',
  'CLAUDE_CODE_SKIP_VERTEX_AUTH',
  'CLAUDE_CODE_SKIP_FOUNDRY_AUTH',
  'CLAUDE_CODE_MAX_OUTPUT_TOKENS',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'CLAUDE_CODE_API_KEY_HELPER_TTL_MS',
  'CLAUDE_CODE_CLIENT_CERT',
  'CLAUDE_CODE_CLIENT_KEY',
  'CLAUDE_CODE_CLIENT_KEY_PASSPHRASE',
  'CLAUDE_CODE_PROXY_RESOLVES_HOSTS',
  'CLAUDE_CODE_SUBAGENT_MODEL',
  'CLAUDE_CODE_EFFORT_LEVEL',
]

/** What never reaches the client, stored or not; the last two turn channels off, set to anything (field notes, section 1). */
const strayNames: Names = [
  'TMUX',
  'TMUX_PANE',
  'STY',
  'WINDOW',
  'CLAUDECODE',
  'CLAUDE_CODE_*',
  'CLAUDE_PROJECT_DIR',
  'CLAUDE_PLUGIN_*',
  'CHANNELS_*',
  'DISABLE_TELEMETRY',
  'CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC',
]

/** Whether setup stores a variable of the caller's. */
export const isStored = (name: string): boolean =>
  (isNamed(storedNames, name) || isNamed(deliberateNames, name)) && !isBotToken(name)

/** Whether a variable must not reach the client, wherever it came from. */
export const staysOut = (name: string): boolean =>
  isBotToken(name) || (isNamed(strayNames, name) && !isNamed(deliberateNames, name))

const isBotToken = (name: string): boolean => name.endsWith('_BOT_TOKEN')

const isNamed = (names: Names, name: string): boolean =>
  names.some((known) => (known.endsWith('*') ? name.startsWith(known.slice(0, -1)) : name === known))
