import { join } from 'node:path'
import { serverInTools } from '../core/channel.ts'
import type { ClientPaths } from '../core/client.ts'
import type { Session } from '../core/session.ts'
import { asFields, wordsIn } from './fields.ts'
import { readSettings } from './json-file.ts'
import type { Managed } from './managed-files.ts'
import type { SettingsFile } from './setting-variables.ts'

/** Where a server of `.mcp.json` is refused, and who can take that back there. */
export type Refusal = { readonly file: string; readonly whose: 'person' | 'administrator' }

/** What of a session the client goes by when it looks for servers. */
export type Told = Pick<Session, 'cwd' | 'arguments'>

/**
 * Whether the client calls two servers the same where settings list them: to it `my.pager` is `my_pager` (2.1.139 and
 * 2.1.330; the refusal seen).
 */
export const isAlike = (one: string, other: string): boolean => serverInTools(one) === serverInTools(other)

/**
 * Which servers of `.mcp.json` settings refuse (`disabledMcpjsonServers`): an administrator's, the folder's two, the
 * user's. Any of them wins over what `--settings` enables (each seen on 2.1.139 and 2.1.330). Only what is sure: with
 * `--setting-sources` an administrator's alone, and not those of the admin console. Never throws.
 */
export const readRefusals = (
  { config }: ClientPaths,
  { cwd, arguments: words }: Told,
  managed: Managed,
): ((name: string) => Refusal | null) => {
  const chosen = words.some((word) => /^--setting-sources(=|$)/.test(word))
  const own = chosen
    ? []
    : [
        join(cwd, '.claude', 'settings.local.json'),
        join(cwd, '.claude', 'settings.json'),
        join(config, 'settings.json'),
      ]
  const refusals = [
    ...(managed.files ?? []).map((each) => ({ ...each, whose: 'administrator' }) as const),
    ...own.map((file) => ({ ...read(file), whose: 'person' }) as const),
  ].map(({ file, fields, whose }) => ({ file, whose, names: wordsIn(fields.disabledMcpjsonServers) }))
  return (name) => {
    const found = refusals.find(({ names }) => names.some((each) => isAlike(each, name)))
    return found === undefined ? null : { file: found.file, whose: found.whose }
  }
}

const read = (file: string): SettingsFile => ({ file, fields: asFields(readSettings(file)) ?? {} })
