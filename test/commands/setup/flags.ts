import type { SetupOptions } from '../../../src/commands/setup/options.ts'

/** `channels setup telegram` without a flag. */
export const flags: SetupOptions = {
  session: null,
  cwd: null,
  tokenFile: null,
  tokenStdin: false,
  trust: false,
  exclusive: null,
  stateDir: null,
  port: null,
  development: null,
  multiplexer: null,
  allow: [],
  notify: null,
  permissionMode: null,
  dangerouslySkipPermissions: false,
  removeWebhook: false,
  move: false,
  takeOver: false,
  start: true,
  pair: true,
  yes: false,
  check: false,
  timeoutMs: 60_000,
  clientArguments: [],
}
