import { isAbsolute, join, resolve } from 'node:path'
import { type Channel, parseChannelId } from '../core/channel.ts'
import type { ClientPaths } from '../core/client.ts'
import { kinds } from '../core/kinds.ts'
import { usageError } from '../errors.ts'

type Asked = {
  readonly channel: Pick<Channel, 'id' | 'kind'>
  readonly session: string
  readonly exclusive: boolean
}

/**
 * The state folder of a channel: one of the bot's own when it is exclusive and its plugin lets itself be told, so that a
 * foreign session's plugin finds no token; else the plugin's default (field notes, sections 3 and 4). Throws
 * ExpectedError (usage) for a relative variable, which would be another folder for whoever stands elsewhere.
 */
export const stateDirFor = (
  env: Readonly<Record<string, string | undefined>>,
  paths: ClientPaths,
  { channel, session, exclusive }: Asked,
): string => {
  const variable = kinds[channel.kind].stateVariable
  if (exclusive && variable !== null) return join(paths.config, 'channels', `${channel.kind}-${session}`)
  const chosen = variable === null ? undefined : env[variable]
  if (chosen === undefined || chosen === '') return usualDir(paths, channel)
  if (!isAbsolute(chosen)) throw relativeStateDir(variable ?? '', chosen)
  return resolve(chosen)
}

/** Of them telegram alone goes by the client's config folder; an own channel's place is a guess, by their custom. */
const usualDir = (paths: ClientPaths, { id, kind }: Asked['channel']): string => {
  if (kind === 'telegram') return join(paths.config, 'channels', kind)
  const parsed = parseChannelId(id)
  const name = parsed?.type === 'server' ? parsed.server : (parsed?.plugin ?? kind)
  return join(paths.home, '.claude', 'channels', name)
}

const relativeStateDir = (variable: string, chosen: string) =>
  usageError(
    `${variable} is ${JSON.stringify(chosen)}, which is no absolute path.`,
    'Give the whole path, beginning with `/`, or unset it and run the same command again.',
  )
