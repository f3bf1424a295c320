import { pluginKey } from '../core/channel.ts'
import type { Session } from '../core/session.ts'
import type { Deps } from '../deps.ts'

export type SetupOptions = {
  readonly session: string | null
  readonly cwd: string | null
  readonly tokenFile: string | null
  readonly tokenStdin: boolean
  readonly trust: boolean
  readonly exclusive: boolean
  readonly allow: readonly string[]
  readonly permissionMode: string | null
  readonly dangerouslySkipPermissions: boolean
  readonly yes: boolean
  readonly clientArguments: readonly string[]
}

/** What `setup` found out, before it changes anything. */
export type Plan = {
  readonly session: Session
  readonly token: string
  readonly allow: readonly string[]
  readonly trust: 'trusted' | 'to-record'
  /** Another bot whose token stands where this one goes. */
  readonly replaces: string | null
}

/** What will be written and where, before it is: the summary that `--yes` agrees to. */
export const describePlan = ({ session, allow, trust, replaces }: Plan, deps: Deps): readonly string[] => {
  const [channel] = session.channels
  const key = pluginKey(channel?.id ?? '') ?? ''
  const { skipPermissions, permissionMode } = session
  return [
    `Session ${session.name}: ${channel?.account ?? 'bot'} answers from ${session.cwd}`,
    `  client       ${session.client}`,
    `  plugin       ${key}, ${session.exclusive ? 'enabled for this session only' : 'left as it is for other sessions'}`,
    `  bot's state  ${channel?.stateDir} (token, access list, inbox; readable by you only)`,
    ...(replaces === null
      ? []
      : [`  token        REPLACES that of another bot, ${replaces}, in that folder`]),
    `  may write    ${allow.length === 0 ? 'those who are in its access list, nobody is added' : allow.join(', ')}`,
    `  trust        ${trust === 'trusted' ? 'the folder is trusted already' : `recorded for ${session.cwd} in the client's own file`}`,
    `  permissions  ${skipPermissions ? 'NONE ARE ASKED FOR: whoever may write to the bot runs anything on this machine, and can read its token' : (permissionMode ?? "the client's default")}`,
    `  environment  ${Object.keys(session.environment).join(' ')}`,
    `  kept in      ${deps.folders.configFile}`,
  ]
}
