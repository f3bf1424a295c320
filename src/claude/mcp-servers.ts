import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { parseChannelId } from '../core/channel.ts'
import type { ClientPaths } from '../core/client.ts'
import type { McpCall } from '../core/mcp-call.ts'
import type { Session } from '../core/session.ts'
import { asFields, type Fields, objectField, textField, wordsIn } from './fields.ts'
import { projectFolder, upwards } from './git-top.ts'
import { readSettings } from './json-file.ts'
import { type Managed, managedFolder, readManaged } from './managed-files.ts'
import { isAlike, type Refusal, readRefusals, type Told } from './refused-servers.ts'

/** An MCP server that is a program of this machine, as a person set it up. */
export type McpServer = McpCall & {
  readonly name: string
  /** The file that names it. */
  readonly file: string
  /** Real path of that file where the client asks before it starts what it names (`.mcp.json`); null: it asks nothing. */
  readonly askedIn: string | null
  /** Where the client is told never to start it, whatever else says; null: nowhere. */
  readonly refusedIn: Refusal | null
}

/** What the client knows by a name. */
export type FoundServer =
  | { readonly is: 'program'; readonly server: McpServer }
  /** The file names by it what is no program of this machine, such as a server at an address: a channel is one that the client starts (its channels reference). */
  | { readonly is: 'no-program'; readonly file: string }
  /** `only`: an administrator's file, beside which no other counts. */
  | { readonly is: 'nothing'; readonly only: string | null }
  /** The client is given servers on its command line (`--mcp-config`), which nobody reads here. */
  | { readonly is: 'unknown' }

/**
 * What we know of the servers a person or an administrator set up. `platform` is Node's name, `folder` the one in place
 * of the usual for managed settings (`readManaged`).
 */
export const createMcpServers = (platform: string, folder?: string) => {
  const known = (paths: ClientPaths, told: Told): readonly Named[] => {
    const only = onlyFile(platform, folder)
    const managed = readManaged(paths, platform, folder)
    const places = only === null ? placesOf(paths, told, managed) : [only]
    const all = places.flatMap(({ servers, ...place }) =>
      Object.keys(servers).map((name) => ({ ...place, name, call: callOf(objectField(servers, name)) })),
    )
    const refused = all.some(({ askedIn }) => askedIn !== null)
      ? readRefusals(paths, told, managed)
      : () => null
    const judged = all.map((each) => ({
      ...each,
      refusedIn: each.askedIn === null ? null : refused(each.name),
    }))
    // One that is refused does not hide another of its name (seen on 2.1.139 and 2.1.330).
    const sorted = [...judged.filter(mayStart), ...judged.filter((each) => !mayStart(each))]
    return [...new Map(sorted.toReversed().map((each) => [each.name, each])).values()].toReversed()
  }

  return {
    /** The server that the client means by `server:<name>`. Never throws. */
    findMcpServer: (paths: ClientPaths, told: Told, name: string): FoundServer => {
      const found = known(paths, told).find((each) => each.name === name)
      const server = found === undefined ? null : programOf(found)
      if (server !== null && server.refusedIn === null) return { is: 'program', server }
      if (told.arguments.some((word) => /^--(strict-)?mcp-config(=|$)/.test(word))) return { is: 'unknown' }
      if (server !== null) return { is: 'program', server }
      return found === undefined
        ? { is: 'nothing', only: onlyFile(platform, folder)?.file ?? null }
        : { is: 'no-program', file: found.file }
    },

    /**
     * The servers the client knows in a folder. Of several with one name the first counts: of what it was told for this
     * folder alone (`claude mcp add`), of `.mcp.json` of the folder or of one it lies in, of what it was told for all
     * folders (the client's documentation, "Scope hierarchy and precedence"). Never throws.
     */
    mcpServers: (paths: ClientPaths, told: Told): readonly McpServer[] =>
      known(paths, told).flatMap((each) => programOf(each) ?? []),

    /**
     * The servers that `enabledMcpjsonServers` may name for a session: those whose `.mcp.json` is the one that was agreed
     * to at setup. A name counts for whichever file has it, and for others that the client calls the same: where one of
     * those stands elsewhere, the client is left to ask. Never throws.
     */
    agreedServers: (session: Session): readonly string[] => {
      // Most sessions agreed to none: their starts read nothing.
      if (session.channels.every(({ agreedIn }) => agreedIn === null)) return []
      const nearest = new Map(
        projectPlaces(session.cwd)
          .flatMap(({ servers, askedIn }) => Object.keys(servers).map((name) => [name, askedIn] as const))
          .toReversed(),
      )
      return session.channels.flatMap(({ id, agreedIn }) => {
        const parsed = parseChannelId(id)
        if (parsed?.type !== 'server' || agreedIn === null) return []
        const alike = [...nearest].filter(([name]) => isAlike(name, parsed.server))
        return nearest.has(parsed.server) && alike.every(([, askedIn]) => askedIn === agreedIn)
          ? [parsed.server]
          : []
      })
    },
  }
}

