import { dirname, join } from 'node:path'
import type { ClientPaths } from '../core/client.ts'
import type { McpCall } from '../core/mcp-call.ts'
import { asFields, type Fields, objectField, textField } from './fields.ts'
import { readSettings } from './json-file.ts'

/** An MCP server that is a program of this machine, as a person set it up. */
export type McpServer = McpCall & {
  readonly name: string
  /** The file that names it. */
  readonly file: string
  /** The file in which the person refused it; the client then never starts it, whatever else says. Null: none. */
  readonly refusedIn: string | null
}

/**
 * The server that the client means by `server:<name>`: null where nothing names it, or names by it what is no program of
 * this machine. Never throws.
 */
export const mcpServer = (paths: ClientPaths, cwd: string, name: string): McpServer | null =>
  mcpServers(paths, cwd).find((server) => server.name === name) ?? null

/**
 * The file that names by `name` what is no program of this machine, such as a server at an address: a channel is one that
 * the client starts (its channels reference). Null where nothing does, or a program comes first. Never throws.
 */
export const mcpServerElsewhere = (paths: ClientPaths, cwd: string, name: string): string | null => {
  const first = places(paths, cwd).find(({ servers }) => Object.hasOwn(servers, name))
  return first === undefined || callOf(objectField(first.servers, name)) !== null ? null : first.file
}

/**
 * The servers the client knows in a folder. Of several with one name the first counts: of what it was told for this folder
 * alone (`claude mcp add`), of `.mcp.json` of the folder or of one it lies in, of what it was told for all folders (the client's documentation,
 * "Scope hierarchy and precedence"). Never throws.
 */
export const mcpServers = (paths: ClientPaths, cwd: string): readonly McpServer[] => {
  const named = new Set<string>()
  return places(paths, cwd).flatMap(({ file, servers, isAsked }) =>
    Object.keys(servers).flatMap((name) => {
      if (named.has(name)) return []
      named.add(name)
      const call = callOf(objectField(servers, name))
      return call === null ? [] : [{ ...call, name, file, refusedIn: isAsked ? refusedIn(cwd, name) : null }]
    }),
  )
}

/** What one entry under `mcpServers` calls; null where that is no program of this machine. */
export const callOf = (found: Fields | null): McpCall | null => {
  const command = found === null ? null : textField(found, 'command')
  if (found === null || command === null) return null
  const env = Object.entries(objectField(found, 'env') ?? {}).filter(([, value]) => typeof value === 'string')
  return { command, args: wordsIn(found.args), env: Object.fromEntries(env) as McpCall['env'] }
}

/** `isAsked`: the client asks the person about these servers before it starts one. */
type Place = { readonly file: string; readonly isAsked: boolean; readonly servers: Fields }

const places = (paths: ClientPaths, cwd: string): readonly Place[] => {
  const json = fieldsOf(paths.json)
  const ofFolder = objectField(objectField(json, 'projects') ?? {}, cwd) ?? {}
  const ofProject = above(cwd).map((folder): Place => {
    const file = join(folder, '.mcp.json')
    return { file, isAsked: true, servers: objectField(fieldsOf(file), 'mcpServers') ?? {} }
  })
  return [
    { file: paths.json, isAsked: false, servers: objectField(ofFolder, 'mcpServers') ?? {} },
    ...ofProject,
    { file: paths.json, isAsked: false, servers: objectField(json, 'mcpServers') ?? {} },
  ]
}

/** A folder and those it lies in: the nearest `.mcp.json` that names a server counts (seen on 2.1.139 and 2.1.330). */
const above = (folder: string): readonly string[] => {
  const next = dirname(folder)
  return next === folder ? [folder] : [folder, ...above(next)]
}

/** Seen on 2.1.139 and 2.1.330: `disabledMcpjsonServers` wins over what `--settings` enables. */
const refusedIn = (cwd: string, name: string): string | null => {
  const file = join(cwd, '.claude', 'settings.local.json')
  return wordsIn(fieldsOf(file).disabledMcpjsonServers).includes(name) ? file : null
}

const fieldsOf = (file: string): Fields => asFields(readSettings(file)) ?? {}

const wordsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((word) => typeof word === 'string') : []
