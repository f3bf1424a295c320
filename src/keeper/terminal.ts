import type { World } from '../deps.ts'
import type { TerminalPlace } from '../multiplexer/port.ts'

type Terminal = Pick<World, 'env' | 'home'> & { readonly folders: Pick<World['folders'], 'state'> }

/** Where the terminal of a session is. */
export const terminalPlace = ({ folders }: Pick<World, 'folders'>, session: string): TerminalPlace => {
  const own = folders.session(session)
  return {
    session,
    socket: own.socket,
    screens: folders.screens,
    attachedFile: own.attached,
    userConfig: folders.userConfig,
  }
}

/** The variables a terminal of ours is started with: what `channels` itself needs to find its folders, and a locale. */
export const terminalEnvironment = ({ env, home, folders }: Terminal): Readonly<Record<string, string>> => {
  const kept = keptNames.flatMap((name) => {
    const value = env[name]
    return value === undefined || value === '' ? [] : [[name, value] as const]
  })
  return { PATH: '/usr/local/bin:/usr/bin:/bin', ...Object.fromEntries(kept), HOME: home, PWD: folders.state }
}

/** The same for a keeper that a service manager starts, which itself says where XDG_RUNTIME_DIR is. */
export const keeperEnvironment = (terminal: Terminal): Readonly<Record<string, string>> => {
  const { PWD: _folder, XDG_RUNTIME_DIR: _runtime, ...rest } = terminalEnvironment(terminal)
  return rest
}

const keptNames = [
  'PATH',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'LC_ALL',
  'LC_CTYPE',
  'LC_MESSAGES',
  'TZ',
  'CHANNELS_HOME',
  'CHANNELS_MANAGED_SETTINGS',
  'XDG_CONFIG_HOME',
  'XDG_STATE_HOME',
  'XDG_RUNTIME_DIR',
  'TELEGRAM_API_ROOT',
  'DISCORD_API_ROOT',
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'ALL_PROXY',
  'all_proxy',
  'NO_PROXY',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
] as const