export type McpServers = ReturnType<typeof createMcpServers>

/** What one entry under `mcpServers` calls; null where that is no program of this machine. */
export const callOf = (found: Fields | null): McpCall | null => {
  const command = found === null ? null : textField(found, 'command')
  if (found === null || command === null) return null
  const env = Object.entries(objectField(found, 'env') ?? {}).filter(([, value]) => typeof value === 'string')
  return { command, args: wordsIn(found.args), env: Object.fromEntries(env) as McpCall['env'] }
}

type Place = { readonly file: string; readonly askedIn: string | null; readonly servers: Fields }
type Named = Omit<Place, 'servers'> & {
  readonly name: string
  readonly call: McpCall | null
  readonly refusedIn: Refusal | null
}

const mayStart = ({ refusedIn }: Pick<Named, 'refusedIn'>): boolean => refusedIn === null

const programOf = ({ call, name, file, askedIn, refusedIn }: Named): McpServer | null =>
  call === null ? null : { ...call, name, file, askedIn, refusedIn }

const placesOf = (paths: ClientPaths, { cwd }: Told, { files, remote }: Managed): readonly Place[] => {
  const json = fieldsOf(paths.json)
  const ofFolder = objectField(objectField(json, 'projects') ?? {}, projectFolder(cwd)) ?? {}
  const unasked = (file: string, fields: Fields, key = 'mcpServers'): Place => ({
    ...{ file, askedIn: null },
    servers: objectField(fields, key) ?? {},
  })
  return [
    unasked(paths.json, ofFolder),
    ...projectPlaces(cwd),
    unasked(paths.json, json),
    // Code of 2.1.330; an older client does not know them.
    ...[...(files ?? []), ...(remote === null ? [] : [remote])].map(({ file, fields }) =>
      unasked(file, fields, 'managedMcpServers'),
    ),
  ]
}

/**
 * An administrator's list of servers, beside which no other counts (seen on 2.1.139 and 2.1.330). Null where there is
 * none, or a broken one: 2.1.139 passes that over, 2.1.330 starts no server at all.
 */
const onlyFile = (platform: string, folder: string | undefined): Place | null => {
  const managed = managedFolder(platform, folder)
  if (managed === null) return null
  const file = join(managed, 'managed-mcp.json')
  const servers = objectField(fieldsOf(file), 'mcpServers')
  return servers === null ? null : { file, askedIn: null, servers }
}

/** The nearest `.mcp.json` that names a server counts (seen on 2.1.139 and 2.1.330). */
const projectPlaces = (cwd: string): readonly (Place & { readonly askedIn: string })[] =>
  upwards(cwd).flatMap((folder) => {
    const file = join(folder, '.mcp.json')
    const servers = objectField(fieldsOf(file), 'mcpServers')
    return servers === null ? [] : [{ file, askedIn: realPath(file), servers }]
  })

const fieldsOf = (file: string): Fields => asFields(readSettings(file)) ?? {}

/** A file that was read a moment ago may be gone. */
const realPath = (file: string): string => {
  try {
    return realpathSync(file)
  } catch {
    return file
  }
}
